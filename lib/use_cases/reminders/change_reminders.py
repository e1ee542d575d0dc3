"""Change the reminders of a message as its citizen wishes."""

from datetime import datetime, timedelta
from typing import Final

from lib.domain.identity.access import Access
from lib.domain.messages.errors import MessageNotFoundError
from lib.domain.messages.message import Message
from lib.domain.messages.message_reminders import ReminderWish
from lib.domain.profiles.choices import Profile
from lib.domain.reminders.errors import InvalidSnoozeError
from lib.domain.shared.identifiers import MessageId
from lib.domain.shared.quiet_hours import opens
from lib.ports.clock import Clock
from lib.use_cases.reminders.schedule_reminder import ScheduleReminder, Wish

LONGEST_SNOOZE: Final = timedelta(days=366)


class ChangeReminders:
    """Snooze, end or resume the reminders of a message.

    Cost: that of ScheduleReminder; the same wish again changes nothing.
    """

    def __init__(self, schedule_reminder: ScheduleReminder, clock: Clock) -> None:
        self._schedule = schedule_reminder
        self._clock = clock

    async def snooze(self, access: Access, message_id: MessageId, until: datetime) -> None:
        """Postpone the reminders to this time, or to the next allowed time after it.

        Raise MessageNotFoundError, InvalidSnoozeError.
        """
        now = self._clock.now()
        if not now < until <= now + LONGEST_SNOOZE:
            raise InvalidSnoozeError("must lie in the future, at most a year ahead")

        def snoozed(message: Message, profile: Profile | None) -> ReminderWish:
            due = message.deadline
            at = opens(until, profile.quiet_hours if profile else None)
            if at is None:
                raise InvalidSnoozeError("must leave a moment outside quiet hours")
            if due is not None and due.is_past(at):
                raise InvalidSnoozeError(
                    "must leave a moment to remind at before the due date is past"
                )
            return ReminderWish(snoozed_until=until)

        await self._change(access.subject, message_id, snoozed)

    async def finish(self, access: Access, message_id: MessageId) -> None:
        """End the reminders: the citizen has done what the message asks for.

        Raise MessageNotFoundError.
        """
        await self._change(access.subject, message_id, lambda *_: ReminderWish(is_done=True))

    async def resume(self, access: Access, message_id: MessageId) -> None:
        """Remove the citizen's wishes and return to the plan. Raise MessageNotFoundError."""
        await self._change(access.subject, message_id, lambda *_: ReminderWish())

    async def _change(self, fiscal_code: str, message_id: MessageId, wish: Wish) -> None:
        if await self._schedule(fiscal_code, message_id, wish) is None:
            raise MessageNotFoundError
