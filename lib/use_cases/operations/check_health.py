"""Tell everybody whether the app can work."""

import asyncio
from datetime import datetime, timedelta
from typing import Final

from lib.ports.clock import Clock
from lib.ports.errors import UnavailableError
from lib.ports.queue import Queue
from lib.ports.queueing.names import MESSAGE_SUBMITTED
from lib.repositories.operations.store_health import StoreHealth

REMEMBERED: Final = timedelta(seconds=5)
PATIENCE: Final = timedelta(seconds=3)
"""The time after which a store or queue that has not answered counts as unavailable."""


class CheckHealth:
    """Check whether the store and the queues answer.

    Everybody may ask, so a process remembers the result for five seconds, and calls that come
    meanwhile wait for the same check.
    Cost: one point read and one queue operation in five seconds.
    """

    def __init__(self, store: StoreHealth, queue: Queue, clock: Clock) -> None:
        self._store, self._queue, self._clock = store, queue, clock
        self._lock = asyncio.Lock()
        self._checked_at: datetime | None = None
        self._failure = ""

    async def __call__(self) -> None:
        """Return if the store and the queues answer; raise UnavailableError."""
        async with self._lock:
            if not self._is_fresh():
                await self._check()
        if self._failure:
            raise UnavailableError(self._failure, retry_after=REMEMBERED.total_seconds())

    def _is_fresh(self) -> bool:
        if self._checked_at is None:
            return False
        # a clock that was set back makes no result last
        return timedelta(0) <= self._clock.now() - self._checked_at < REMEMBERED

    async def _check(self) -> None:
        try:
            async with asyncio.timeout(PATIENCE.total_seconds()):
                await asyncio.gather(self._store.check(), self._queue.length(MESSAGE_SUBMITTED))
            self._failure = ""
        except (UnavailableError, TimeoutError) as error:
            self._failure = f"the store or the queues do not answer: {type(error).__name__}"
        self._checked_at = self._clock.now()
