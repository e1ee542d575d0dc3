"""Store the latest request of each citizen for personal data."""

import contextlib
from dataclasses import asdict
from typing import Final, NamedTuple

from lib.domain.personal_data.data_request import DataRequest
from lib.ports.documents import Document, DocumentStore
from lib.ports.errors import NotFoundError
from lib.ports.schema.citizens import USER_DATA_PROCESSING

DOWNLOAD: Final = "DOWNLOAD"


class StoredRequest(NamedTuple):
    """A request as read, and the ETag for a conditional write."""

    request: DataRequest
    etag: str


class DataRequests:
    """Read and write requests. Cost: one point read or one write for each call."""

    def __init__(self, store: DocumentStore) -> None:
        self._store = store

    async def get(self, fiscal_code: str) -> StoredRequest | None:
        """Return the latest request; None for a citizen who made none."""
        try:
            stored = await self._store.read(USER_DATA_PROCESSING, fiscal_code, DOWNLOAD)
        except NotFoundError:
            return None
        return StoredRequest(_request(stored.document), stored.etag)

    async def write(self, fiscal_code: str, request: DataRequest, etag: str | None) -> str:
        """Replace the request with this ETag, or create it without one; return the new ETag.

        Raise ConflictError, NotFoundError, PreconditionFailedError.
        """
        document: Document = {
            **{name: value for name, value in asdict(request).items() if value is not None},
            "id": DOWNLOAD,
            "fiscal_code": fiscal_code,
            "request_id": request.id,
        }
        if etag is None:
            return (await self._store.create(USER_DATA_PROCESSING, document)).etag
        return (await self._store.replace(USER_DATA_PROCESSING, document, if_match=etag)).etag

    async def forget(self, fiscal_code: str) -> None:
        """Delete the request, of an erased citizen."""
        with contextlib.suppress(NotFoundError):
            await self._store.delete(USER_DATA_PROCESSING, fiscal_code, DOWNLOAD)


def _request(document: Document) -> DataRequest:
    return DataRequest(
        id=document["request_id"],
        created_at=document["created_at"],
        updated_at=document["updated_at"],
        version=document["version"],
        status=document["status"],
        archive=document.get("archive"),
        expires_at=document.get("expires_at"),
        size=document.get("size", 0),
    )
