"""Send a citizen the evening digest of the notifications that were held on that day."""

import asyncio
from typing import Final

from lib.domain.messages.errors import MessageNotFoundError
from lib.domain.messages.message import Message
from lib.domain.notifications.daily_limit import Digest, day_of
from lib.domain.profiles.choices import Decision, Profile
from lib.domain.shared.identifiers import MessageId
from lib.domain.shared.quiet_hours import closes, opens
from lib.ports.clock import Clock
from lib.ports.queueing.items import DigestDue
from lib.repositories.messages.messages import Messages
from lib.repositories.notifications.daily_limits import DailyLimits
from lib.repositories.profiles.profiles import Profiles
from lib.use_cases.notifications.request_notifications import RequestNotifications, notifications_of
from lib.use_cases.notifications.schedule_digest import ScheduleDigest

MAX_CONCURRENT: Final = 8
"""The most digests at a time in one process.

All digests are due at the same hour, and the process must also answer requests.
"""
MAX_MESSAGES_READ: Final = 20
"""The most messages that a digest reads; older messages count as unread."""


class SendDigest:
    """Send the digest: the number of messages that the daily limit held back today.

    The messages of the digest are fixed first. A message that is held later belongs to the next
    digest.
    Cost: two point reads, one replace, one point read for each message, one put for each channel.
    Concurrency: a repeated run requests the same digest, whose deliveries are claimed already.
    """

    def __init__(
        self,
        limits: DailyLimits,
        messages: Messages,
        profiles: Profiles,
        clock: Clock,
        request: RequestNotifications,
        schedule: ScheduleDigest,
    ) -> None:
        self._limits = limits
        self._messages = messages
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
        quiet, now = profile.quiet_hours if profile else None, self._clock.now()
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
        if digest is None or digest.day != item.day or profile is None or until is None:
            return
        found = await self._found(citizen, digest)
        count = self._count(digest, found)
        if count and found:
            channels = self._request.reachable(found[0], _decision(profile))
            notifications = notifications_of(
                found[0],
                profile,
                channels,
                kind="DIGEST",
                step=digest.day,
                until=until,
                count=count,
            )
            await self._request(notifications)

    async def _found(self, citizen: str, digest: Digest) -> list[Message]:
        """Return the messages of the digest, the newest first, at most MAX_MESSAGES_READ."""
        looks = (self._message(citizen, id_) for id_ in digest.messages[:MAX_MESSAGES_READ])
        return [message for message in await asyncio.gather(*looks) if message is not None]

    async def _message(self, citizen: str, id_: MessageId) -> Message | None:
        """Return the message; None where it is gone, or its sender withdrew it."""
        try:
            message = await self._messages.get(citizen, id_)
        except MessageNotFoundError:
            return None
        return message if message.is_valid else None

    @staticmethod
    def _count(digest: Digest, found: list[Message]) -> int:
        reminded = {held.message_id for held in digest.held if held.is_reminder}
        known = sum(
            message.needs_attention(is_reminder=message.id in reminded) for message in found
        )
        return known + len(digest.messages[MAX_MESSAGES_READ:]) + digest.beyond


def _decision(profile: Profile) -> Decision:
    """Return the channels that the citizen has, without the choices for single services."""
    if not profile.is_inbox_enabled:
        return Decision(None)
    return Decision(None, push=profile.is_webhook_enabled, email=profile.takes_email)
