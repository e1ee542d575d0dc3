"""Give a citizen the due date of a message, for their calendar."""

from lib.domain.documents.documents import CalendarEntry
from lib.domain.documents.errors import NoDueDateError
from lib.domain.shared.values import parse_timestamp
from lib.ports.documents import DocumentStore
from lib.repositories.messages.message_documents import deadline_of
from lib.use_cases.messages.read_message import ReadMessage
from lib.use_cases.payments.standings import Standings


class ReadCalendarEntry:
    """Return the calendar entry of a message's due date.

    Cost: one point read, and what Standings reads where there is a payment.
    """

    def __init__(self, store: DocumentStore) -> None:
        self._read_message = ReadMessage(store)
        self._standings = Standings(store)

    async def __call__(self, fiscal_code: str, message_id: str) -> CalendarEntry:
        """Raise MessageNotFoundError, NoDueDateError."""
        message = await self._read_message(fiscal_code, message_id)
        content, deadline = message["content"], deadline_of(message)
        if deadline is None:
            raise NoDueDateError
        standing = await self._standings.of_message(message)
        changed = [message["created_at"], *message.get("amended_at", ())]
        if standing is not None and standing.changed_at is not None:
            changed.append(standing.changed_at)
        return CalendarEntry(
            message_id=message["id"],
            changed_at=parse_timestamp(max(changed)),
            organization=message["organization_name"],
            subject=content["subject"],
            deadline=deadline,
            amount=content.get("payment_data", {}).get("amount"),
            status=standing.status if standing else "NOT_PAID",
            # both parts only grow
            sequence=message.get("notice_version", 1) - 1 + (standing.changes if standing else 0),
        )
