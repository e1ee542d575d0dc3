"""The triggers of the app, from a list of them: a call imports the module of its function alone.

In Azure an instance runs the HTTP functions or one queue function, and indexes all functions first.
index.json has what the platform asks for; `make generate` writes it from the declarations.
"""

import importlib
import json
from functools import cache
from pathlib import Path
from typing import Any, Final

import azure.functions as func

from lib.composition.app import App
from lib.ports.queue import POISON_SUFFIX
from lib.ports.queueing.names import MAX_DEQUEUE_COUNT

FILE: Final = Path(__file__).with_name("index.json")

INDEX: Final[list[dict[str, Any]]] = json.loads(FILE.read_bytes())
"""One entry for each declaration. `at`: the module and its tuple that has the declaration."""

BODY_LIMITS: Final[dict[str, int]] = {
    one["name"]: one["body_limit"] for one in INDEX if "body_limit" in one
}
"""The largest body of a request in bytes, by the function's name. A host reads no more bytes."""

PRIORITY_FUNCTIONS: Final = frozenset(one["name"] for one in INDEX if one.get("has_priority"))
"""Names of the queue functions that a host runs beside the requests."""

AT_ONCE: Final[dict[str, int]] = {one["name"]: one["at_once"] for one in INDEX if "at_once" in one}
"""The items of a queue function that a process of a host runs at a time, by its name."""


def register(functions: func.FunctionApp, app: App) -> None:
    """Add the trigger of each function to the Functions app."""
    for entry in INDEX:
        if "route" in entry:
            _add_route(functions, app, **entry)
        elif "queue" in entry:
            _add_queues(functions, app, **entry)
        else:
            _add_timer(functions, app, **entry)


@cache
def declaration(at: str, name: str) -> Any:
    """Return the endpoint, consumer or timer of this name; the first call imports its module."""
    module, _, variable = at.partition(":")
    declared = getattr(importlib.import_module(module), variable)
    return next(one for one in declared if one.name == name)


def _add_route(
    functions: func.FunctionApp, app: App, *, name: str, at: str, route: str, **more: Any
) -> None:
    async def handle(req: func.HttpRequest) -> func.HttpResponse:
        answer: func.HttpResponse = await declaration(at, name).respond(req, app)
        return answer

    handle.__name__ = name
    methods = more.get("methods")
    functions.function_name(name)(
        functions.route(route=route, methods=methods, auth_level=func.AuthLevel.ANONYMOUS)(handle)
    )


def _add_queues(
    functions: func.FunctionApp, app: App, *, name: str, at: str, queue: str, **_: Any
) -> None:
    """Add the triggers of a queue and of its poison queue."""

    async def consume(msg: func.QueueMessage) -> None:
        count = msg.dequeue_count or 0
        await declaration(at, name).consume(
            app, msg.get_body().decode(), last=count >= MAX_DEQUEUE_COUNT, again=count > 1
        )

    async def dead_letter(msg: func.QueueMessage) -> None:
        last = (msg.dequeue_count or 0) >= MAX_DEQUEUE_COUNT
        await declaration(at, name).dead_letter(app, msg.get_body().decode(), last=last)

    for function, source, handler in (
        (name, queue, consume),
        (f"{name}_poison", f"{queue}{POISON_SUFFIX}", dead_letter),
    ):
        handler.__name__ = function
        functions.function_name(function)(
            functions.queue_trigger(
                arg_name="msg", queue_name=source, connection="AzureWebJobsStorage"
            )(handler)
        )


def _add_timer(functions: func.FunctionApp, app: App, *, name: str, at: str, ncrontab: str) -> None:
    async def tick(timer: func.TimerRequest) -> None:  # noqa: ARG001 - the binding's name
        await declaration(at, name).tick(app)

    tick.__name__ = name
    functions.function_name(name)(
        functions.timer_trigger(arg_name="timer", schedule=ncrontab, use_monitor=True)(tick)
    )
