"""Store that messages are in the bin, each in the document of its message."""

from typing import Final

from lib.domain.messages.message import Message
from lib.domain.reminders.plan import Step
from lib.ports.documents import DocumentStore, PatchOperation
from lib.ports.schema.messages import MESSAGES
from lib.repositories.messages.message_mapping import StoredMessage, message_of
from lib.repositories.messages.reminder_plans import first_planned, planned

OUT_OF_BIN: Final = PatchOperation("remove", "/binned_until")


class Bin:
    """Move messages to the bin and out of it. Cost: one patch for each message."""

    def __init__(self, store: DocumentStore) -> None:
        self._store = store

    async def put(self, stored: StoredMessage, until: str) -> Message:
        """Move a message as read to the bin, and end its reminders; return the changed message.

        Raise NotFoundError, PreconditionFailedError if the message has changed meanwhile.
        """
        is_planned = stored.message.reminders.is_planned
        return await self._change(
            stored,
            PatchOperation("set", "/status", "BINNED"),
            PatchOperation("set", "/binned_until", until),
            *(planned(None) if is_planned else ()),
        )

    async def restore(self, stored: StoredMessage, reminder: Step | None) -> Message:
        """Bring a message as read back, with its next reminder. The errors are those of `put`."""
        is_planned = stored.message.reminders.is_planned
        return await self._change(
            stored,
            PatchOperation("set", "/status", "PROCESSED"),
            OUT_OF_BIN,
            *(planned(reminder) if is_planned else first_planned(reminder)),
        )

    async def _change(self, stored: StoredMessage, *operations: PatchOperation) -> Message:
        message = stored.message
        after = await self._store.patch(
            MESSAGES, message.fiscal_code, message.id, operations, if_match=stored.etag
        )
        return message_of(after.document)
