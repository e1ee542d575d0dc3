"""Find the messages that a digest tells of, and count those that still need the citizen."""

import asyncio
from dataclasses import dataclass
from typing import Final

from lib.domain.messages.errors import MessageNotFoundError
from lib.domain.messages.message import Message
from lib.domain.notifications.daily_limit import Digest
from lib.domain.shared.identifiers import MessageId
from lib.ports.queueing.items.notifications import NotificationRequested
from lib.repositories.messages.messages import Messages
from lib.repositories.notifications.daily_limits import DailyLimits

MAX_MESSAGES_READ: Final = 20
"""The most messages that a digest reads; older messages count as unread."""


@dataclass(frozen=True, slots=True)
class DigestContent:
    """The newest message that the digest may open, and the number of messages in the digest."""

    newest: Message
    count: int


class DigestMessages:
    """Read the messages of a digest. Cost: one point read for each message, at most 20."""

    def __init__(self, limits: DailyLimits, messages: Messages) -> None:
        self._limits = limits
        self._messages = messages

    async def content(self, citizen: str, digest: Digest) -> DigestContent | None:
        """Return what the digest tells; None where nothing is left to tell."""
        looks = (self._message(citizen, id_) for id_ in digest.messages[:MAX_MESSAGES_READ])
        found = [message for message in await asyncio.gather(*looks) if message is not None]
        reminded = {held.message_id for held in digest.held if held.is_reminder}
        known = sum(
            message.needs_attention(is_reminder=message.id in reminded) for message in found
        )
        count = known + len(digest.messages[MAX_MESSAGES_READ:]) + digest.beyond
        return DigestContent(found[0], count) if count and found else None

    async def content_of(self, item: NotificationRequested) -> DigestContent | None:
        """Return what the digest of an item tells now; None for a digest that another followed.

        Cost: one point read more than `content`.
        """
        limit, _ = await self._limits.read(item.fiscal_code)
        digest = limit.digest
        if digest is None or digest.day != item.step:
            return None
        return await self.content(item.fiscal_code, digest)

    async def _message(self, citizen: str, id_: MessageId) -> Message | None:
        """Return the message; None where it is gone, or its sender withdrew it."""
        try:
            message = await self._messages.get(citizen, id_)
        except MessageNotFoundError:
            return None
        return message if message.is_valid else None
