"""Queue the items of the schedule that are due."""

import asyncio
import time
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from lib import telemetry
from lib.ports.clock import Clock
from lib.ports.queue import Queue
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

AT_ONCE: Final = MAX_REMOVED
"""Entries of one slot that are queued together."""
SECONDS: Final = 240.0
"""How long a tick runs: the next tick goes on where this one stopped."""


class DispatchDue:
    """Queue the items of the schedule whose moment has come, each in the queue that it names.

    Concurrency: a crash between a put and the removal of the entry has the item queued again, so
    each consumer takes the same item twice. Ticks may come late, twice or not at all: the next one
    queues what is due.
    Cost: one read, and one query for each slot that is not closed; for each entry due one put, and
    for a hundred of them one batch.
    """

    def __init__(
        self, schedule: Schedule, queue: Queue, clock: Clock, seconds: float = SECONDS
    ) -> None:
        self._schedule = schedule
        self._queue = queue
        self._clock = clock
        self._seconds = seconds
        self._one_page = asyncio.Lock()

    async def __call__(self) -> int:
        """Return the number of items queued; raise UnavailableError when one could not be."""
        now, end = self._clock.now(), time.monotonic() + self._seconds
        first, etag = await self._schedule.checkpoint(now)
        if is_ahead(first, now):
            # entries put meanwhile may lie in hours before this checkpoint
            telemetry.schedule_set_back((first - now).total_seconds() / 3600)
            await self._schedule.set_back(now, etag)
            first, etag = await self._schedule.checkpoint(now)
            if is_ahead(first, now):
                return 0
        closed, count = first, 0
        try:
            for hour in hours_between(first, this_hour(now)):
                count += await self._hour(hour, now, end)
                if time.monotonic() >= end:
                    break
                closed = min(hour + HOUR, open_hour(now))
        finally:
            # the next tick goes on from here, also after a failure
            if closed > first:
                await self._schedule.advance(closed, etag)
        telemetry.schedule_dispatched(count)
        return count

    async def _hour(self, hour: datetime, now: datetime, end: float) -> int:
        results = await asyncio.gather(
            *(self._drain(slot, now, end) for slot in slots_of(hour)), return_exceptions=True
        )
        count = 0
        for result in results:
            if isinstance(result, BaseException):
                raise result
            count += result
        return count

    async def _drain(self, slot: str, now: datetime, end: float) -> int:
        count = 0
        while time.monotonic() < end:
            due = await self._schedule.due(slot, now, AT_ONCE)
            async with self._one_page:
                await self._dispatch(due)
            count += len(due)
            if len(due) < AT_ONCE:
                break
        return count

    async def _dispatch(self, due: Sequence[DueEntry]) -> None:
        results = await asyncio.gather(*map(self._put, due), return_exceptions=True)
        # queued entries are removed even where others could not be queued
        queued = [entry for entry, result in zip(due, results, strict=True) if result is None]
        await self._schedule.remove(queued)
        for result in results:
            if result is not None:
                raise result

    async def _put(self, entry: DueEntry) -> None:
        text = telemetry.stamped(entry.item, self._clock.now()).text()
        await self._queue.put(entry.queue, text)
