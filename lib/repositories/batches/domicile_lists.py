"""Store for which lists of citizens the register of digital domiciles was asked.

The documents have no fiscal code and no address.
"""

from datetime import datetime
from typing import Final, NamedTuple

from lib.domain.shared.identifiers import BatchId
from lib.domain.shared.values import parse_timestamp, timestamp
from lib.ports.documents import DocumentStore, Stored
from lib.ports.errors import ConflictError, NotFoundError, PreconditionFailedError
from lib.ports.schema.batches import BATCH_CHUNKS

_TTL: Final = 7 * 24 * 3600


class DomicileList(NamedTuple):
    """A list of a batch. `digest`: of its citizens. `asked_at`: when a call began to ask for it.

    `list_id`: its id at the register; None until the register has answered. `version`: the state of
    the document, which a change of the document must name; None for a list that is not stored.
    """

    digest: str
    asked_at: datetime
    list_id: str | None = None
    version: str | None = None


class DomicileLists:
    """Store one document for each list, in a partition of the batch beside those of its chunks."""

    def __init__(self, store: DocumentStore) -> None:
        self._store = store

    async def get(self, batch_id: BatchId, number: int) -> DomicileList | None:
        """Return the list; None where nobody has asked for it. Cost: one point read."""
        try:
            return _list(await self._store.read(BATCH_CHUNKS, _of(batch_id), _id(number)))
        except NotFoundError:
            return None

    async def put(self, batch_id: BatchId, number: int, new: DomicileList) -> DomicileList | None:
        """Store the list; None where another call has stored it since `new.version`.

        Cost: one create, or one replace.
        """
        document = {
            "id": _id(number),
            "batch_id": _of(batch_id),
            "digest": new.digest,
            "asked_at": timestamp(new.asked_at),
            "list_id": new.list_id,
            "ttl": _TTL,
        }
        try:
            if new.version is None:
                return _list(await self._store.create(BATCH_CHUNKS, document))
            return _list(await self._store.replace(BATCH_CHUNKS, document, if_match=new.version))
        except (ConflictError, NotFoundError, PreconditionFailedError):
            return None


def _list(stored: Stored) -> DomicileList:
    document = stored.document
    asked_at = parse_timestamp(document["asked_at"])
    return DomicileList(document["digest"], asked_at, document["list_id"], stored.etag)


def _id(number: int) -> str:
    return f"{number:03d}"


def _of(batch_id: BatchId) -> str:
    return f"{batch_id}-domiciles"
