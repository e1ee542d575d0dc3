"""Mark a message of the inbox as read, or move it in and out of the archive."""

from lib.domain.identity.access import Access
from lib.domain.messages.errors import MessageNotFoundError
from lib.domain.messages.message import Message
from lib.domain.shared.identifiers import MessageId, is_ulid
from lib.domain.shared.values import timestamp
from lib.ports.clock import Clock
from lib.ports.errors import NotFoundError, PreconditionFailedError
from lib.repositories.messages.messages import Messages
from lib.use_cases.statistics.sender_events import SenderEvents


class ChangeMessageStatus:
    """Mark a citizen's message as read or archived; a flag that is not given keeps its value.

    Cost: one patch, or two if the message was read before. The reading of a message with a payment
    costs one create more.
    """

    def __init__(self, messages: Messages, events: SenderEvents, clock: Clock) -> None:
        self._messages = messages
        self._events = events
        self._clock = clock

    async def __call__(
        self,
        access: Access,
        message_id: MessageId,
        *,
        is_read: bool | None,
        is_archived: bool | None,
    ) -> Message:
        """Return the message after the change. Raise MessageNotFoundError."""
        if not is_ulid(message_id):
            raise MessageNotFoundError
        try:
            message = await self._set(
                access.subject, message_id, is_read=is_read, is_archived=is_archived
            )
        except (NotFoundError, PreconditionFailedError):
            raise MessageNotFoundError from None
        if is_read:
            await self._events.read(message)
        return message

    async def _set(
        self,
        fiscal_code: str,
        message_id: MessageId,
        *,
        is_read: bool | None,
        is_archived: bool | None,
    ) -> Message:
        if is_read:
            at = timestamp(self._clock.now())
            try:
                return await self._messages.set_flags(
                    fiscal_code, message_id, is_read=True, is_archived=is_archived, read_at=at
                )
            except PreconditionFailedError:
                # the message was read before, or is not in the inbox: the second patch decides
                pass
        return await self._messages.set_flags(
            fiscal_code, message_id, is_read=is_read, is_archived=is_archived
        )
