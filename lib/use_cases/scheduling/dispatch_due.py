"""Queue the items of the schedule that are due."""

import asyncio
import time
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from lib import telemetry
from lib.ports.clock import Clock
from lib.ports.errors import UnavailableError
from lib.ports.queue import POISON_SUFFIX, Queue
from lib.repositories.scheduling.schedule import (
    HOUR,
    MAX_REMOVED,
    DueEntry,
    Schedule,
    hours_between,
    is_ahead,
    open_hour,
    slots_of,
    this_hour,
)

ENTRIES_PER_QUERY: Final = MAX_REMOVED
"""The number of entries of one slot that are queued together."""
MAX_RUN_SECONDS: Final = 240.0
"""The time that a tick runs; the next tick continues."""


class DispatchDue:
    """Queue the due items of the schedule, each in the queue that its entry names.

    An outage stops the tick, and the next tick continues at the same hour. An entry that cannot be
    queued for another reason does not stop the tick: its text goes to the poison queue, and so
    becomes a dead letter.
    Cost: one read, and one query for each slot that is not closed. Each due entry costs one put,
    and a hundred due entries cost one batch.
    Concurrency: after a crash between a put and the removal of its entry, the item is queued again.
    So each consumer must accept an item twice. Ticks may come late, twice or not at all: the next
    tick queues the due items.
    """

    def __init__(
        self, schedule: Schedule, queue: Queue, clock: Clock, seconds: float = MAX_RUN_SECONDS
    ) -> None:
        self._schedule = schedule
        self._queue = queue
        self._clock = clock
        self._seconds = seconds
        self._one_page = asyncio.Lock()

    async def __call__(self) -> int:
        """Return the number of items queued.

        Raise UnavailableError for an outage. After all other entries, raise the error of an entry
        that could not be put into the poison queue either.
        """
        faults: list[Exception] = []
        now, end = self._clock.now(), time.monotonic() + self._seconds
        first, etag = await self._schedule.checkpoint(now)
        if is_ahead(first, now):
            # other processes may put entries into hours before this checkpoint meanwhile
            telemetry.schedule_set_back((first - now).total_seconds() / 3600)
            await self._schedule.set_back(now, etag)
            first, etag = await self._schedule.checkpoint(now)
            if is_ahead(first, now):
                return 0
        closed, count = first, 0
        try:
            for hour in hours_between(first, this_hour(now)):
                count += await self._hour(hour, now, end, faults)
                if time.monotonic() >= end:
                    break
                closed = min(hour + HOUR, open_hour(now))
        finally:
            # the next tick continues from here, also after a failure
            if closed > first:
                await self._schedule.advance(closed, etag)
        telemetry.schedule_dispatched(count)
        if faults:
            raise faults[0]
        return count

    async def _hour(
        self, hour: datetime, now: datetime, end: float, faults: list[Exception]
    ) -> int:
        results = await asyncio.gather(
            *(self._drain(slot, now, end, faults) for slot in slots_of(hour)),
            return_exceptions=True,
        )
        count = 0
        for result in results:
            if isinstance(result, BaseException):
                raise result
            count += result
        return count

    async def _drain(self, slot: str, now: datetime, end: float, faults: list[Exception]) -> int:
        count = 0
        while time.monotonic() < end:
            due = await self._schedule.due(slot, now, ENTRIES_PER_QUERY)
            async with self._one_page:
                removed = await self._dispatch(due, faults)
            count += removed
            if len(due) < ENTRIES_PER_QUERY or not removed:
                break
        return count

    async def _dispatch(self, due: Sequence[DueEntry], faults: list[Exception]) -> int:
        """Return the number of entries that are queued and removed from the schedule."""
        results = await asyncio.gather(*map(self._put, due), return_exceptions=True)
        # queued entries are removed even if other entries could not be queued
        queued = [entry for entry, result in zip(due, results, strict=True) if result is None]
        await self._schedule.remove(queued)
        for result in results:
            if isinstance(result, Exception) and not isinstance(result, UnavailableError):
                faults.append(result)
            elif result is not None:
                raise result
        return len(queued)

    async def _put(self, entry: DueEntry) -> None:
        if entry.item is None:
            await self._queue.put(entry.queue + POISON_SUFFIX, entry.stored_item)
            return
        text = telemetry.stamped(entry.item, self._clock.now()).text()
        try:
            await self._queue.put(entry.queue, text)
        except UnavailableError:
            raise
        except Exception:  # noqa: BLE001 - the poison queue keeps the item for the operators
            await self._queue.put(entry.queue + POISON_SUFFIX, text)
