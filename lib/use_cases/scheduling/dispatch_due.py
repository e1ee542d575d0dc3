"""Queue the reminders and digests whose moment has come, and the instalments that are near."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from lib import telemetry
from lib.ports.clock import Clock
from lib.ports.documents import DocumentStore
from lib.ports.queue import Queue
from lib.ports.queueing.items import DigestDue, InstalmentDue, Item, ReminderDue
from lib.ports.queueing.names import DIGEST_DUE, INSTALMENT_DUE, REMINDER_DUE
from lib.repositories.scheduling.schedule import (
    HOUR,
    MAX_REMOVED,
    Entry,
    Schedule,
    hours_between,
    is_ahead,
    open_hour,
    slots_of,
    this_hour,
)

AT_ONCE: Final = MAX_REMOVED
"""Entries that are queued together, of one slot at a time."""
SECONDS: Final = 240.0
"""Until the next tick is about to come, which goes on where this one stops."""

_QUEUES: Final[Mapping[type[Item], str]] = {
    ReminderDue: REMINDER_DUE,
    InstalmentDue: INSTALMENT_DUE,
    DigestDue: DIGEST_DUE,
}


class DispatchDue:
    """Queue what is due on the schedule.

    Cost: one query for each slot that is not finished, one put for each entry due, and a batch.
    Concurrency: a crash between a put and the batch queues the entry again; its consumer ignores
    the second item. A run that is late, repeated or missed changes only the time.
    """

    def __init__(
        self, store: DocumentStore, queue: Queue, clock: Clock, seconds: float = SECONDS
    ) -> None:
        self._schedule = Schedule(store)
        self._queue = queue
        self._clock = clock
        self._seconds = seconds
        self._one_page = asyncio.Lock()

    async def __call__(self) -> int:
        """Return how many were queued; raise UnavailableError when some could not be."""
        now, end = self._clock.now(), time.monotonic() + self._seconds
        first, etag = await self._schedule.checkpoint(now)
        if is_ahead(first, now):
            # what was put meanwhile lies in hours that this checkpoint has left behind
            telemetry.schedule_set_back((first - now).total_seconds() / 3600)
            await self._schedule.set_back(now, etag)
            first, etag = await self._schedule.checkpoint(now)
            if is_ahead(first, now):
                return 0
        done_with, count = first, 0
        try:
            for hour in hours_between(first, this_hour(now)):
                count += await self._hour(hour, now, end)
                if time.monotonic() >= end:
                    break
                done_with = min(hour + HOUR, open_hour(now))
        finally:
            # what is done is done, however far this tick came
            if done_with > first:
                await self._schedule.advance(done_with, etag)
        telemetry.reminders_dispatched(count)
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

    async def _dispatch(self, due: Sequence[Entry]) -> None:
        results = await asyncio.gather(*map(self._put, due), return_exceptions=True)
        # what is queued is not left in the schedule because something else could not be
        queued = [entry for entry, result in zip(due, results, strict=True) if result is None]
        await self._schedule.remove(queued)
        for result in results:
            if result is not None:
                raise result

    async def _put(self, entry: Entry) -> None:
        text = telemetry.stamped(entry.item, self._clock.now()).text()
        await self._queue.put(_QUEUES[type(entry.item)], text)
