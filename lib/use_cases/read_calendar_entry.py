"""Give a citizen the due date of a message, for their calendar."""

from lib.domain.errors import NoDueDateError
from lib.domain.papers import CalendarEntry
from lib.domain.values import parse_timestamp
from lib.ports.documents import DocumentStore
from lib.repositories.message_documents import deadline_of
from lib.use_cases.read_message import ReadMessage


class ReadCalendarEntry:
    """One point read."""

    def __init__(self, store: DocumentStore) -> None:
        self._read_message = ReadMessage(store)

    async def __call__(self, fiscal_code: str, message_id: str) -> CalendarEntry:
        """Raise MessageNotFoundError, NoDueDateError."""
        message = await self._read_message(fiscal_code, message_id)
        content, deadline = message["content"], deadline_of(message)
        if deadline is None:
            raise NoDueDateError
        return CalendarEntry(
            message_id=message["id"],
            created_at=parse_timestamp(message["created_at"]),
            organization=message["organization_name"],
            subject=content["subject"],
            deadline=deadline,
            amount=content.get("payment_data", {}).get("amount"),
        )
