"""Accepts from the socket that all workers share."""

import asyncio
import socket
from typing import Final

from aiohttp import web

_RETRY_SECONDS: Final = 0.1


class Connections:
    """Takes one connection at a time.

    The usual loop drains the backlog, so that the first worker to wake takes a whole burst. Taking
    one and going back to the event loop leaves the next to whichever worker is free, and spreads
    the load without one socket per worker, whose pending connections a killed worker would lose.
    """

    def __init__(self, server: web.Server, listener: socket.socket) -> None:
        self._server, self._listener = server, listener
        self._loop = asyncio.get_running_loop()
        self._opening: set[asyncio.Task[object]] = set()
        listener.setblocking(False)  # noqa: FBT003 - its signature

    def start(self) -> None:
        """Begin to accept."""
        self._loop.add_reader(self._listener, self._accept)

    async def stop(self, seconds: float) -> None:
        """Accept no more; give the requests in progress so long."""
        self._loop.remove_reader(self._listener)
        self._listener.close()
        if self._opening:
            await asyncio.wait(self._opening)
        self._server.pre_shutdown()
        await self._server.shutdown(seconds)

    def _accept(self) -> None:
        try:
            connection, _ = self._listener.accept()
        except (BlockingIOError, InterruptedError, ConnectionError):
            return
        except OSError:
            # Out of descriptors: the backlog waits, without spinning, until some are closed.
            self._loop.remove_reader(self._listener)
            self._loop.call_later(_RETRY_SECONDS, self._resume)
            return
        connection.setblocking(False)  # noqa: FBT003 - its signature
        task: asyncio.Task[object] = self._loop.create_task(
            self._loop.connect_accepted_socket(self._server, connection)
        )
        self._opening.add(task)
        task.add_done_callback(self._opening.discard)

    def _resume(self) -> None:
        if self._listener.fileno() >= 0:
            self.start()
