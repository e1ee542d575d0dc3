"""Move a message to the bin, or bring it back."""

from datetime import timedelta

from lib.domain.identity.access import Access
from lib.domain.messages.errors import MessageNotFoundError
from lib.domain.messages.message import Message
from lib.domain.shared.identifiers import MessageId
from lib.domain.shared.values import timestamp
from lib.ports.clock import Clock
from lib.repositories.inbox.bin import Bin
from lib.repositories.messages.messages import Messages
from lib.repositories.profiles.profiles import Profiles
from lib.repositories.scheduling.schedule import Schedule
from lib.repositories.shared.optimistic import until_written
from lib.use_cases.reminders.reminder_entry import reminder_entry


class BinMessage:
    """Move a citizen's message to the bin for some days, or bring it back to where it was.

    A message in the bin has no reminders; they are planned again when it comes back. Payments,
    withdrawals and what the sender reads are as before.
    Cost: one point read and one patch. To bring a message back: two point reads, one patch, and one
    upsert for a message that has reminders.
    Concurrency: the patch needs the message as it was read. The entry of the schedule is written
    first: an entry without a message that names it has no effect. A repeated call changes nothing.
    """

    def __init__(
        self,
        messages: Messages,
        bin_: Bin,
        profiles: Profiles,
        schedule: Schedule,
        clock: Clock,
        *,
        days: int,
    ) -> None:
        self._messages = messages
        self._bin = bin_
        self._profiles = profiles
        self._schedule = schedule
        self._clock = clock
        self._time = timedelta(days=days)

    async def __call__(self, access: Access, message_id: MessageId, *, is_binned: bool) -> Message:
        """Return the message after the change. Raise MessageNotFoundError."""
        attempt = self._put if is_binned else self._restore
        return await until_written("a message", lambda: attempt(access.subject, message_id))

    async def _put(self, fiscal_code: str, message_id: MessageId) -> Message:
        stored = await self._messages.stored(fiscal_code, message_id)
        now = self._clock.now()
        if stored.message.is_in_bin(now):
            return stored.message
        if not stored.message.is_in_inbox:
            raise MessageNotFoundError
        return await self._bin.put(stored, timestamp(now + self._time))

    async def _restore(self, fiscal_code: str, message_id: MessageId) -> Message:
        stored = await self._messages.stored(fiscal_code, message_id)
        message, now = stored.message, self._clock.now()
        if message.is_in_inbox:
            return message
        if not message.is_in_bin(now):
            raise MessageNotFoundError
        profile = await self._profiles.profile(fiscal_code)
        step = message.next_reminder(profile.quiet_hours if profile else None, now)
        if step is not None:
            await self._schedule.put(reminder_entry(fiscal_code, message_id, step.at), now)
        return await self._bin.restore(stored, step)
