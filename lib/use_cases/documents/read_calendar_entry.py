"""Return the due date of a message for the citizen's calendar."""

from lib.domain.documents.documents import CalendarEntry
from lib.domain.documents.errors import NoDueDateError, WithdrawnError
from lib.domain.identity.access import Access
from lib.domain.shared.identifiers import MessageId
from lib.domain.shared.values import parse_timestamp
from lib.use_cases.messages.read_message import ReadMessage
from lib.use_cases.payments.standings import Standings


class ReadCalendarEntry:
    """Return the calendar entry of a message's due date.

    Cost: one point read; for a message with a payment, the reads of Standings too.
    """

    def __init__(self, read_message: ReadMessage, standings: Standings) -> None:
        self._read_message = read_message
        self._standings = standings

    async def __call__(self, access: Access, message_id: MessageId) -> CalendarEntry:
        """Return the calendar entry; raise MessageNotFoundError, WithdrawnError, NoDueDateError."""
        message = await self._read_message(access, message_id)
        if message.withdrawal is not None:
            raise WithdrawnError
        deadline, payment = message.deadline, message.payment
        if deadline is None:
            raise NoDueDateError
        standing = await self._standings.of_message(message)
        changed = [message.created_at, *message.amended_at]
        if standing is not None and standing.changed_at is not None:
            changed.append(standing.changed_at)
        return CalendarEntry(
            message_id=message.id,
            changed_at=parse_timestamp(max(changed)),
            organization=message.sender.organization_name,
            subject=message.title,
            deadline=deadline,
            amount=None if payment is None else payment.amount,
            status=standing.status if standing else "NOT_PAID",
            # both summands only grow, so the sequence number does too
            sequence=(message.notice_version or 1) - 1 + (standing.changes if standing else 0),
        )
