"""Store payment notices: one document for each notice number, beside the payment."""

from typing import Final, NamedTuple

from lib.domain.payment_notices.notice import Amendment, Notice
from lib.domain.payment_notices.notice_request import Term
from lib.domain.shared.identifiers import FiscalCode, RptId, ServiceId
from lib.ports.documents import Document, DocumentStore
from lib.ports.errors import NotFoundError
from lib.ports.schema.messages import PAYMENTS

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
    "intermediary",
    "reference",
    "markdown",
    "settings",
)
"""The fields that are stored unchanged, under their names."""


class LaterInstalment(NamedTuple):
    """The claim on the number of a later instalment. `of`: the rpt_id of its notice."""

    rpt_id: RptId
    of: RptId
    service_id: ServiceId


class StoredNotice(NamedTuple):
    """The document of a notice number, as read."""

    what: Notice | LaterInstalment
    etag: str


class Notices:
    """Store the owner of each notice number, in the number's own partition.

    So two notices cannot use the same number.
    """

    def __init__(self, store: DocumentStore) -> None:
        self._store = store

    async def get(self, rpt_id: RptId) -> StoredNotice | None:
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

    async def create(self, entry: Notice | LaterInstalment) -> None:
        """Claim the number; raise ConflictError for a number in use."""
        await self._store.create(PAYMENTS, _document(entry))

    async def replace(self, entry: Notice | LaterInstalment, etag: str) -> None:
        """Replace the document that was read; raise NotFoundError, PreconditionFailedError."""
        await self._store.replace(PAYMENTS, _document(entry), if_match=etag)


def _document(entry: Notice | LaterInstalment) -> Document:
    if isinstance(entry, LaterInstalment):
        claim = {"part_of": entry.of, "service_id": entry.service_id}
        return {"id": _ID, "rpt_id": entry.rpt_id, **claim}
    return {
        "id": _ID,
        "rpt_id": entry.rpt_id,
        **{name: getattr(entry, name) for name in _ALIKE},
        "fiscal_code": entry.fiscal_code,
        "terms": [
            {**term._asdict(), "message_id": message_id}
            for term, message_id in zip(entry.terms, entry.message_ids, strict=True)
        ],
        "amendments": [amendment._asdict() for amendment in entry.amendments],
    }


def _notice(document: Document) -> Notice:
    terms = document["terms"]
    return Notice(
        # a document of an older version has fewer of these fields
        **{name: document[name] for name in _ALIKE if name in document},
        fiscal_code=FiscalCode(document["fiscal_code"]),
        terms=tuple(Term(*(term.get(name) for name in Term._fields)) for term in terms),
        message_ids=tuple(term["message_id"] for term in terms),
        amendments=tuple(
            Amendment(amendment["version"], amendment["at"], tuple(amendment["changed"]))
            for amendment in document["amendments"]
        ),
    )
