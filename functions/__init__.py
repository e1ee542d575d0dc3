"""The triggers of the app: each one parses its input, calls a use case and answers.

BLUEPRINTS lists every function that is deployed.
"""

from typing import Any

from functions.http import ENDPOINTS
from functions.http.contract.elsewhere import Elsewhere
from functions.http.contract.endpoint import UNREAD_BODY_LIMIT, AnyEndpoint
from functions.queues import CONSUMERS
from functions.queues.contract import Consumer
from functions.timers import TIMERS
from functions.timers.contract import Timer

__all__ = (
    "BLUEPRINTS",
    "BODY_LIMITS",
    "CONSUMERS",
    "ELSEWHERE",
    "ENDPOINTS",
    "PRIORITY_FUNCTIONS",
    "TIMERS",
)

ELSEWHERE: Elsewhere = Elsewhere(ENDPOINTS)

BLUEPRINTS: tuple[AnyEndpoint | Elsewhere | Consumer[Any] | Timer, ...] = (
    *ENDPOINTS,
    ELSEWHERE,
    *CONSUMERS,
    *TIMERS,
)
BODY_LIMITS: dict[str, int] = {
    **{endpoint.name: endpoint.body_limit for endpoint in ENDPOINTS},
    ELSEWHERE.name: UNREAD_BODY_LIMIT,
}
"""The largest body of a request in bytes, by the function's name. A host reads no more bytes."""
PRIORITY_FUNCTIONS: frozenset[str] = frozenset(
    consumer.name for consumer in CONSUMERS if consumer.has_priority
)
"""Names of the queue functions that a host runs beside the requests."""
