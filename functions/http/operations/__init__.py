"""The API of operators."""

from functions.http.contract.endpoint import AnyEndpoint
from functions.http.operations import dead_letters, doubtful_claims, service_reviews, status

ENDPOINTS: tuple[AnyEndpoint, ...] = (
    *dead_letters.ENDPOINTS,
    *status.ENDPOINTS,
    *doubtful_claims.ENDPOINTS,
    *service_reviews.ENDPOINTS,
)
