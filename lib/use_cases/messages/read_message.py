"""Open one message of the inbox; opening does not mark it as read, as in IO."""

from lib.domain.messages.errors import MessageNotFoundError
from lib.ports.documents import Document, DocumentStore
from lib.repositories.messages.messages import Messages


class ReadMessage:
    """Return a citizen's message as stored. Cost: one point read."""

    def __init__(self, store: DocumentStore) -> None:
        self._messages = Messages(store)

    async def __call__(self, fiscal_code: str, message_id: str) -> Document:
        """Raise MessageNotFoundError unless the message is in this citizen's inbox."""
        message = await self._messages.get(fiscal_code, message_id)
        if message["status"] != "PROCESSED":
            raise MessageNotFoundError
        return message
