"""Mark a message of the inbox as read, or move it in and out of the archive."""

from lib.domain.errors import MessageNotFoundError
from lib.domain.values import is_ulid
from lib.ports.documents import Document, DocumentStore
from lib.ports.errors import NotFoundError, PreconditionFailedError
from lib.repositories.messages import Messages


class ChangeMessageStatus:
    """One patch; a flag that is not named keeps its value."""

    def __init__(self, store: DocumentStore) -> None:
        self._messages = Messages(store)

    async def __call__(
        self, fiscal_code: str, message_id: str, *, is_read: bool | None, is_archived: bool | None
    ) -> Document:
        """Return the message after the change; raise MessageNotFoundError."""
        flags = {"is_read": is_read, "is_archived": is_archived}
        if not is_ulid(message_id):
            raise MessageNotFoundError
        try:
            stored = await self._messages.set_flags(
                fiscal_code,
                message_id,
                {name: value for name, value in flags.items() if value is not None},
            )
        except (NotFoundError, PreconditionFailedError):
            raise MessageNotFoundError from None
        return stored.document
