"""Stored documents of identity: the clients that act for services by voucher, and evidence."""
