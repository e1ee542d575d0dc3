"""Vouchers of PDND: the clients that act for services, and the evidence of who acted."""
