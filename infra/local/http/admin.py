"""Some endpoints of Azure's /admin: list the functions, fire one by hand, show the status."""

import asyncio
import json
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from aiohttp import web
from azure_functions_runtime.bindings.datumdef import Datum

from infra.local.host.stack import Stack
from infra.local.http.host import HttpHost
from infra.local.http.problems import problem
from infra.local.invocations.log import HostLog
from infra.local.invocations.triggers import is_disabled, resolve
from infra.local.invocations.worker_library import Function, WorkerLibrary, new_invocation_id
from infra.local.queues.triggers import queue_names
from infra.local.timers.ncrontab import parse_expression
from infra.local.timers.triggers import fire_timer, timer_info
from lib.ports.errors import PortError
from lib.use_cases.operations.read_backlog import ReadBacklog


class Admin:
    """The /admin endpoints; functions that they fire run until `drain`."""

    def __init__(self, library: WorkerLibrary, stack: Stack, log: HostLog, workers: int) -> None:
        self._library, self._clock, self._log, self._workers = library, stack.clock, log, workers
        self._read_backlog = ReadBacklog(stack.queue, stack.clock, queue_names(library))
        self._by_name = {f.name.lower(): f for f in library.functions}
        self._tasks: set[asyncio.Task[None]] = set()

    def mount(self, http: HttpHost) -> None:
        """Add the endpoints."""
        http.add("GET", "admin/functions", self._list)
        http.add("POST", "admin/functions/{name}", self._fire)
        http.add("GET", "admin/host/status", self._status)

    async def drain(self, seconds: float) -> None:
        """Wait for fired functions, for at most `seconds`."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=seconds)

    async def _list(self, _: web.BaseRequest, __: dict[str, str]) -> web.Response:
        return web.json_response(
            [
                {
                    "name": f.name,
                    "isDisabled": is_disabled(f.name),
                    "config": {"bindings": f.bindings},
                }
                for f in self._library.functions
            ]
        )

    async def _status(self, _: web.BaseRequest, __: dict[str, str]) -> web.Response:
        try:
            backlogs = await self._read_backlog()
        except PortError:
            return problem(503, "The queues cannot be read.")
        return web.json_response(
            {
                "state": "Running",
                "id": "local",
                "workers": self._workers,
                "functions": len(self._library.functions),
                "queues": [asdict(one) for one in backlogs],
            }
        )

    async def _fire(self, request: web.BaseRequest, values: dict[str, str]) -> web.Response:
        function = self._by_name.get(values["name"].lower())
        if function is None:
            return problem(404, "no such function; GET /admin/functions lists them")
        text, wrong = _input(await request.read())
        if wrong:
            return problem(400, wrong)
        match function.trigger.get("type"):
            case "timerTrigger":
                work = self._fire_timer(function)
            case "queueTrigger":
                work = self._fire_queue(function, text)
            case _:
                return problem(400, "only timer and queue functions can be fired by hand")
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return web.Response(status=202)

    async def _fire_timer(self, function: Function) -> None:
        info = timer_info(
            parse_expression(resolve(function, "schedule")), self._clock.now(), past_due=False
        )
        await fire_timer(self._library, self._log, function, info)

    async def _fire_queue(self, function: Function, text: str) -> None:
        invocation_id = new_invocation_id()
        now = self._clock.now().replace(microsecond=0)
        metadata = {
            "Id": Datum(invocation_id, "string"),
            "DequeueCount": Datum(1, "int"),
            "InsertionTime": Datum(now.isoformat(), "string"),
            "ExpirationTime": Datum((now + timedelta(days=7)).isoformat(), "string"),
            "NextVisibleTime": Datum(now.isoformat(), "string"),
            "PopReceipt": Datum("admin", "string"),
        }
        inputs = [(function.trigger["name"], Datum(text, "string"))]
        outcome = await self._library.invoke(function, invocation_id, inputs, metadata)
        if outcome.failure is not None:
            self._log.failure(function.name, outcome.failure, invocation_id)
        status = "ok" if outcome.failure is None else "failed"
        self._log.invocation(function.name, status, 0, invocation_id)


def _input(body: bytes) -> tuple[str, str]:
    """Return the input of the fired function, and the fault of the body ("" if it has none)."""
    if not body.strip():
        return "", ""
    try:
        content: Any = json.loads(body)
    except ValueError:
        return "", "the body must be JSON"
    text = content.get("input", "") if isinstance(content, dict) else None
    if not isinstance(text, str):
        return "", 'the body must be {"input": "..."} with a string'
    return text, ""
