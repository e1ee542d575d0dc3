"""Serve the HTTP functions and the host's own endpoints."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from typing import Final, override

from aiohttp import web
from aiohttp.abc import AbstractStreamWriter
from aiohttp.http_parser import RawRequestMessage
from aiohttp.streams import StreamReader
from aiohttp.web_protocol import RequestHandler
from azure_functions_runtime.bindings.datumdef import Datum
from multidict import CIMultiDict

from infra.local.errors import HostError
from infra.local.http.body import Bodies, BodyError
from infra.local.http.callers import foreign_header
from infra.local.http.datum import answer, request_datum
from infra.local.http.problems import problem
from infra.local.http.routes import Router
from infra.local.http.server import SERVER, Server
from infra.local.invocations import log_details
from infra.local.invocations.failures import Failure
from infra.local.invocations.log import HostLog
from infra.local.invocations.worker_library import Function, WorkerLibrary, new_invocation_id

MAX_BODY_BYTES: Final = 10 * 1024 * 1024
"""Azure's limit (infra/azure/modules/settings.bicep), for functions that declare no limit."""
OWN_BODY_BYTES: Final = 64 * 1024
"""The limit for the host's own endpoints."""
_REMEDY: Final = "call http://127.0.0.1, or start the host with --open-sandbox NAME"
_EMPTY: Final = Datum(b"", "bytes")

type Answer = Callable[[web.BaseRequest, dict[str, str]], Awaitable[web.Response]]


@dataclass(frozen=True, slots=True)
class RouteHandler:
    """The handler of a route. `name`: its name in the log."""

    name: str
    answer: Answer


class _Request(web.BaseRequest):
    """A request whose `read` limits size and time, for the host's own endpoints."""

    bodies: Bodies

    @override
    async def read(self) -> bytes:
        return await self.bodies.read(self, OWN_BODY_BYTES)


