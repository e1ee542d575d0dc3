"""Find the messages that a digest tells of, and count those that still need the citizen."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from lib.domain.identity.acting import DelegationId
from lib.domain.messages.errors import MessageNotFoundError
from lib.domain.messages.message import Message
from lib.domain.notifications.daily_limit import Digest
from lib.domain.shared.identifiers import FiscalCode, MessageId
from lib.ports.queueing.items.notifications import NotificationRequested
from lib.repositories.messages.messages import Messages
from lib.repositories.notifications.daily_limits import DailyLimits

MAX_MESSAGES_READ: Final = 20
"""The most messages that a digest reads; older messages count as unread."""

type OwnerOf = Callable[[FiscalCode, DelegationId], Awaitable[FiscalCode | None]]
"""Returns the owner of a delegate's delegation that is in force; None without one."""


@dataclass(frozen=True, slots=True)
class DigestContent:
    """The newest message that the digest may open, and the number of messages in the digest.

    `delegation_id`: that by which the citizen opens the newest message, if it is in another inbox.
    """

    newest: Message
    count: int
    delegation_id: DelegationId | None = None


class DigestMessages:
    """Read the messages of a digest.

    A message of another inbox counts while its delegation is in force.
    Cost: one point read for each message, at most 20; two more for one of another inbox.
    """

    def __init__(self, limits: DailyLimits, messages: Messages, owner_of: OwnerOf) -> None:
        self._limits = limits
        self._messages = messages
        self._owner_of = owner_of

    async def content(self, citizen: str, digest: Digest) -> DigestContent | None:
        """Return what the digest tells; None where nothing is left to tell."""
        by = {held.message_id: held.delegation_id for held in digest.held}
        ids = digest.messages[:MAX_MESSAGES_READ]
        looks = (self._message(citizen, id_, by[id_]) for id_ in ids)
        found = [message for message in await asyncio.gather(*looks) if message is not None]
        reminded = {held.message_id for held in digest.held if held.is_reminder}
        known = sum(
            message.needs_attention(is_reminder=message.id in reminded) for message in found
        )
        count = known + len(digest.messages[MAX_MESSAGES_READ:]) + digest.beyond
        if not count or not found:
            return None
        return DigestContent(found[0], count, by[found[0].id])

    async def content_of(self, item: NotificationRequested) -> DigestContent | None:
        """Return what the digest of an item tells now; None for a digest that another followed.

        Cost: one point read more than `content`.
        """
        limit, _ = await self._limits.read(item.fiscal_code)
        digest = limit.digest
        if digest is None or digest.day != item.step:
            return None
        return await self.content(item.fiscal_code, digest)

    async def _message(
        self, citizen: str, id_: MessageId, delegation_id: DelegationId | None
    ) -> Message | None:
        """Return the message; None where it is gone, or its sender withdrew it.

        None also where the delegation by which the citizen saw it is not in force any more.
        """
        owner: str | None = citizen
        if delegation_id is not None:
            owner = await self._owner_of(FiscalCode(citizen), delegation_id)
        if owner is None:
            return None
        try:
            message = await self._messages.get(owner, id_)
        except MessageNotFoundError:
            return None
        return message if message.is_valid else None
