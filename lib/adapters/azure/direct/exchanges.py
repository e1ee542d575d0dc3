"""Exchange one request and its answer on the shared connections, below aiohttp's client.

The client spends most of a request's time on what a direct request does not have: redirects,
cookies, proxies, middlewares, traces. The pool, TLS, the parser and the check of headers stay
aiohttp's (decision 0062).
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, cast

import aiohttp
from aiohttp.client_proto import ResponseHandler
from aiohttp.connector import Connection
from aiohttp.http import HttpProcessingError, StreamWriter
from multidict import CIMultiDict
from yarl import URL

BROKEN: Final = (aiohttp.ClientError, HttpProcessingError, TimeoutError, OSError)
"""The errors of an exchange without a whole answer."""
_FIRST_FINAL: Final = 200


@dataclass(frozen=True, slots=True, repr=False)
class Answer:
    """The answer of a service."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Exchanges:
    """The exchanges with the services.

    Concurrency: each exchange has a connection to itself. The connection goes back to the pool
    after a whole answer, and is closed in every other case, also when the caller is cancelled. One
    on which something came in the pool is closed too.
    """

    def __init__(
        self, connector: Callable[[], aiohttp.BaseConnector], timeout: aiohttp.ClientTimeout
    ) -> None:
        self._connector, self._timeout = connector, timeout
        self._origins: dict[URL, aiohttp.ClientRequest] = {}

    async def exchange(
        self, method: str, address: str, headers: Mapping[str, str], body: bytes
    ) -> Answer:
        """Send a request once, and return its answer. Raise one of BROKEN."""
        url = URL(address, encoded=True)
        sent = CIMultiDict(headers, host=url.host_port_subcomponent or "")
        # the client adds it to the requests of the SDKs
        sent.setdefault("accept", "*/*")
        if body or method != "GET":
            sent["content-length"] = str(len(body))
        line = f"{method} {url.raw_path_qs} HTTP/1.1"
        connection, protocol = await self._connected(url)
        try:
            answer = await self._exchange(protocol, line, sent, body)
        except BaseException:
            connection.close()
            raise
        connection.release()
        return answer

    async def _connected(self, url: URL) -> tuple[Connection, ResponseHandler]:
        while True:
            connection = await self._connector().connect(
                self._origin(url.origin()), [], self._timeout
            )
            # only a released connection has none
            protocol = cast("ResponseHandler", connection.protocol)
            if not protocol.should_close:
                return connection, protocol
            # something came on it while nobody waited, which must not be read as the next answer
            connection.close()

    async def _exchange(
        self, protocol: ResponseHandler, line: str, headers: CIMultiDict[str], body: bytes
    ) -> Answer:
        protocol.set_response_params(
            read_until_eof=True, auto_decompress=False, read_timeout=self._timeout.sock_read
        )
        writer = StreamWriter(protocol, asyncio.get_running_loop())
        await writer.write_headers(line, headers)
        await writer.write_eof(body)
        protocol.start_timeout()
        head, content = await protocol.read()
        if head.code < _FIRST_FINAL:
            raise aiohttp.ClientConnectionError("an interim answer that nobody asked for")
        return Answer(head.code, head.headers, await content.read())

    def _origin(self, origin: URL) -> aiohttp.ClientRequest:
        """Return the request by which the pool knows the service; it is never sent."""
        known = self._origins.get(origin)
        if known is None:
            known = self._origins[origin] = aiohttp.ClientRequest("GET", origin)
        return known
