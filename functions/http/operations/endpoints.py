"""The API of operators."""

from functions.http.contract.endpoint import AnyEndpoint
from functions.http.operations import (
    dead_letters,
    doubtful_claims,
    featured,
    log,
    organizations,
    queues,
    service_reviews,
    service_rights,
)

ENDPOINTS: tuple[AnyEndpoint, ...] = (
    *dead_letters.ENDPOINTS,
    *queues.ENDPOINTS,
    *doubtful_claims.ENDPOINTS,
    *service_reviews.ENDPOINTS,
    *service_rights.ENDPOINTS,
    *featured.ENDPOINTS,
    *organizations.ENDPOINTS,
    *log.ENDPOINTS,
)
