"""HTTP in front of the functions: routes, keys, and the translation to and from Datum."""

import asyncio
import hmac
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Final

from aiohttp import web
from aiohttp.abc import AbstractStreamWriter
from aiohttp.http_parser import RawRequestMessage
from aiohttp.streams import StreamReader
from aiohttp.web_protocol import RequestHandler
from azure_functions_runtime.bindings.datumdef import Datum
from multidict import CIMultiDict

from infra.local import told
from infra.local.errors import HostError
from infra.local.failures import Failure
from infra.local.http_datum import answer, request_datum
from infra.local.log import HostLog
from infra.local.routes import Router
from infra.local.worker_library import Function, WorkerLibrary, new_invocation_id

HOST_KEY: Final = "sandbox-host-key"
MAX_BODY_BYTES: Final = 100 * 1024 * 1024
_EMPTY: Final = Datum(b"", "bytes")

type Answer = Callable[[web.BaseRequest, dict[str, str]], Awaitable[web.Response]]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """What a route leads to; `name` is what the log calls it."""

    name: str
    answer: Answer
    needs_key: bool = False


class HttpHost:
    """The handler of every request; functions and the host's own endpoints share one router."""

    def __init__(
        self,
        library: WorkerLibrary,
        log: HostLog,
        route_prefix: str,
        custom_headers: Mapping[str, str],
    ) -> None:
        self._library = library
        self._log = log
        self._custom = CIMultiDict(custom_headers)
        self._router: Router[Endpoint] = Router()
        for function in library.functions:
            if function.trigger.get("type") == "httpTrigger":
                self._mount(function, route_prefix)

    def add(self, method: str, template: str, answer: Answer) -> None:
        """Mount one of the host's own endpoints, open to whoever reaches the port."""
        self._router.add(template, [method], Endpoint(f"{method} /{template}", answer))

    def server(self) -> web.Server:
        """Build the server on the running loop; hand it accepted connections."""
        return web.Server(
            self.handle,
            request_factory=_make_request,
            access_log=None,
            tcp_keepalive=False,
        )

    async def handle(self, request: web.BaseRequest) -> web.Response:
        """Answer anything: 404, 401, 413 and 500 have empty bodies, as in Azure."""
        started = time.perf_counter()
        path = request.raw_path.partition("?")[0]
        if not path.startswith("/"):
            path = request.rel_url.raw_path
        match = self._router.find(request.method, path)
        if match is None:
            return self._refuse(404, "(no route)", started)
        endpoint = match.endpoint
        if endpoint.needs_key and not _has_key(request):
            return self._refuse(401, endpoint.name, started)
        if (request.content_length or 0) > MAX_BODY_BYTES:
            return self._refuse(413, endpoint.name, started)
        try:
            return await endpoint.answer(request, match.values)
        except web.HTTPException as refusal:
            return self._refuse(refusal.status, endpoint.name, started)
        except (ConnectionError, asyncio.CancelledError):
            raise
        except Exception as error:  # noqa: BLE001 - one request must not take the worker along
            self._log.failure(endpoint.name, Failure.of(error), "")
            return self._refuse(500, endpoint.name, started)

    def _refuse(self, status: int, name: str, started: float) -> web.Response:
        self._log.invocation(name, status, time.perf_counter() - started, "")
        return web.Response(status=status, headers=self._custom)

    def _mount(self, function: Function, prefix: str) -> None:
        trigger = function.trigger
        route = trigger.get("route")
        template = "/".join(p for p in (prefix, function.name if route is None else route) if p)
        endpoint = Endpoint(
            function.name,
            _FunctionAnswer(self._library, self._log, function, template, self._custom),
            needs_key=str(trigger.get("authLevel", "function")).lower() != "anonymous",
        )
        methods = trigger.get("methods")
        try:
            self._router.add(template, methods and [str(m) for m in methods], endpoint)
        except ValueError as error:
            raise HostError(f"function {function.name}: route {template!r}: {error}") from None


class _FunctionAnswer:
    """Invokes one HTTP function."""

    def __init__(
        self,
        library: WorkerLibrary,
        log: HostLog,
        function: Function,
        template: str,
        custom: CIMultiDict[str],
    ) -> None:
        self._library, self._log, self._function = library, log, function
        self._template = template
        self._custom = custom
        self._trigger_name: str = function.trigger["name"]
        self._output_name = next(
            (b["name"] for b in function.bindings if b["type"] == "http"), "$return"
        )

    async def __call__(self, request: web.BaseRequest, values: dict[str, str]) -> web.Response:
        started = time.perf_counter()
        invocation_id = new_invocation_id()
        body = Datum(await _read(request), "bytes") if request.can_read_body else _EMPTY
        outcome = await self._library.invoke(
            self._function,
            invocation_id,
            [(self._trigger_name, request_datum(request, values, body))],
            {},
        )
        if outcome.failure is not None:
            self._log.failure(self._function.name, outcome.failure, invocation_id)
            response = web.Response(status=500, headers=self._custom)
        else:
            named = dict(outcome.outputs)
            response = answer(named.get(self._output_name, outcome.value), self._custom)
        seconds = time.perf_counter() - started
        response.headers[told.REQUEST_ID] = invocation_id
        about = told.of_answer(request.method, self._template, values, response)
        self._log.invocation(self._function.name, response.status, seconds, invocation_id, about)
        return response


def _make_request(
    message: RawRequestMessage,
    payload: StreamReader,
    protocol: RequestHandler,
    writer: AbstractStreamWriter,
    task: "asyncio.Task[None]",
) -> web.BaseRequest:
    return web.BaseRequest(
        message, payload, protocol, writer, task, task.get_loop(), client_max_size=MAX_BODY_BYTES
    )


async def _read(request: web.BaseRequest) -> bytes:
    if "expect" in request.headers and request.transport is not None:
        # The client holds its body back until it is told that it may come.
        request.transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
    return await request.read()


def _has_key(request: web.BaseRequest) -> bool:
    given = request.headers.get("x-functions-key") or request.query.get("code", "")
    return hmac.compare_digest(given.encode(), HOST_KEY.encode())
