"""All functions that are deployed, and the list of them (index.json)."""

import json
import sys
from typing import Any

from functions.consumers import CONSUMERS
from functions.http.contract.endpoint import AnyEndpoint
from functions.http.elsewhere import Elsewhere
from functions.http.endpoints import ENDPOINTS
from functions.queues.contract import Consumer
from functions.timers import operations, scheduling, services
from functions.timers.contract import Timer

__all__ = ("BLUEPRINTS", "CONSUMERS", "ELSEWHERE", "ENDPOINTS", "TIMERS", "printed")

type Blueprint = AnyEndpoint | Elsewhere | Consumer[Any] | Timer

ELSEWHERE: Elsewhere = Elsewhere(ENDPOINTS)

TIMERS: tuple[Timer, ...] = (
    *scheduling.TIMERS,
    *operations.TIMERS,
    *services.TIMERS,
)

BLUEPRINTS: tuple[Blueprint, ...] = (*ENDPOINTS, ELSEWHERE, *CONSUMERS, *TIMERS)


def printed() -> str:
    """Return the text of index.json."""
    lines = [json.dumps({"at": _place_of(one), **one.entry}) for one in BLUEPRINTS]
    return "[\n" + ",\n".join(lines) + "\n]\n"


def _place_of(blueprint: Blueprint) -> str:
    """Return the module and its tuple that has the blueprint: the shortest tuple, of one module."""
    found = [
        (len(value), f"{name}:{variable}")
        for name, module in sys.modules.items()
        if name.startswith("functions.")
        for variable, value in vars(module).items()
        if isinstance(value, tuple) and any(one is blueprint for one in value)
    ]
    return min(found)[1]
