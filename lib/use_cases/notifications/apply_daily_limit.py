"""Hold a notification that the citizen's daily limit has no room for, until the digest."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from lib.domain.notifications.daily_limit import (
    URGENT_DAYS,
    DailyLimit,
    HeldNotification,
    day_of,
    has_room,
)
from lib.domain.notifications.delivery import COUNTED, Claim, DeliveryStatus
from lib.domain.reminders.plan import SNOOZE
from lib.domain.shared.values import timestamp
from lib.ports.clock import Clock
from lib.ports.errors import UnavailableError
from lib.ports.queueing.items.notifications import NotificationRequested
from lib.repositories.notifications.daily_limits import DailyLimits
from lib.repositories.notifications.notifications import Notifications
from lib.repositories.profiles.profiles import Profiles
from lib.repositories.shared.optimistic import until_written
from lib.use_cases.notifications.schedule_digest import ScheduleDigest

DECIDING: Final = timedelta(minutes=1)
"""Longer than a decision takes: an older claim that is not held was let through."""


class ApplyDailyLimit:
    """Decide whether a claimed notification may go out, or hold it for the citizen's digest.

    The claims of the day are counted after the claim, so that of concurrent runs the last one sees
    all others, except those of the last milliseconds, since a query may lag. The digest is
    scheduled before a notification is held, so that no notification is held without a digest.
    Cost: one query. A held notification costs one read and one write more, the first one of a
    digest one read and one upsert more.
    """

    def __init__(
        self,
        notifications: Notifications,
        limits: DailyLimits,
        profiles: Profiles,
        clock: Clock,
        schedule: ScheduleDigest,
    ) -> None:
        self._notifications = notifications
        self._limits = limits
        self._profiles = profiles
        self._clock = clock
        self._schedule = schedule

    async def __call__(self, item: NotificationRequested, claim: Claim, *, is_new: bool) -> bool:
        """Tell whether the notification is held.

        `is_new`: the claim was just made. Otherwise an earlier run made it, and only the claims
        before it count: a run that died before it held the notification gets its successor's
        decision, and a run that died while it was sending is not taken for held.
        Raise UnavailableError, also where other calls change the held notifications too often.
        Concurrency: two runs that see each other may both hold.
        """
        own = claim.delivery
        claims = await self._notifications.of_day(own.recipient, own.day)
        channels = [one for one in claims if one.delivery.name == own.name]
        others = [one for one in claims if one.delivery.name != own.name]
        if not is_new:
            others = [one for one in others if one.claimant < claim.claimant]
        taken = {
            one.delivery.name: one.delivery.service_id for one in others if one.status in COUNTED
        }
        is_held = any(one.status is DeliveryStatus.HELD for one in channels)
        if not is_held and has_room(taken, item.at_most, own.service_id):
            return False
        if is_new and not is_held and self._is_let_through(claim, channels):
            return False
        await self._hold(item, own.name)
        return True

    def _is_let_through(self, claim: Claim, channels: Sequence[Claim]) -> bool:
        """Tell whether another channel of the notification was let through.

        Raise UnavailableError where that channel's run may be deciding.
        """
        since = timestamp(self._clock.now() - DECIDING)
        others = [one for one in channels if one.delivery != claim.delivery]
        counted = [one for one in others if one.status in COUNTED]
        if any(one.is_left and one.claimed_at >= since for one in counted):
            raise UnavailableError("another channel of the notification is being decided")
        return bool(counted)

    async def _hold(self, item: NotificationRequested, name: str) -> None:
        """Add the notification to those that the digest tells, once."""
        citizen = item.fiscal_code
        is_reminder = item.kind == "REMINDER"
        held = HeldNotification(name, item.message_id, is_reminder, item.delegation_id)

        async def attempt() -> None:
            limit, etag = await self._limits.read(citizen)
            if not limit.holds(name):
                digest_at = await self._digest(citizen, limit, self._clock.now())
                await self._limits.write(citizen, limit.hold(held, digest_at), etag)

        await until_written("a daily limit", attempt)

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
