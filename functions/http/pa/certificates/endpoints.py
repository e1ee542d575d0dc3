"""The endpoints of certificates for services."""

from functions.http.contract.endpoint import AnyEndpoint
from functions.http.pa.certificates import changes, offers, requests

ENDPOINTS: tuple[AnyEndpoint, ...] = (*offers.ENDPOINTS, *requests.ENDPOINTS, *changes.ENDPOINTS)
