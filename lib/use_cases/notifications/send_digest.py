"""Send a citizen the evening digest of the notifications that were held on that day."""

import asyncio
from typing import Final

from lib.domain.notifications.daily_limit import day_of
from lib.domain.profiles.choices import Decision, Profile
from lib.domain.shared.quiet_hours import closes, opens
from lib.ports.clock import Clock
from lib.ports.queueing.items.notifications import DigestDue
from lib.repositories.notifications.daily_limits import DailyLimits
from lib.repositories.profiles.profiles import Profiles
from lib.use_cases.notifications.digest_messages import DigestMessages
from lib.use_cases.notifications.request_notifications import RequestNotifications, notifications_of
from lib.use_cases.notifications.schedule_digest import ScheduleDigest

MAX_CONCURRENT: Final = 8
"""The most digests at a time in one process.

All digests are due at the same hour, and the process must also answer requests.
"""


class SendDigest:
    """Send the digest: the number of messages that the daily limit held back today.

    The messages of the digest are fixed first. A message that is held later belongs to the next
    digest.
    Cost: two point reads, one replace, one point read for each message, one put for each channel.
    Concurrency: a repeated run requests the same digest, whose notifications are claimed already.
    """

    def __init__(
        self,
        limits: DailyLimits,
        digests: DigestMessages,
        profiles: Profiles,
        clock: Clock,
        request: RequestNotifications,
        schedule: ScheduleDigest,
    ) -> None:
        self._limits = limits
        self._digests = digests
        self._profiles = profiles
        self._clock = clock
        self._request = request
        self._schedule = schedule
        self._at_once = asyncio.Semaphore(MAX_CONCURRENT)

    async def __call__(self, item: DigestDue) -> None:
        """Send the digest, or postpone it if the citizen's quiet hours have begun."""
        async with self._at_once:
            await self._send(item)

    async def _send(self, item: DigestDue) -> None:
        citizen = item.fiscal_code
        profile = await self._profiles.profile(citizen)
        if profile is None:
            # the citizen's data was erased, and nothing may be stored of the citizen any more
            return
        quiet, now = profile.quiet_hours, self._clock.now()
        if item.day > day_of(now):
            # a process with a clock ahead queued the item and removed it from the schedule
            limit, _ = await self._limits.read(citizen)
            if limit.digest_at is not None:
                await self._schedule(citizen, item.day, limit.digest_at)
            return
        until = closes(now, quiet)
        if until is None and (later := opens(now, quiet)) is not None:
            await self._schedule(citizen, item.day, later)
            return
        limit = await self._limits.change(citizen, lambda before: before.digested(item.day))
        digest = limit.digest
        if digest is None or digest.day != item.day or until is None:
            return
        content = await self._digests.content(citizen, digest)
        if content is None:
            return
        channels = self._request.reachable(content.newest, _decision(profile))
        notifications = notifications_of(
            content.newest,
            profile,
            channels,
            kind="DIGEST",
            step=digest.day,
            until=until,
            count=content.count,
        )
        # always the same message names the digest, so that a repeated run asks for no second one
        # when that message was withdrawn meanwhile; the newest one may be in another inbox
        told = {"message_id": digest.messages[0], "fiscal_code": citizen}
        await self._request(one.model_copy(update=told) for one in notifications)


def _decision(profile: Profile) -> Decision:
    """Return the channels that the citizen has, without the choices for single services."""
    if not profile.is_inbox_enabled:
        return Decision(None)
    return Decision(None, push=profile.is_webhook_enabled, email=profile.takes_email)
