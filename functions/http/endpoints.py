"""The endpoints of the HTTP API, by caller, in the order of the OpenAPI document."""

from functions.http.citizen import endpoints as citizen
from functions.http.console import keys
from functions.http.contract.endpoint import AnyEndpoint
from functions.http.operations import endpoints as operations
from functions.http.pa import endpoints as pa
from functions.http.pages import mail_links, translations
from functions.http.pagopa import payments
from functions.http.public import app_info, openapi, relying_party, status
from functions.http.sign_in import endpoints as sign_in

_DESCRIBED: tuple[AnyEndpoint, ...] = (
    *pa.ENDPOINTS,
    *citizen.ENDPOINTS,
    *sign_in.ENDPOINTS,
    *mail_links.ENDPOINTS,
    *translations.ENDPOINTS,
    *keys.ENDPOINTS,
    *payments.ENDPOINTS,
    *operations.ENDPOINTS,
    *status.ENDPOINTS,
    *app_info.ENDPOINTS,
    *relying_party.ENDPOINTS,
)
ENDPOINTS: tuple[AnyEndpoint, ...] = (*_DESCRIBED, openapi.endpoint_of(_DESCRIBED))
