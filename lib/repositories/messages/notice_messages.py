"""Change the message of a payment notice when the notice is amended."""

from typing import Final

from lib.domain.messages.message import Message
from lib.ports.documents import DocumentStore, PatchOperation
from lib.ports.schema import MESSAGES
from lib.repositories.messages.message_mapping import document_of
from lib.repositories.messages.messages import StoredMessage

_AMENDED: Final = (
    "content",
    "amount",
    "due_date",
    "due_day",
    "message_title",
    "notice_version",
    "amended_at",
)
"""No other write changes any of these fields, but a rejection: it takes some away."""


class NoticeMessages:
    """Amend the messages of payment notices. Cost: one patch for each amendment."""

    def __init__(self, store: DocumentStore) -> None:
        self._store = store

    async def amend(self, stored: StoredMessage, amended: Message) -> None:
        """Change the message as read to the amended one.

        Raise NotFoundError, PreconditionFailedError where the message changed meanwhile.
        Concurrency: a fan-out may come before or after: it writes none of these fields, unless it
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
