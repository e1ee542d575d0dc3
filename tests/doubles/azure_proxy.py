"""A proxy before an emulator, which counts requests by operation and fails some of them."""

import asyncio
import random
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Final, Self

import aiohttp
from aiohttp import web
from yarl import URL

FAULTS: Final = ("429", "503", "timeout before", "timeout after", "reset before", "reset after")
_HOP_BY_HOP: Final = frozenset({"connection", "keep-alive", "transfer-encoding", "content-length"})
_HANG_SECONDS: Final = 30
"""Longer than any client waits; it hangs up before."""


@dataclass(frozen=True)
class Seen:
    """A request as a client sent it."""

    method: str
    path: str
    headers: dict[str, str]
    """By their names in lower case."""
    body: bytes


@dataclass
class AzureProxy:
    """A proxy on a free port of 127.0.0.1; the share `rate` of the requests fails."""

    target: int
    rng: random.Random = field(default_factory=random.Random)
    rate: float = 0.0
    calls: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    levels: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """The consistency that each operation asked for."""
    seen: defaultdict[str, list[Seen]] = field(default_factory=lambda: defaultdict(list))
    """The requests of each operation."""
    once: dict[str, str] = field(default_factory=dict)
    """The fault that the next call of an operation meets."""
    hang: bool = False
    """Whether nothing is answered at all."""
    port: int = 0

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(
            auto_decompress=False, connector=aiohttp.TCPConnector(limit=0)
        )
        self._runner = web.ServerRunner(
            # a client that hangs up ends its request here, too
            web.Server(self._pass, handler_cancellation=True),
            shutdown_timeout=1,
        )
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.port = self._runner.addresses[0][1]
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()
        await self._session.close()

    async def _pass(self, request: web.BaseRequest) -> web.StreamResponse:
        name = operation(request)
        self.calls[name] += 1
        self.levels[name].add(request.headers.get("x-ms-consistency-level", ""))
        body = await request.read()
        headers = {header.lower(): value for header, value in request.headers.items()}
        self.seen[name].append(Seen(request.method, request.raw_path, headers, body))
        if self.hang:
            await asyncio.sleep(_HANG_SECONDS)
        fault = self.once.pop(name, None)
        if fault is None and self.rng.random() < self.rate:
            fault = self.rng.choice(FAULTS)
        if fault is not None:
            self.faults[fault] += 1
        if fault is not None and fault.isdigit():
            return _refusal(int(fault))
        when = fault.partition(" ")[2] if fault else ""
        if when == "before":
            await _never_answer(request, fault)
            return web.Response()
        answer = await self._forward(request, body)
        if when == "after":
            await _never_answer(request, fault)
        return answer

    async def _forward(self, request: web.BaseRequest, body: bytes) -> web.Response:
        url = f"http://127.0.0.1:{self.target}{request.raw_path}"
        headers = [(n, v) for n, v in request.headers.items() if n.lower() not in _HOP_BY_HOP]
        async with self._session.request(
            request.method,
            URL(url, encoded=True),
            headers=headers,
            data=body or None,
            # the request must arrive as the client signed it
            skip_auto_headers=("Accept", "Accept-Encoding", "Content-Type", "User-Agent"),
        ) as answer:
            return web.Response(
                status=answer.status,
                headers=[(n, v) for n, v in answer.headers.items() if n.lower() not in _HOP_BY_HOP],
                body=await answer.read(),
            )


async def _never_answer(request: web.BaseRequest, fault: str | None) -> None:
    """Hang until the client gives up, or hang up on it."""
    if fault and fault.startswith("timeout"):
        await asyncio.sleep(_HANG_SECONDS)
    elif request.transport is not None:
        request.transport.abort()


def _refusal(status: int) -> web.Response:
    return web.Response(
        status=status,
        headers={"x-ms-retry-after-ms": "10", "x-ms-error-code": "ServerBusy"},
        text='{"code": "ServiceUnavailable", "message": "busy"}',
        content_type="application/json",
    )


def operation(request: web.BaseRequest) -> str:
    """Return the request's operation as the ports name it; every other request is metadata."""
    headers, path = request.headers, request.path.strip("/").split("/")
    if path[0] == "dbs" and "docs" in path:
        return _of_documents(request)
    if len(path) >= _OF_A_QUEUE and path[2] == "messages":
        names = {"POST": "put", "PUT": "update", "GET": "receive", "DELETE": "delete"}
        return names[request.method]
    kind = "blob" if headers.get("x-ms-blob-type") else "metadata"
    return f"{kind} {request.method}"


def _of_documents(request: web.BaseRequest) -> str:
    headers = request.headers
    if headers.get("x-ms-documentdb-isquery", "").lower() == "true":
        return "query"
    if headers.get("x-ms-documentdb-is-upsert", "").lower() == "true":
        return "upsert"
    if "x-ms-cosmos-is-batch-request" in headers:
        return "batch"
    names = {"POST": "create", "PUT": "replace", "GET": "read", "PATCH": "patch"}
    return names.get(request.method, request.method.lower())


_OF_A_QUEUE: Final = 3
