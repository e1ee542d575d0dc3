"""Accepts from the socket that all workers share."""

import asyncio
import socket
from typing import Final

from aiohttp import web

from infra.local.loads import Loads

_POLITE_SECONDS: Final = 0.002
_RETRY_SECONDS: Final = 0.1


class Connections:
    """Takes one connection at a time, and leaves it to a worker with fewer for a moment.

    The usual loop drains the backlog, so that the first worker to wake takes a whole burst; and
    with one socket per worker the kernel spreads by chance, and a killed worker loses the
    connections that wait for it.
    """

    def __init__(
        self, server: web.Server, listener: socket.socket, loads: Loads, worker: int
    ) -> None:
        self._server, self._listener = server, listener
        self._loads, self._worker = loads, worker
        self._loop = asyncio.get_running_loop()
        self._opening: set[asyncio.Task[object]] = set()
        listener.setblocking(False)  # noqa: FBT003 - its signature

    def start(self) -> None:
        """Begin to accept."""
        self._loads.is_heavy(self._worker, 0)
        self._loop.add_reader(self._listener, self._readable)

    async def stop(self, seconds: float) -> None:
        """Accept no more; give the requests in progress so long."""
        self._loop.remove_reader(self._listener)
        self._listener.close()
        if self._opening:
            await asyncio.wait(self._opening)
        self._server.pre_shutdown()
        await self._server.shutdown(seconds)

    def _readable(self) -> None:
        connections = len(self._server.connections) + len(self._opening)
        if self._loads.is_heavy(self._worker, connections):
            self._pause(_POLITE_SECONDS)
        else:
            self._accept()

    def _pause(self, seconds: float) -> None:
        self._loop.remove_reader(self._listener)
        self._loop.call_later(seconds, self._resume)

    def _resume(self) -> None:
        if self._listener.fileno() >= 0:
            self._loop.add_reader(self._listener, self._readable)
            self._accept()

    def _accept(self) -> None:
        try:
            connection, _ = self._listener.accept()
        except (BlockingIOError, InterruptedError, ConnectionError):
            return
        except OSError:
            # Out of descriptors: the backlog waits, without spinning, until some are closed.
            self._pause(_RETRY_SECONDS)
            return
        connection.setblocking(False)  # noqa: FBT003 - its signature
        task: asyncio.Task[object] = self._loop.create_task(
            self._loop.connect_accepted_socket(self._server, connection)
        )
        self._opening.add(task)
        task.add_done_callback(self._opening.discard)
