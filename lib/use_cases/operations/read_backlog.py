"""Measure the number of items that wait in the queues, and the time that they have waited."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from lib.ports.clock import Clock
from lib.ports.queue import Queue


@dataclass(frozen=True, slots=True)
class Backlog:
    """The backlog of a queue. `length` counts hidden items too.

    `oldest_seconds` is None for an empty queue.
    """

    queue: str
    length: int
    oldest_seconds: int | None


class ReadBacklog:
    """Return the backlog of the named queues.

    Cost: one queue operation for each queue, and one more for each that is not empty.
    """

    def __init__(self, queue: Queue, clock: Clock, names: Sequence[str]) -> None:
        self._queue, self._clock, self._names = queue, clock, names

    async def __call__(self) -> list[Backlog]:
        """Return one entry for each queue, in the order of the names. Raise UnavailableError."""
        return list(await asyncio.gather(*(self._read(name) for name in self._names)))

    async def _read(self, name: str) -> Backlog:
        length = await self._queue.length(name)
        oldest = await self._queue.oldest(name) if length else None
        if oldest is None:
            return Backlog(name, length, None)
        age = (self._clock.now() - oldest).total_seconds()
        return Backlog(name, length, max(0, int(age)))
