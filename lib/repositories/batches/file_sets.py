"""Store a document for each set of a batch's files: a list with its rows and results, or parts.

The document is stored before the first file, so that no file stays behind unnoticed.
"""

import contextlib
import secrets
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from lib.domain.batches.batch import Batch
from lib.domain.shared.identifiers import BatchId, ServiceId
from lib.domain.shared.values import parse_timestamp, timestamp
from lib.ports.documents import Document, DocumentStore
from lib.ports.errors import NotFoundError
from lib.ports.schema.batches import BATCH_FILES

LOOK: Final = timedelta(days=1)
"""The time between two looks at a set, and from its last use to its deletion.

It is longer than any request, check or run that may still use the set.
"""
FIELDS: Final = ("id", "service_id", "batch_id", "created_at", "due_at", "is_retired")


class FileSet(NamedTuple):
    """A set of files, with the prefix of their names.

    `due_at`: when to look at it. `is_retired`: no batch needs it, so it is deleted then.
    """

    blob: str
    service_id: ServiceId
    batch_id: BatchId
    created_at: datetime
    due_at: datetime
    is_retired: bool = False


class FileSets:
    """Store which files exist, and when to look whether a batch still needs them."""

    def __init__(self, store: DocumentStore) -> None:
        self._store = store

    async def open(self, batch: Batch, now: datetime) -> str:
        """Return the prefix for the names of new files of the batch. Cost: one create.

        It is a random text, so that it can be guessed by nobody.
        """
        new = FileSet(secrets.token_urlsafe(24), batch.service_id, batch.id, now, now + LOOK)
        await self._store.create(BATCH_FILES, _document(new))
        return new.blob

    async def put(self, files: FileSet) -> None:
        """Store the set. Cost: one upsert."""
        await self._store.upsert(BATCH_FILES, _document(files))

    async def forget(self, blob: str) -> None:
        """Forget a set, whose files are deleted. Cost: one delete."""
        with contextlib.suppress(NotFoundError):
            await self._store.delete(BATCH_FILES, blob, blob)


def file_set(document: Document) -> FileSet:
    """Return the set of a document."""
    return FileSet(
        document["id"],
        document["service_id"],
        document["batch_id"],
        parse_timestamp(document["created_at"]),
        parse_timestamp(document["due_at"]),
        document["is_retired"],
    )


def _document(files: FileSet) -> Document:
    return {
        "id": files.blob,
        "service_id": files.service_id,
        "batch_id": files.batch_id,
        "created_at": timestamp(files.created_at),
        "due_at": timestamp(files.due_at),
        "is_retired": files.is_retired,
    }
