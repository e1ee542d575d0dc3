"""The manage API: an organisation's own services, from the draft to the publication."""

from functions.http.contract.endpoint import AnyEndpoint
from functions.http.pa.services import (
    history,
    keys,
    logo,
    policies,
    release,
    reminder_policy,
    review,
    services,
    topics,
)

ENDPOINTS: tuple[AnyEndpoint, ...] = (
    *topics.ENDPOINTS,
    *services.ENDPOINTS,
    *logo.ENDPOINTS,
    *history.ENDPOINTS,
    *keys.ENDPOINTS,
    *review.ENDPOINTS,
    *release.ENDPOINTS,
    *reminder_policy.ENDPOINTS,
    *policies.ENDPOINTS,
)
