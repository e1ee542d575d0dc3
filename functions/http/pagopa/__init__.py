"""The API of pagoPA's side."""

from functions.http.contract.endpoint import AnyEndpoint
from functions.http.pagopa import payments

ENDPOINTS: tuple[AnyEndpoint, ...] = (*payments.ENDPOINTS,)
