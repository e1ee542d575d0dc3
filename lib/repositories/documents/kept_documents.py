"""Store the personal archives of citizens: one document for each entry."""

import contextlib

from lib.domain.attachments.attached_file import AttachedFile
from lib.domain.attachments.errors import AttachmentNotFoundError
from lib.domain.documents.kept_document import KeptDocument
from lib.domain.shared.identifiers import AttachmentId, MessageId, is_ulid
from lib.ports.documents import Condition, Document, DocumentStore, Query
from lib.ports.errors import NotFoundError
from lib.ports.schema.documents import KEPT_DOCUMENTS


class KeptDocuments:
    """Store the entries of all personal archives. The id of an entry is that of its file."""

    def __init__(self, store: DocumentStore) -> None:
        self._store = store

    async def put(self, fiscal_code: str, kept: KeptDocument) -> None:
        """Store an entry, in place of an earlier one of its file. Cost: one upsert."""
        await self._store.upsert(KEPT_DOCUMENTS, _document(fiscal_code, kept))

    async def get(self, fiscal_code: str, id_: str) -> KeptDocument:
        """Return an entry. Cost: one point read. Raise AttachmentNotFoundError."""
        if not is_ulid(id_):
            raise AttachmentNotFoundError
        try:
            stored = await self._store.read(KEPT_DOCUMENTS, fiscal_code, id_)
        except NotFoundError:
            raise AttachmentNotFoundError from None
        return _kept(stored.document)

    async def find(self, fiscal_code: str, id_: str) -> KeptDocument | None:
        """Return an entry, None where there is none. Cost: one point read."""
        with contextlib.suppress(AttachmentNotFoundError):
            return await self.get(fiscal_code, id_)
        return None

    async def page(self, fiscal_code: str, size: int, before: str | None) -> list[KeptDocument]:
        """Return up to `size` entries, those of the newest files first. Cost: one query.

        `before`: only entries before this id.
        """
        where = () if before is None else (Condition("id", "<", before),)
        query = Query(fiscal_code, limit=size, where=where, descending=True)
        return [_kept(one) for one in (await self._store.query(KEPT_DOCUMENTS, query)).items]

    async def remove(self, fiscal_code: str, id_: str) -> None:
        """Remove an entry; one that is gone changes nothing. Cost: one delete."""
        with contextlib.suppress(NotFoundError):
            await self._store.delete(KEPT_DOCUMENTS, fiscal_code, id_)


def _document(fiscal_code: str, kept: KeptDocument) -> Document:
    return {
        **kept.file._asdict(),
        "fiscal_code": fiscal_code,
        "title": kept.title,
        "message_id": kept.message_id,
        "sender": kept.sender,
        "kept_at": kept.kept_at,
    }


def _kept(document: Document) -> KeptDocument:
    return KeptDocument(
        AttachedFile(
            AttachmentId(document["id"]),
            document["name"],
            document["media_type"],
            document["size"],
            document["sha256"],
        ),
        document["title"],
        MessageId(document["message_id"]),
        document["sender"],
        document["kept_at"],
    )
