"""Store the latest request of each citizen for the deletion of all data."""

import contextlib
from dataclasses import asdict
from typing import Final, NamedTuple

from lib.domain.personal_data.erasure_request import ErasureRequest
from lib.domain.profiles.errors import LeavingError
from lib.ports.documents import Document, DocumentStore
from lib.ports.errors import NotFoundError
from lib.ports.schema.citizens import USER_DATA_PROCESSING

DELETE: Final = "DELETE"


class StoredErasure(NamedTuple):
    """A request as read, and the ETag for a conditional write."""

    request: ErasureRequest
    etag: str


class Erasures:
    """Read and write requests. Cost: one point read or one write for each call."""

    def __init__(self, store: DocumentStore) -> None:
        self._store = store

    async def get(self, fiscal_code: str) -> StoredErasure | None:
        """Return the latest request; None for a citizen who made none."""
        try:
            stored = await self._store.read(USER_DATA_PROCESSING, fiscal_code, DELETE)
        except NotFoundError:
            return None
        return StoredErasure(_request(stored.document), stored.etag)

    async def refuse_leaving(self, fiscal_code: str) -> None:
        """Raise LeavingError for a citizen whose erasure has begun."""
        if await self.is_leaving(fiscal_code):
            raise LeavingError

    async def is_leaving(self, fiscal_code: str) -> bool:
        """Tell whether the erasure of a citizen has begun."""
        stored = await self.get(fiscal_code)
        return stored is not None and stored.request.status == "WIP"

    async def write(self, fiscal_code: str, request: ErasureRequest, etag: str | None) -> None:
        """Replace the request with this ETag, or create it without one.

        Raise ConflictError, NotFoundError, PreconditionFailedError.
        """
        document: Document = {
            **asdict(request),
            "id": DELETE,
            "fiscal_code": fiscal_code,
            "request_id": request.id,
        }
        if etag is None:
            await self._store.create(USER_DATA_PROCESSING, document)
        else:
            await self._store.replace(USER_DATA_PROCESSING, document, if_match=etag)

    async def forget(self, fiscal_code: str) -> None:
        """Delete the request, whose erasure is done."""
        with contextlib.suppress(NotFoundError):
            await self._store.delete(USER_DATA_PROCESSING, fiscal_code, DELETE)


def _request(document: Document) -> ErasureRequest:
    return ErasureRequest(
        id=document["request_id"],
        created_at=document["created_at"],
        updated_at=document["updated_at"],
        due_at=document["due_at"],
        version=document["version"],
        status=document["status"],
    )
