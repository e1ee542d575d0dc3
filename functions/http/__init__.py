"""The HTTP API, by its users; the order is that of the API's description."""

from functions.http import citizen, operations, pa, pages, pagopa
from functions.http.contract.endpoint import AnyEndpoint
from functions.http.operations import openapi

_DESCRIBED: tuple[AnyEndpoint, ...] = (
    *pa.ENDPOINTS,
    *citizen.ENDPOINTS,
    *pages.ENDPOINTS,
    *pagopa.ENDPOINTS,
    *operations.ENDPOINTS,
)
ENDPOINTS: tuple[AnyEndpoint, ...] = (*_DESCRIBED, openapi.endpoint_of(_DESCRIBED))
