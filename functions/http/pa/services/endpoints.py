"""The manage API: an organisation's own services, from the draft to the publication."""

from functions.http.contract.endpoint import AnyEndpoint
from functions.http.pa.services import (
    history,
    keys,
    logo,
    release,
    review,
    services,
    topics,
)
from functions.http.pa.services.settings import duplicate_policy, reminder_policy, second_language

ENDPOINTS: tuple[AnyEndpoint, ...] = (
    *topics.ENDPOINTS,
    *services.ENDPOINTS,
    *logo.ENDPOINTS,
    *history.ENDPOINTS,
    *keys.ENDPOINTS,
    *review.ENDPOINTS,
    *release.ENDPOINTS,
    *reminder_policy.ENDPOINTS,
    *duplicate_policy.ENDPOINTS,
    *second_language.ENDPOINTS,
)
