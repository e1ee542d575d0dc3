"""Refusals of the subscriptions feed and of activations: sections 1.5 and 1.6."""

from typing import Final

from tests.functions.contract.refusals.rows import NOT_ALLOWED, Refusal

_FEED: Final = "/api/v1/subscriptions-feed"
_ACTIVATIONS: Final = "/api/v1/activations"
ROWS: Final = (
    Refusal("1.5", "no allowed group", 403, NOT_ALLOWED, awaits=_FEED),
    Refusal("1.5", "a wrong date", 400, awaits=_FEED),
    Refusal("1.5", "a day that is not over", 404, "Data not available yet", awaits=_FEED),
    Refusal("1.5", "a service whose description is incomplete", 403, NOT_ALLOWED, awaits=_FEED),
    Refusal("1.6", "no allowed group", 403, NOT_ALLOWED, awaits=_ACTIVATIONS),
    Refusal("1.6", "a service that is not SPECIAL", 403, awaits=_ACTIVATIONS),
    Refusal("1.6", "a wrong body", 400, awaits=_ACTIVATIONS),
    Refusal(
        "1.6",
        "no activation",
        404,
        "Not Found",
        "Activation not found for the user",
        awaits=_ACTIVATIONS,
    ),
)
