"""Compute a message's reminder plan again, after a change of the facts."""

from collections.abc import Callable

from lib.domain.messages.message import Message
from lib.domain.messages.message_reminders import ReminderWish
from lib.domain.profiles.choices import Profile
from lib.domain.shared.identifiers import MessageId
from lib.ports.clock import Clock
from lib.repositories.messages.messages import Messages
from lib.repositories.messages.reminder_plans import ReminderPlans
from lib.repositories.profiles.profiles import Profiles
from lib.repositories.scheduling.schedule import Schedule
from lib.repositories.shared.optimistic import until_written
from lib.use_cases.reminders.reminder_entry import reminder_entry

type Wish = Callable[[Message, Profile | None], ReminderWish]
"""Returns the citizen's wish; raises an error for a wish that is not possible."""


class ScheduleReminder:
    """Schedule the next reminder of a message, or cancel it.

    The entry is written first, then the message that names it. An entry without such a message has
    no effect, so a crash between the writes is harmless.
    Cost: two point reads, one upsert and one patch.
    Concurrency: a repeated run changes nothing.
    """

    def __init__(
        self,
        messages: Messages,
        plans: ReminderPlans,
        profiles: Profiles,
        schedule: Schedule,
        clock: Clock,
    ) -> None:
        self._messages = messages
        self._plans = plans
        self._profiles = profiles
        self._schedule = schedule
        self._clock = clock

    async def __call__(
        self, fiscal_code: str, message_id: MessageId, wish: Wish | None = None
    ) -> Message | None:
        """Plan by the current facts and the citizen's wishes; return the changed message.

        Return None if the message is not in the inbox, or was withdrawn. `wish` may be called
        several times, and may raise. Raise UnavailableError, also if other calls change the message
        too often.
        """
        profile = await self._profiles.profile(fiscal_code)
        quiet = profile.quiet_hours if profile else None

        async def attempt() -> Message | None:
            stored = await self._messages.find(fiscal_code, message_id)
            if stored is None or not stored.message.is_valid:
                return None
            message = stored.message
            wanted = None if wish is None else message.wished(wish(message, profile))
            now = self._clock.now()
            step = (wanted or message).next_reminder(quiet, now)
            if step is not None:
                await self._schedule.put(reminder_entry(fiscal_code, message_id, step.at), now)
            return await self._plans.plan(stored, step, wanted)

        return await until_written("a message", attempt)
