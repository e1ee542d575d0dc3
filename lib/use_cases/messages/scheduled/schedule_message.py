"""Store a message that waits for its set time."""

from datetime import datetime, timedelta
from typing import Final

from lib import telemetry
from lib.domain.messages.message import Message
from lib.domain.messages.scheduled.scheduled_message import ScheduledEntry
from lib.domain.shared.values import parse_timestamp
from lib.ports.clock import Clock
from lib.ports.errors import UnavailableError
from lib.ports.queue import Queue
from lib.ports.queueing.items.messages import MessageSubmitted
from lib.ports.queueing.names import MESSAGE_SUBMITTED
from lib.repositories.messages.messages import ACCEPTED_TTL, Messages
from lib.repositories.messages.scheduled_messages import ScheduledMessages
from lib.repositories.scheduling.schedule import LATE_WRITE, TICK, Entry, Schedule
from lib.use_cases.messages.sent.note_sent import NoteSent

EARLY: Final = 2 * TICK
"""The time by which the schedule queues an item before its moment, since ticks are minutes apart.

The item then waits in its queue for the exact moment.
"""
NEAR: Final = EARLY + LATE_WRITE + TICK
"""The time before a moment from which a tick may come too late: the item is queued at once."""
MAX_DELAY: Final = timedelta(days=1)
"""The longest wait in the queue: only a clock that was wrong by days makes an item wait again."""


class ScheduleMessage:
    """Store a message, so that it is sent at its set time.

    The message is stored last: until then nothing is sent, and then everything that sends, lists
    and cancels it is there. A crash in between leaves an entry and an item without a message; the
    list leaves such an entry out, and the item does nothing.
    Cost: two creates, an upsert into the schedule and one batch; a put in place of the upsert for a
    time within NEAR.
    Concurrency: a repeated call with the same id changes nothing.
    """

    def __init__(
        self,
        entries: ScheduledMessages,
        messages: Messages,
        schedule: Schedule,
        queue: Queue,
        clock: Clock,
        note: NoteSent,
    ) -> None:
        self._entries = entries
        self._messages = messages
        self._schedule = schedule
        self._queue = queue
        self._clock = clock
        self._note = note

    async def __call__(self, message: Message) -> None:
        """Store a SCHEDULED message; its `created_at` is its set time. Raise UnavailableError."""
        now, at = self._clock.now(), parse_timestamp(message.created_at)
        ttl = int((at - now).total_seconds()) + ACCEPTED_TTL
        await self._entries.add(ScheduledEntry.of(message), ttl)
        await self._plan(message, at, now)
        if await self._messages.create(message, ttl) is not None:
            telemetry.message_became("SCHEDULED", message.id, service_id=message.sender.service_id)
            await self._list(message)

    async def repeated(self, message: Message) -> None:
        """Complete an earlier call, which may have died after it stored the message."""
        if message.status == "SCHEDULED":
            await self._list(message)

    async def _plan(self, message: Message, at: datetime, now: datetime) -> None:
        item = MessageSubmitted(
            fiscal_code=message.fiscal_code,
            message_id=message.id,
            service_id=message.sender.service_id,
            send_at=message.created_at,
        )
        if at - now > NEAR:
            entry = Entry(MESSAGE_SUBMITTED, message.id, at - EARLY, item)
            await self._schedule.put(entry, now)
        else:
            await wait_in_queue(self._queue, item, at, now)

    async def _list(self, message: Message) -> None:
        """Store the message in the list of sent messages, which it may miss until it is sent."""
        try:
            await self._note(message)
        except UnavailableError as error:
            telemetry.accepted_unlisted(error)


async def wait_in_queue(queue: Queue, item: MessageSubmitted, at: datetime, now: datetime) -> None:
    """Queue the item for its moment; for a moment that is far away, queue it for tomorrow."""
    delay = min(max(at - now, timedelta()), MAX_DELAY)
    await queue.put(MESSAGE_SUBMITTED, telemetry.stamped(item, at).text(), delay=delay)