class HttpHost:
    """The handler of every request.

    The host's own endpoints come first, since the app may have a function that takes every path.
    """

    def __init__(
        self,
        library: WorkerLibrary,
        log: HostLog,
        route_prefix: str,
        custom_headers: Mapping[str, str],
        names: tuple[str, ...] = (),
    ) -> None:
        self._names = names
        self._library = library
        self._log = log
        self._custom = CIMultiDict(custom_headers)
        self._own: Router[RouteHandler] = Router()
        self._own_roots: set[str] = set()
        self._functions: Router[RouteHandler] = Router()
        self._bodies = Bodies()
        self._stopping = False
        self._now: Callable[[], datetime] | None = None
        for function in library.functions:
            if function.trigger.get("type") == "httpTrigger":
                self._mount(function, route_prefix)

    def add(self, method: str, template: str, answer: Answer) -> None:
        """Add one of the host's own endpoints, open to every program that reaches the port.

        Pages of other sites are refused, see infra.local.http.callers.
        """

        async def guarded(request: web.BaseRequest, values: dict[str, str]) -> web.Response:
            header = foreign_header(request.headers, self._names)
            if header is not None:
                return problem(403, f"the header {header} names another machine: {_REMEDY}")
            return await answer(request, values)

        handler = RouteHandler(f"{method} /{template}", guarded)
        self._own_roots.add(template.partition("/")[0])
        self._own.add(template, [method, *(["HEAD"] if method == "GET" else [])], handler)

    def show_time_of(self, now: Callable[[], datetime]) -> None:
        """Let the header `Date` of each answer be the time of a clock that can be moved."""
        self._now = now

    def server(self) -> Server:
        """Return the server of accepted connections, on the running loop."""
        return Server(self.handle, refused=self._note_refusal, request_factory=self._make_request)

    def hasten(self) -> None:
        """Close each connection after its next answer, and give bodies one second."""
        self._stopping = True
        self._bodies.hasten()

    async def handle(self, request: web.BaseRequest) -> web.Response:
        """Answer a request. An unknown path or method is answered with a problem."""
        response = await self._handle(request)
        response.headers.setdefault("Server", SERVER)
        if self._now is not None:
            response.headers["Date"] = format_datetime(self._now(), usegmt=True)
        if self._stopping:
            response.force_close()
        return response

    async def _handle(self, request: web.BaseRequest) -> web.Response:
        started = time.perf_counter()
        path = request.raw_path.partition("?")[0]
        if not path.startswith("/"):
            path = request.rel_url.raw_path
        method = request.method
        # "OPTIONS *" and "CONNECT host:80" name no path, so that no root matches.
        own = path.removeprefix("/").partition("/")[0].lower() in self._own_roots
        router = self._own if own else self._functions
        match = router.find(method, path)
        if match is None:
            return self._no_match(method, router.methods(path), started)
        handler = match.endpoint
        try:
            return await handler.answer(request, match.values)
        except BodyError as refusal:
            response = self._refuse(
                refusal.status, handler.name, started, refusal.detail, refusal.headers
            )
            response.force_close()
            return response
        except (ConnectionError, asyncio.CancelledError):
            raise
        except Exception as error:  # noqa: BLE001 - one request must not end the worker
            self._log.failure(handler.name, Failure.of(error), "")
            return self._refuse(500, handler.name, started, "The host failed.")

    def _no_match(self, method: str, allowed: frozenset[str], started: float) -> web.Response:
        if not allowed:
            return self._refuse(404, "(no route)", started, "Resource not found")
        named = ", ".join(sorted(allowed))
        return self._refuse(
            405,
            "(no method)",
            started,
            f"The path does not answer {method[:20]}; it answers {named}.",
            {"Allow": named},
        )

    def _refuse(
        self,
        status: int,
        name: str,
        started: float,
        detail: str,
        headers: Mapping[str, str] | None = None,
    ) -> web.Response:
        self._log.invocation(name, status, time.perf_counter() - started, "")
        return problem(status, detail, headers={**self._custom, **(headers or {})})

    def _make_request(
        self,
        message: RawRequestMessage,
        payload: StreamReader,
        protocol: RequestHandler,
        writer: AbstractStreamWriter,
        task: "asyncio.Task[None]",
    ) -> web.BaseRequest:
        request = _Request(message, payload, protocol, writer, task, task.get_loop())
        request.bodies = self._bodies
        return request

    def _note_refusal(self, status: int) -> None:
        self._log.invocation("(no request)", status, 0, "")

    def _mount(self, function: Function, prefix: str) -> None:
        trigger = function.trigger
        route = trigger.get("route")
        template = "/".join(p for p in (prefix, function.name if route is None else route) if p)
        handler = RouteHandler(
            function.name,
            _FunctionAnswer(
                self._library, self._log, function, template, self._custom, self._bodies
            ),
        )
        methods = trigger.get("methods")
        try:
            self._functions.add(template, methods and [str(m) for m in methods], handler)
        except ValueError as error:
            raise HostError(f"function {function.name}: route {template!r}: {error}") from None
        level = str(trigger.get("authLevel", "function"))
        if level.lower() != "anonymous":
            raise HostError(
                f"function {function.name}: route {template!r}: this host does not support "
                f"authLevel {level!r}; it supports 'anonymous'"
            )


class _FunctionAnswer:
    """The answer of one HTTP function."""

    def __init__(
        self,
        library: WorkerLibrary,
        log: HostLog,
        function: Function,
        template: str,
        custom: CIMultiDict[str],
        bodies: Bodies,
    ) -> None:
        self._library, self._log, self._function = library, log, function
        self._template = template
        self._custom, self._bodies = custom, bodies
        self._limit = library.body_limit(function, MAX_BODY_BYTES)
        self._trigger_name: str = function.trigger["name"]
        self._output_name = next(
            (b["name"] for b in function.bindings if b["type"] == "http"), "$return"
        )

    async def __call__(self, request: web.BaseRequest, values: dict[str, str]) -> web.Response:
        started = time.perf_counter()
        invocation_id = new_invocation_id()
        body = _EMPTY
        if request.can_read_body:
            body = Datum(await self._bodies.read(request, self._limit), "bytes")
        outcome = await self._library.invoke(
            self._function,
            invocation_id,
            [(self._trigger_name, request_datum(request, values, body))],
            {},
        )
        if outcome.failure is not None:
            self._log.failure(self._function.name, outcome.failure, invocation_id)
            response = problem(500, "The function failed.", headers=self._custom)
        else:
            named = dict(outcome.outputs)
            response = answer(
                named.get(self._output_name, outcome.value),
                self._custom,
                is_head=request.method == "HEAD",
            )
        seconds = time.perf_counter() - started
        response.headers[log_details.REQUEST_ID] = invocation_id
        about = log_details.of_answer(request.method, self._template, values, response)
        self._log.invocation(self._function.name, response.status, seconds, invocation_id, about)
        return response
