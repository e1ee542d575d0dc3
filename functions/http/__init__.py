"""The endpoints of the HTTP API, by caller, in the order of the OpenAPI document."""

from functions.http import citizen, operations, pa, pages, pagopa
from functions.http.contract.endpoint import AnyEndpoint
from functions.http.public import openapi, status

_DESCRIBED: tuple[AnyEndpoint, ...] = (
    *pa.ENDPOINTS,
    *citizen.ENDPOINTS,
    *pages.ENDPOINTS,
    *pagopa.ENDPOINTS,
    *operations.ENDPOINTS,
    *status.ENDPOINTS,
)
ENDPOINTS: tuple[AnyEndpoint, ...] = (*_DESCRIBED, openapi.endpoint_of(_DESCRIBED))
