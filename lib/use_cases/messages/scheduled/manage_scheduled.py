"""List a sender's scheduled messages, and cancel them."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from lib import telemetry
from lib.domain.messages.errors import AlreadySentError, ScheduledMessageNotFoundError
from lib.domain.messages.message import Message
from lib.domain.messages.message_parts import MessageStatus
from lib.domain.messages.scheduled.scheduled_message import ScheduledEntry
from lib.domain.messages.scheduled.set_time import is_unsent
from lib.domain.profiles.choices import Rejection
from lib.domain.services.service import Sender, check_recipient
from lib.domain.shared.identifiers import MessageId
from lib.domain.shared.values import parse_timestamp, timestamp
from lib.ports.clock import Clock
from lib.ports.errors import NotFoundError, PreconditionFailedError
from lib.repositories.messages.messages import Messages
from lib.repositories.messages.scheduled_messages import ScheduledMessages
from lib.use_cases.messages.sent.note_sent import NoteSent

ABANDONED_AFTER: Final = timedelta(hours=1)
"""Longer than a submission takes: an older entry without a message belongs to none."""


@dataclass(frozen=True, slots=True)
class ScheduledPage:
    """A page of scheduled messages, the next one to be sent first.

    `cursor`: the end of the page, None on the last page.
    """

    messages: list[Message]
    cursor: MessageId | None


class ManageScheduled:
    """List and cancel scheduled messages; an intermediary sees only those that it sent."""

    def __init__(
        self,
        entries: ScheduledMessages,
        messages: Messages,
        clock: Clock,
        note: NoteSent,
        *,
        cancelled_ttl: int,
    ) -> None:
        self._entries = entries
        self._messages = messages
        self._clock = clock
        self._note = note
        self._cancelled_ttl = cancelled_ttl

    async def page(self, sender: Sender, size: int, after: MessageId | None) -> ScheduledPage:
        """Return a page, which may be shorter than `size` although more follow.

        Each message is read, so a message that was cancelled, withdrawn or never stored is not
        shown. Cost: one query, and one point read for each entry.
        """
        entries = await self._entries.page(
            sender.service.id,
            sender.owner.user_id,
            since=self._clock.now(),
            after=after,
            size=size + 1,
        )
        shown = entries[:size]
        found = await asyncio.gather(*map(self._waiting, shown))
        cursor = shown[-1].message_id if len(entries) > size else None
        return ScheduledPage([one for one in found if one is not None], cursor)

    async def _waiting(self, entry: ScheduledEntry) -> Message | None:
        found = await self._messages.find(entry.fiscal_code, entry.message_id)
        if found is None:
            await self._tidy(entry)
            return None
        return found.message if found.message.status == "SCHEDULED" else None

    async def _tidy(self, entry: ScheduledEntry) -> None:
        """Remove the entry of a submission that died before it stored its message."""
        if self._clock.now() - parse_timestamp(entry.accepted_at) > ABANDONED_AFTER:
            await self._entries.remove(entry)

    async def cancel(self, sender: Sender, message_id: MessageId) -> None:
        """Cancel a message that was not sent; a repeated cancellation succeeds.

        Raise ScheduledMessageNotFoundError, AlreadySentError, and the errors of check_recipient.
        Cost: one read, one patch, and a note.
        """
        entry = await self._entries.get(sender.service.id, message_id)
        if entry is None or not sender.owns(entry.service_id, entry.user_id):
            raise ScheduledMessageNotFoundError
        check_recipient(sender, entry.fiscal_code)
        telemetry.concerns(entry.fiscal_code)
        message = await self._reject(entry, "SCHEDULED")
        if message.status == "FAILED" and is_unsent(message):
            # an operator could still replay it
            message = await self._reject(entry, "FAILED")
        if not is_unsent(message):
            raise AlreadySentError
        # an earlier request may have died before this line
        await self._note(message, is_known=True)

    async def _reject(self, entry: ScheduledEntry, before: MessageStatus) -> Message:
        """Reject the message if it has this status, and return it in its present status."""
        fiscal_code, id_ = entry.fiscal_code, entry.message_id
        at, ttl = timestamp(self._clock.now()), self._cancelled_ttl
        try:
            cancelled = await self._messages.reject(
                fiscal_code, id_, at, Rejection.CANCELLED, ttl, before=before
            )
        except (NotFoundError, PreconditionFailedError):
            found = await self._messages.find(fiscal_code, id_)
            if found is None:
                await self._tidy(entry)
                raise ScheduledMessageNotFoundError from None
            return found.message
        telemetry.message_became("REJECTED", id_, reason=Rejection.CANCELLED)
        return cancelled
