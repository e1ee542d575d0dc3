"""Store the flags that citizens set of messages, each in the document of its message."""

from lib.domain.inbox.flags import Flags
from lib.domain.messages.message import Message
from lib.domain.shared.identifiers import MessageId
from lib.ports.documents import Condition, DocumentStore, PatchOperation
from lib.ports.schema.messages import MESSAGES
from lib.repositories.messages.message_mapping import message_of


class Marks:
    """Set flags of messages in the inbox. Cost: one patch for each call."""

    def __init__(self, store: DocumentStore) -> None:
        self._store = store

    async def set(
        self, fiscal_code: str, id_: MessageId, flags: Flags, read_at: str | None = None
    ) -> Message:
        """Set the given flags, all but that of the bin; return the changed message.

        `read_at`: the time of the first reading, to store it. Raise NotFoundError;
        PreconditionFailedError if the message is not in the inbox, or if `read_at` is given and the
        message was read before.
        """
        values = {
            "is_read": flags.is_read,
            "is_archived": flags.is_archived,
            "is_starred": flags.is_starred,
            "read_at": read_at,
        }
        where = [Condition("status", "=", "PROCESSED")]
        if read_at is not None:
            where.append(Condition("is_read", "=", value=False))
        operations = [
            PatchOperation("set", f"/{name}", value)
            for name, value in values.items()
            if value is not None
        ]
        stored = await self._store.patch(MESSAGES, fiscal_code, id_, operations, where=tuple(where))
        return message_of(stored.document)
