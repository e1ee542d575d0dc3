"""Delete the messages to an erased citizen, and the name in what their senders keep of them."""

import contextlib
from typing import Final

from lib.domain.messages.message import Message
from lib.domain.messages.message_parts import MessageStatus
from lib.domain.personal_data.erasure_request import NOBODY
from lib.domain.profiles.choices import Rejection
from lib.domain.shared.identifiers import MessageId
from lib.domain.shared.values import timestamp
from lib.ports.clock import Clock
from lib.ports.errors import NotFoundError, PreconditionFailedError
from lib.repositories.messages.messages import FAILED_TTL, Messages
from lib.repositories.payments.payments import Payments
from lib.repositories.personal_data.erasing.citizens_messages import CitizensMessages, FoundMessage
from lib.use_cases.messages.sent.note_sent import NoteSent

MOST_PAGES: Final = 3
"""The pages of a hundred messages of one run, so that it ends long before the platform stops it."""
_WAITING: Final[frozenset[MessageStatus]] = frozenset({"ACCEPTED", "HELD", "SCHEDULED"})


class EraseMessages:
    """Erase messages, the oldest first; of each, what leads to it is changed before it is deleted.

    A message that waits is rejected, as for a citizen without a profile, and its sender's list says
    so. The list and the payment keep their entries, for nobody.
    Cost: one query for each hundred messages; for each message a patch and a delete, a read and a
    write for its payment, and a patch and a note for one that waits.
    Concurrency: a write of the list that comes late finds a sealed entry. A waiting message stays
    until the last stage, since its acceptance may still be writing beside it.
    """

    def __init__(
        self,
        found: CitizensMessages,
        messages: Messages,
        payments: Payments,
        note: NoteSent,
        clock: Clock,
    ) -> None:
        self._found = found
        self._messages = messages
        self._payments = payments
        self._note = note
        self._clock = clock

    async def __call__(
        self, fiscal_code: str, since: str, after: MessageId, *, is_last: bool
    ) -> MessageId | None:
        """Erase the messages after this one; return the last one of this run, None at the end.

        `since`: when the erasure began; an entry of a message that changed later may be missing in
        the list. `is_last`: of the last stage. Raise UnavailableError.
        """
        for _ in range(MOST_PAGES):
            page = await self._found.page(fiscal_code, after)
            if not page:
                return None
            for one in page:
                await self._erase(fiscal_code, one, since, is_last=is_last)
            after = page[-1].id
        return after

    async def _erase(
        self, fiscal_code: str, one: FoundMessage, since: str, *, is_last: bool
    ) -> None:
        message, waits = one.message, False
        if message is not None:
            waits = message.status in _WAITING
            settled = await self._settled(message) if waits else message
            if settled is not None and settled.settled_at >= since:
                await self._note(settled)
            if message.payment is not None:
                await self._payments.change(
                    message.payment.rpt_id,
                    lambda payment: payment.without_citizen(fiscal_code, NOBODY),
                )
        await self._found.seal(one.service_id, one.id)
        if is_last or not waits:
            await self._found.delete(fiscal_code, one.id)

    async def _settled(self, message: Message) -> Message | None:
        """Reject the message that waits; return it as it is after another write."""
        at = timestamp(self._clock.now())
        with contextlib.suppress(NotFoundError, PreconditionFailedError):
            return await self._messages.reject(
                message.fiscal_code,
                message.id,
                at,
                Rejection.USER_NOT_FOUND,
                FAILED_TTL,
                before=message.status,
            )
        found = await self._messages.find(message.fiscal_code, message.id)
        return None if found is None else found.message
