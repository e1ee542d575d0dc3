"""Store payment notices: one document for each notice number, beside the payment."""

from typing import Final, NamedTuple

from lib.domain.payment_notices.notice import Amendment, Notice
from lib.domain.payment_notices.notice_request import Term
from lib.domain.shared.values import FiscalCode
from lib.ports.documents import Document, DocumentStore
from lib.ports.errors import NotFoundError
from lib.ports.schema import PAYMENTS

_ID: Final = "notice"
_ALIKE: Final = (
    "payee",
    "service_id",
    "user_id",
    "created_at",
    "language",
    "subject",
    "description",
    "invalid_after_due_date",
    "has_whole",
    "version",
    "cancelled_at",
    "reopened_at",
    "version_reopened",
    "undone_at",
)
"""What is stored as it is."""


class LaterInstalment(NamedTuple):
    """The claim on the number of a later instalment; `of`: the rpt_id of its notice."""

    rpt_id: str
    of: str
    service_id: str


class StoredNotice(NamedTuple):
    """The document of a notice number, as read."""

    what: Notice | LaterInstalment
    etag: str


class Notices:
    """Store the owner of each notice number, in the number's own partition.

    So no number is used twice.
    """

    def __init__(self, store: DocumentStore) -> None:
        self._store = store

    async def get(self, rpt_id: str) -> StoredNotice | None:
        """Return the document of the number, None where the number is free."""
        try:
            stored = await self._store.read(PAYMENTS, rpt_id, _ID)
        except NotFoundError:
            return None
        document = stored.document
        if "part_of" in document:
            part = LaterInstalment(rpt_id, document["part_of"], document["service_id"])
            return StoredNotice(part, stored.etag)
        return StoredNotice(_notice(document), stored.etag)

    async def create(self, what: Notice | LaterInstalment) -> None:
        """Claim the number; raise ConflictError where it is in use."""
        await self._store.create(PAYMENTS, _document(what))

    async def replace(self, what: Notice | LaterInstalment, etag: str) -> None:
        """Replace the document that was read; raise NotFoundError, PreconditionFailedError."""
        await self._store.replace(PAYMENTS, _document(what), if_match=etag)


def _document(what: Notice | LaterInstalment) -> Document:
    if isinstance(what, LaterInstalment):
        claim = {"part_of": what.of, "service_id": what.service_id}
        return {"id": _ID, "rpt_id": what.rpt_id, **claim}
    return {
        "id": _ID,
        "rpt_id": what.rpt_id,
        **{name: getattr(what, name) for name in _ALIKE},
        "fiscal_code": what.fiscal_code,
        "terms": [
            {**term._asdict(), "message_id": message_id}
            for term, message_id in zip(what.terms, what.message_ids, strict=True)
        ],
        "amendments": [one._asdict() for one in what.amendments],
    }


def _notice(document: Document) -> Notice:
    terms = document["terms"]
    return Notice(
        # an older version stored fewer ids
        **{name: document[name] for name in _ALIKE if name in document},
        fiscal_code=FiscalCode(document["fiscal_code"]),
        terms=tuple(Term(*(one.get(name) for name in Term._fields)) for one in terms),
        message_ids=tuple(one["message_id"] for one in terms),
        amendments=tuple(
            Amendment(one["version"], one["at"], tuple(one["changed"]))
            for one in document["amendments"]
        ),
    )
