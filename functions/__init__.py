"""Triggers: parse, call a use case, answer. BLUEPRINTS is all that is deployed."""

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
"""Bytes that a request's body may have, by function: a host reads no more."""
PRIORITY_FUNCTIONS: frozenset[str] = frozenset(one.name for one in CONSUMERS if one.has_priority)
"""Names of the queue functions that a host runs beside the requests."""
