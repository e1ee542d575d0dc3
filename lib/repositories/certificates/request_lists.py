"""Store the list of each citizen's requests for certificates: one document for each citizen."""

from typing import NamedTuple

from lib.domain.certificates.certificate_request import MOST_LISTED, ListedRequest
from lib.ports.documents import Document, DocumentStore
from lib.ports.errors import NotFoundError
from lib.ports.schema.documents import CERTIFICATE_LISTS

LIST_ID = "requests"


class StoredList(NamedTuple):
    """A list as read, the latest request first; `etag` is None where there is none yet."""

    entries: tuple[ListedRequest, ...] = ()
    etag: str | None = None


class RequestLists:
    """Store which requests a citizen has made, and where they are."""

    def __init__(self, store: DocumentStore) -> None:
        self._store = store

    async def get(self, fiscal_code: str) -> StoredList:
        """Return the list. Cost: one point read."""
        try:
            stored = await self._store.read(CERTIFICATE_LISTS, fiscal_code, LIST_ID)
        except NotFoundError:
            return StoredList()
        entries = tuple(ListedRequest(*one) for one in stored.document["requests"])
        return StoredList(entries, stored.etag)

    async def add(self, fiscal_code: str, before: StoredList, entry: ListedRequest) -> None:
        """Store the list with one entry more. Cost: one write.

        Raise ConflictError, NotFoundError, PreconditionFailedError where it has changed.
        """
        entries = (entry, *before.entries)[:MOST_LISTED]
        document: Document = {
            "id": LIST_ID,
            "fiscal_code": fiscal_code,
            "requests": [list(one) for one in entries],
        }
        if before.etag is None:
            await self._store.create(CERTIFICATE_LISTS, document)
        else:
            await self._store.replace(CERTIFICATE_LISTS, document, if_match=before.etag)
