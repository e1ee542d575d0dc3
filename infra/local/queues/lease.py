"""Keep a queue item hidden while its function runs."""

import asyncio
from datetime import timedelta

from lib.ports.errors import NotFoundError, PortError
from lib.ports.queue import Queue, QueueItem


class Lease:
    """The lease of an item, renewed at half time until `end`.

    Cost: one timer for a short run.
    """

    def __init__(self, queue: Queue, name: str, item: QueueItem, duration: timedelta) -> None:
        self._queue, self._name, self._item, self._duration = queue, name, item, duration
        self._loop = asyncio.get_running_loop()
        self._renewal: asyncio.Task[None] | None = None
        self._timer = self._loop.call_later(duration.total_seconds() / 2, self._due)

    async def end(self) -> QueueItem:
        """Stop renewing; return the item with its last receipt."""
        self._timer.cancel()
        if self._renewal is not None:
            await self._renewal
            self._timer.cancel()
        return self._item

    def _due(self) -> None:
        self._renewal = self._loop.create_task(self._renew())

    async def _renew(self) -> None:
        seconds = self._duration.total_seconds()
        try:
            self._item = await self._queue.update(
                self._name, self._item, visibility_timeout=self._duration
            )
        except NotFoundError:
            # Another worker has the item; settling it raises the error.
            return
        except PortError:
            self._timer = self._loop.call_later(seconds / 10, self._due)
        else:
            self._timer = self._loop.call_later(seconds / 2, self._due)
