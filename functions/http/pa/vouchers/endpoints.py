"""Vouchers of PDND: the clients that act for services, and the evidence of who acted."""

from functions.http.contract.endpoint import AnyEndpoint
from functions.http.pa.vouchers import clients, evidence

ENDPOINTS: tuple[AnyEndpoint, ...] = (*clients.ENDPOINTS, *evidence.ENDPOINTS)
