"""Mark a message of the inbox, or move it between inbox, archive and bin."""

from lib.domain.identity.access import Access
from lib.domain.inbox.flags import Flags
from lib.domain.messages.errors import MessageNotFoundError
from lib.domain.messages.message import Message
from lib.domain.shared.identifiers import MessageId, is_ulid
from lib.domain.shared.values import timestamp
from lib.ports.clock import Clock
from lib.ports.errors import NotFoundError, PreconditionFailedError
from lib.repositories.inbox.marks import Marks
from lib.use_cases.inbox.bin_message import BinMessage
from lib.use_cases.statistics.sender_events import SenderEvents


class ChangeMessageStatus:
    """Set flags of a citizen's message; a flag that is not given keeps its value.

    Cost: one patch, or two if the message was read before. The reading of a message with a payment
    costs one create more. A move to the bin or from there costs what BinMessage does.
    """

    def __init__(self, marks: Marks, move: BinMessage, events: SenderEvents, clock: Clock) -> None:
        self._marks = marks
        self._move = move
        self._events = events
        self._clock = clock

    async def __call__(self, access: Access, message_id: MessageId, flags: Flags) -> Message:
        """Return the message after the change. Raise MessageNotFoundError."""
        if not is_ulid(message_id):
            raise MessageNotFoundError
        if flags.is_binned is not None:
            return await self._move(access, message_id, is_binned=flags.is_binned)
        try:
            message = await self._set(access.subject, message_id, flags)
        except (NotFoundError, PreconditionFailedError):
            raise MessageNotFoundError from None
        if flags.is_read:
            await self._events.read(message)
        return message

    async def _set(self, fiscal_code: str, message_id: MessageId, flags: Flags) -> Message:
        if flags.is_read:
            at = timestamp(self._clock.now())
            try:
                return await self._marks.set(fiscal_code, message_id, flags, read_at=at)
            except PreconditionFailedError:
                # the message was read before, or is not in the inbox: the second patch decides
                pass
        return await self._marks.set(fiscal_code, message_id, flags)
