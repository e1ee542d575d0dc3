"""Accept connections from the socket that all workers share."""

import asyncio
import socket
from typing import Final

from infra.local.http.descriptors import most_connections
from infra.local.http.server import Server

_TURN_SECONDS: Final = 0.001
"""A worker that has taken a connection leaves the next one to the others for this time."""
_RETRY_SECONDS: Final = 0.1
_LAST_REQUESTS_SECONDS: Final = 0.5
"""The seconds after a stop in which open connections may still send a request."""
_LOOK_SECONDS: Final = 0.02
_LATE_SECONDS: Final = 2.0


class Connections:
    """Accept connections in turn with the other workers of the host.

    A loop that drains the backlog would give a whole burst to the first worker that wakes. With
    one socket per worker the kernel would spread connections by chance, and a killed worker would
    lose the connections that wait for it.
    """

    def __init__(self, server: Server, listener: socket.socket, workers: int) -> None:
        self._server, self._listener = server, listener
        self._takes_turns = workers > 1
        self._loop = asyncio.get_running_loop()
        self._opening: set[asyncio.Task[object]] = set()
        self._limit = most_connections()
        listener.settimeout(0)

    def start(self) -> None:
        """Begin to accept."""
        self._loop.add_reader(self._listener, self._readable)

    async def stop(self, seconds: float) -> None:
        """Accept the waiting connections and no more, answer requests, and end all connections.

        Each connection ends after an answer that announces the end. A connection without a request
        has half a second to send one, so that it does not end while its client writes.
        """
        self._loop.remove_reader(self._listener)
        while self._has_room() and self._accept():
            pass
        self._listener.close()
        if self._opening:
            await asyncio.wait(self._opening)
        now = self._loop.time()
        await self._until(now + _LAST_REQUESTS_SECONDS)
        for connection in self._server.idle():
            connection.force_close()
        await self._until(now + seconds)
        await self._server.shutdown(_LATE_SECONDS)

    async def _until(self, end: float) -> None:
        """Wait for the end of all connections, until a time of the loop."""
        while self._server.connections and self._loop.time() < end:  # noqa: ASYNC110 - no event
            await asyncio.sleep(_LOOK_SECONDS)

    def _connections(self) -> int:
        return len(self._server.connections) + len(self._opening)

    def _has_room(self) -> bool:
        return self._connections() < self._limit

    def _readable(self) -> None:
        if not self._has_room():
            # New connections wait for a free place; idle connections are ended at once.
            for connection in self._server.idle()[: max(1, self._limit // 16)]:
                connection.force_close()
            self._pause(_RETRY_SECONDS)
        elif self._accept() and self._takes_turns:
            self._pause(_TURN_SECONDS)

    def _pause(self, seconds: float) -> None:
        self._loop.remove_reader(self._listener)
        self._loop.call_later(seconds, self._resume)

    def _resume(self) -> None:
        if self._listener.fileno() >= 0:
            self._loop.add_reader(self._listener, self._readable)

    def _accept(self) -> bool:
        """Accept a waiting connection; return False if none waits."""
        try:
            connection, _ = self._listener.accept()
        except (BlockingIOError, InterruptedError, ConnectionError):
            return False
        except OSError:
            # Out of descriptors: the backlog waits, without spinning, until some are closed.
            self._pause(_RETRY_SECONDS)
            return False
        connection.settimeout(0)
        task: asyncio.Task[object] = self._loop.create_task(
            self._loop.connect_accepted_socket(self._server, connection)
        )
        self._opening.add(task)
        task.add_done_callback(self._opening.discard)
        return True
