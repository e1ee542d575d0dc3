"""aiohttp's server with time limits, and with problems in place of aiohttp's error texts.

aiohttp's texts repeat parts of the request, such as an Authorization header.
"""

import asyncio
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Final, override

from aiohttp import web
from aiohttp.http_exceptions import LineTooLong
from aiohttp.web_protocol import RequestHandler

from infra.local.http.problems import MEDIA_TYPE, problem, problem_body

HEAD_SECONDS: Final = 15.0
"""The limit from the start of a connection, or of a later request, to the end of the headers."""
IDLE_SECONDS: Final = 75.0
LINGER_SECONDS: Final = 2.0
"""The seconds for reading the rest of a refused body, so that the client sees the answer."""
MAX_LINE_BYTES: Final = 8190
SERVER: Final = "Recapito"
"""The header Server, without names and versions of libraries."""

_LATE: Final = problem_body(408, "The headers of the request did not come in time.")
_LATE_ANSWER: Final = (
    b"HTTP/1.1 408 Request Timeout\r\ncontent-type: %s\r\ncontent-length: %d\r\n"
    b"connection: close\r\n\r\n%s" % (MEDIA_TYPE.encode(), len(_LATE), _LATE)
)


class Connection(RequestHandler):
    """The connection of one client."""

    __slots__ = ("_head_timer", "_in_head")

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._in_head = False
        self._head_timer: asyncio.TimerHandle | None = self._loop.call_later(
            HEAD_SECONDS, self._head_is_late
        )
        super().connection_made(transport)

    @override
    def connection_lost(self, exc: BaseException | None) -> None:
        self._stop_head_timer()
        super().connection_lost(exc)

    @override
    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if not self.is_waiting:
            self._stop_head_timer()
            self._in_head = False
        elif data:
            self._in_head = True
            if self._head_timer is None:
                self._head_timer = self._loop.call_later(HEAD_SECONDS, self._head_is_late)

    @property
    def is_waiting(self) -> bool:
        """Tell whether the connection has no request to answer."""
        return self._waiter is not None and not self._waiter.done()

    @property
    def is_idle(self) -> bool:
        """Tell whether the connection waits between two requests, without a byte of the next."""
        return self.is_waiting and not self._in_head

    def hasten(self) -> None:
        """Stop reading the rest of refused bodies."""
        self._lingering_time = min(self._lingering_time, 0.2)

    @override
    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """Answer a request that is invalid or too long; the log has only its status."""
        if request.writer.output_size > 0:
            raise ConnectionError("part of the answer is sent already")
        if isinstance(exc, LineTooLong):
            answer = problem(
                431, f"The request line and each header may have at most {MAX_LINE_BYTES} bytes."
            )
        elif HTTPStatus(status).is_client_error:
            answer = problem(400, "The request is not valid HTTP.")
        else:
            answer = problem(500, "The host failed.")
        answer.headers["Server"] = SERVER
        answer.force_close()
        server = self._manager
        if isinstance(server, Server):
            server.refused(answer.status)
        return answer

    def _head_is_late(self) -> None:
        self._head_timer = None
        if self.is_waiting and self.transport is not None:
            if self._in_head:
                self.transport.write(_LATE_ANSWER)
                if isinstance(self._manager, Server):
                    self._manager.refused(408)
            self.force_close()

    def _stop_head_timer(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None


class Server(web.Server):
    """The server of all connections; `refused` gets each status answered without a request."""

    def __init__(
        self, handler: Any, *, refused: Callable[[int], None], request_factory: Any
    ) -> None:
        super().__init__(handler, request_factory=request_factory)
        self.refused = refused

    @override
    def __call__(self) -> Connection:
        return Connection(
            self,
            loop=self._loop,
            keepalive_timeout=IDLE_SECONDS,
            tcp_keepalive=False,
            access_log=None,  # type: ignore[arg-type]  # None switches the log off
            max_line_size=MAX_LINE_BYTES,
            max_field_size=MAX_LINE_BYTES,
            lingering_time=LINGER_SECONDS,
            auto_decompress=False,
        )

    def idle(self) -> list[Connection]:
        """List the connections between two requests, the oldest first."""
        return [one for one in self.connections if isinstance(one, Connection) and one.is_idle]
