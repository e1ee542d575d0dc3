"""Queue messages again whose fan-out or reminder is overdue."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Final

from lib import telemetry
from lib.ports.clock import Clock
from lib.ports.queue import Queue
from lib.ports.queueing.item import Item
from lib.ports.queueing.items.messages import MessageSubmitted
from lib.ports.queueing.items.notifications import ReminderDue
from lib.ports.queueing.names import MESSAGE_SUBMITTED, REMINDER_DUE
from lib.repositories.messages.message_sweeps import LostSubmission, MessageSweeps, OverdueReminder

ACCEPTED_FOR: Final = timedelta(hours=1)
"""Longer than an item waits without an outage; in an outage it comes back every ten minutes."""
OVERDUE_FOR: Final = timedelta(hours=2)
"""Longer than a reminder waits for the answer of a payment node or a sender."""
OVERDUE_SINCE: Final = timedelta(days=30)
"""The maximum age of a swept reminder: a reminder whose run always fails must stop some day."""
MESSAGES_PER_QUERY: Final = 100
MOST_QUEUED: Final = 5_000
"""The longest queue that is swept: in a longer queue, an overdue item most likely still waits."""
MAX_RUN_SECONDS: Final = 240.0

type Found = LostSubmission | OverdueReminder


class SweepMessages:
    """Queue messages again whose fan-out or reminder is overdue.

    The item of such a message was lost, or is late after an outage or a jump of the clock. Items
    are lost when a queue is cleared, a store is restored, or a wrong clock puts an entry into a
    slot that no tick reads.
    Cost: three queries over all partitions, and a put and a patch for each message found.
    Concurrency: a message that is queued twice is fanned out, or reminded of, once. After a crash
    between the put and the mark, the message is queued again. A message that is still found after a
    day is queued again, too.
    """

    def __init__(self, sweeps: MessageSweeps, queue: Queue, clock: Clock) -> None:
        self._sweeps = sweeps
        self._queue = queue
        self._clock = clock

    async def __call__(self) -> int:
        """Return the number of queued messages; raise UnavailableError after a failed put."""
        end = time.monotonic() + MAX_RUN_SECONDS
        submissions = await self._sweep(MESSAGE_SUBMITTED, self._accepted, _submitted, end)
        submissions += await self._sweep(MESSAGE_SUBMITTED, self._scheduled, _submitted, end)
        return submissions + await self._sweep(REMINDER_DUE, self._overdue, _due, end)

    async def _accepted(self, now: datetime) -> list[LostSubmission]:
        return await self._sweeps.accepted(now - ACCEPTED_FOR, now, MESSAGES_PER_QUERY)

    async def _scheduled(self, now: datetime) -> list[LostSubmission]:
        return await self._sweeps.scheduled(now - ACCEPTED_FOR, now, MESSAGES_PER_QUERY)

    async def _overdue(self, now: datetime) -> list[OverdueReminder]:
        return await self._sweeps.overdue(
            now - OVERDUE_SINCE, now - OVERDUE_FOR, now, MESSAGES_PER_QUERY
        )

    async def _sweep[F: Found](
        self,
        queue: str,
        find: Callable[[datetime], Awaitable[list[F]]],
        item_of: Callable[[F], Item],
        end: float,
    ) -> int:
        count = 0
        while time.monotonic() < end:
            now = self._clock.now()
            found = await find(now)
            if not found or await self._queue.length(queue) >= MOST_QUEUED:
                break
            await asyncio.gather(*(self._put(queue, item_of(entry), entry, now) for entry in found))
            count += len(found)
            telemetry.swept(queue, len(found))
            if len(found) < MESSAGES_PER_QUERY:
                break
        return count

    async def _put(self, queue: str, item: Item, found: Found, now: datetime) -> None:
        await self._queue.put(queue, telemetry.stamped(item, now).text())
        await self._sweeps.mark(found, now)


def _submitted(found: LostSubmission) -> MessageSubmitted:
    return MessageSubmitted(**found._asdict())


def _due(found: OverdueReminder) -> ReminderDue:
    return ReminderDue(**found._asdict())
