"""The messages of payment notices as stored, and how an amended notice changes them."""

from typing import Final

from ulid import ULID

from lib.domain.messages.new_message import NewMessage
from lib.domain.payment_notices.notice import Notice
from lib.domain.profiles.recipient import DEFAULT_LANGUAGE, Language
from lib.domain.services.service import Sender
from lib.domain.shared.values import timestamp
from lib.ports.documents import Document, DocumentStore, PatchOperation, Stored
from lib.ports.errors import NotFoundError
from lib.ports.schema import MESSAGES
from lib.repositories.messages.message_documents import new_document

_AMENDED: Final = (
    "content",
    "amount",
    "due_date",
    "due_day",
    "message_title",
    "notice_version",
    "amended_at",
)
"""No other write changes any of these, but a rejection: it takes the content away."""


def notice_message(notice: Notice, id_: str, sender: Sender, message: NewMessage) -> Document:
    """Build the document of a term's message, created when its id was.

    `notice_version` is what it was made of; `amended_at` the times at which it changed before.
    """
    document = new_document(
        id_=id_,
        created_at=timestamp(ULID.from_str(id_).datetime),
        sender=sender,
        recipient=notice.fiscal_code,
        message=message,
    )
    document["notice_version"] = notice.version
    document["language"] = notice.language
    document["amended_at"] = [one.at for one in notice.amendments]
    return document


def language_of(message: Document) -> Language:
    """Return the language that a notice's message is in; an earlier version did not note it."""
    language: Language = message.get("language", DEFAULT_LANGUAGE)
    return language


class NoticeMessages:
    """Messages that a notice makes and amends."""

    def __init__(self, store: DocumentStore) -> None:
        self._store = store

    async def get(self, fiscal_code: str, id_: str) -> Stored | None:
        """Return the message in whatever status, None where there is none."""
        try:
            return await self._store.read(MESSAGES, fiscal_code, id_)
        except NotFoundError:
            return None

    async def create(self, document: Document) -> None:
        """Raise ConflictError when the message is there already."""
        await self._store.create(MESSAGES, document)

    async def amend(self, stored: Stored, document: Document) -> None:
        """Have the message say what the document says; raise PreconditionFailedError.

        A fan-out may come before or after: it writes none of these fields, unless it rejects.
        """
        await self._store.patch(
            MESSAGES,
            document["fiscal_code"],
            document["id"],
            tuple(PatchOperation("set", f"/{name}", document.get(name)) for name in _AMENDED),
            if_match=stored.etag,
        )
