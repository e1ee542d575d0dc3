"""Queue again what was accepted, or should have been reminded of, and has no item any more."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Final

from lib import telemetry
from lib.ports.clock import Clock
from lib.ports.documents import Document, DocumentStore
from lib.ports.queue import Queue
from lib.ports.queueing.items import Item, MessageSubmitted, ReminderDue
from lib.ports.queueing.names import MESSAGE_SUBMITTED, REMINDER_DUE
from lib.repositories.operations.sweeps import Sweeps

ACCEPTED_FOR: Final = timedelta(hours=1)
"""More than an item waits, but for an outage: it comes back every ten minutes at least."""
OVERDUE_FOR: Final = timedelta(hours=2)
"""More than a reminder waits for somebody to say that it may go."""
OVERDUE_SINCE: Final = timedelta(days=30)
"""What is older is not looked at: a reminder whose run fails each time would come for ever."""
AT_ONCE: Final = 100
MOST_QUEUED: Final = 5_000
"""In a longer queue what is missed is most likely still on its way."""
SECONDS: Final = 240.0

type Find = Callable[[datetime], Awaitable[list[Document]]]


class SweepMessages:
    """Queue messages and reminders again whose queue item or entry was lost.

    An item is lost when a queue is cleared or a store is restored, or when a wrong clock put a
    reminder into a slot that the timer has passed.
    Cost: two queries over all partitions; a put and a patch for each message found.
    Concurrency: an item that is queued twice has its effects once. A crash between the put and the
    mark queues the message again at the next run. A message that is found again is queued again
    after a day.
    """

    def __init__(self, store: DocumentStore, queue: Queue, clock: Clock) -> None:
        self._sweeps = Sweeps(store)
        self._queue = queue
        self._clock = clock

    async def __call__(self) -> int:
        """Return how many were queued; raise UnavailableError when some could not be."""
        end = time.monotonic() + SECONDS
        submissions = await self._sweep(MESSAGE_SUBMITTED, self._accepted, _submitted, end)
        return submissions + await self._sweep(REMINDER_DUE, self._overdue, _due, end)

    async def _accepted(self, now: datetime) -> list[Document]:
        return await self._sweeps.accepted(now - ACCEPTED_FOR, now, AT_ONCE)

    async def _overdue(self, now: datetime) -> list[Document]:
        return await self._sweeps.overdue(now - OVERDUE_SINCE, now - OVERDUE_FOR, now, AT_ONCE)

    async def _sweep(
        self, queue: str, find: Find, item_of: Callable[[Document], Item], end: float
    ) -> int:
        count = 0
        while time.monotonic() < end:
            now = self._clock.now()
            found = await find(now)
            if not found or await self._queue.length(queue) >= MOST_QUEUED:
                break
            await asyncio.gather(*(self._put(queue, item_of(one), one, now) for one in found))
            count += len(found)
            telemetry.swept(queue, len(found))
            if len(found) < AT_ONCE:
                break
        return count

    async def _put(self, queue: str, item: Item, message: Document, now: datetime) -> None:
        await self._queue.put(queue, telemetry.stamped(item, now).text())
        await self._sweeps.mark(message, now)


def _submitted(message: Document) -> MessageSubmitted:
    return MessageSubmitted(
        fiscal_code=message["fiscal_code"],
        message_id=message["id"],
        service_id=message["sender_service_id"],
    )


def _due(message: Document) -> ReminderDue:
    return ReminderDue(
        fiscal_code=message["fiscal_code"],
        message_id=message["id"],
        due_at=message["reminder_at"],
    )
