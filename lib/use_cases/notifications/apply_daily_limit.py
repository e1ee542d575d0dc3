"""Send a notification while the citizen's daily limit has room for its service, else hold it."""

import asyncio
from datetime import datetime
from weakref import WeakValueDictionary

from lib.domain.notifications.daily_limit import URGENT_DAYS, DailyLimit, HeldNotification, day_of
from lib.domain.reminders.plan import SNOOZE
from lib.domain.shared.identifiers import ServiceId
from lib.ports.clock import Clock
from lib.ports.queueing.items import NotificationRequested
from lib.repositories.notifications.daily_limits import DailyLimits
from lib.repositories.profiles.profiles import Profiles
from lib.repositories.shared.optimistic import until_written
from lib.use_cases.notifications.schedule_digest import ScheduleDigest


class ApplyDailyLimit:
    """Decide whether a notification may go out today or waits for the citizen's digest.

    The decision is stored before the claim on the delivery, so that after a crash the next run
    finds the same decision. The digest is scheduled before a notification is held, so that no
    notification is held without a digest.
    Cost: one point read; the first time one write more. The first held notification of a digest
    costs one read and one upsert more.
    """

    def __init__(
        self, limits: DailyLimits, profiles: Profiles, clock: Clock, schedule: ScheduleDigest
    ) -> None:
        self._limits = limits
        self._profiles = profiles
        self._clock = clock
        self._schedule = schedule
        self._locks = WeakValueDictionary[str, asyncio.Lock]()

    async def __call__(self, item: NotificationRequested, name: str, service_id: ServiceId) -> bool:
        """Tell whether the notification may go out. The answer for a name never changes.

        Raise UnavailableError, also where other calls change the limit too often.
        Concurrency: in this process, the calls for a citizen run one after another.
        """
        # with the lock, only the writes of other processes cause retries
        async with self._locks.setdefault(item.fiscal_code, asyncio.Lock()):
            return await until_written("a daily limit", lambda: self._judge(item, name, service_id))

    async def _judge(self, item: NotificationRequested, name: str, service_id: ServiceId) -> bool:
        citizen = item.fiscal_code
        limit, etag = await self._limits.read(citizen)
        verdict = limit.verdict(name)
        if verdict is not None:
            return verdict
        now = self._clock.now()
        verdict = limit.has_room(now, item.at_most, service_id)
        if verdict:
            after = limit.let_through(name, now, service_id)
        else:
            held = HeldNotification(name, item.message_id, item.kind == "REMINDER")
            after = limit.hold(held, now, await self._digest(citizen, limit, now))
        await self._limits.write(citizen, after, etag)
        return verdict

    async def _digest(self, citizen: str, limit: DailyLimit, now: datetime) -> datetime | None:
        """Return the time of the digest, and schedule the digest if it is not scheduled yet."""
        if not limit.needs_digest(now):
            return limit.digest_at
        profile = await self._profiles.profile(citizen)
        at = limit.next_digest(now, profile.quiet_hours if profile else None)
        if at is not None:
            await self._schedule(citizen, day_of(at), at)
        return at


def is_urgent(item: NotificationRequested, days_left: int | None) -> bool:
    """Tell whether the notification is urgent, so that the daily limit never holds it.

    It is urgent if its due date is near, or if the citizen chose its time by a snooze.
    """
    if item.kind != "REMINDER":
        return False
    chosen = item.step.startswith(SNOOZE)
    return chosen or (days_left is not None and days_left <= URGENT_DAYS)
