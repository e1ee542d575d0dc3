"""Change the message of a payment notice when the notice is amended."""

from typing import Final

from lib.domain.messages.message import Message
from lib.ports.documents import DocumentStore, PatchOperation
from lib.ports.schema.messages import MESSAGES
from lib.repositories.messages.message_mapping import StoredMessage, document_of

_AMENDED: Final = (
    "content",
    "amount",
    "due_date",
    "due_day",
    "message_title",
    "notice_version",
    "amended_at",
)
"""The fields of an amendment. No other write changes them; a rejection removes some of them."""


class NoticeMessages:
    """Amend the messages of payment notices. Cost: one patch for each amendment."""

    def __init__(self, store: DocumentStore) -> None:
        self._store = store

    async def amend(self, stored: StoredMessage, amended: Message) -> None:
        """Replace the fields of an amendment in the message as read.

        Raise NotFoundError, PreconditionFailedError if the message has changed meanwhile.
        Concurrency: the fan-out may come before or after. It changes none of these fields unless it
        rejects the message.
        """
        document = document_of(amended)
        await self._store.patch(
            MESSAGES,
            amended.fiscal_code,
            amended.id,
            tuple(PatchOperation("set", f"/{name}", document.get(name)) for name in _AMENDED),
            if_match=stored.etag,
        )
