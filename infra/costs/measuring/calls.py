"""Record calls of ports with the figures that Azure bills."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NamedTuple

from lib.adapters.azure.cosmos_schema import indexing_policy
from lib.ports.documents import WRITTEN_AT, Container, Document

_SYSTEM: Final = {
    "_rid": "kV5oANVXnzUBAAAAAAAAAA==",
    "_self": "dbs/kV5oAA==/colls/kV5oANVXnzU=/docs/kV5oANVXnzUBAAAAAAAAAA==/",
    "_etag": '"00000000-0000-0000-0000-000000000000"',
    "_attachments": "attachments/",
    "_ts": 1795525200,
}
"""The fields that Cosmos DB adds to a document, with values of the usual length."""
_HERE: Final = str(Path(__file__).parents[3])
_DEPLOYED: Final = str(Path("/home", "site", "wwwroot"))
"""The folder of the deployed app: reasons of dead letters contain paths of files."""


def stored_bytes(document: Document) -> int:
    """Return the bytes of a document as Cosmos DB stores it: compact JSON with its own fields."""
    text = json.dumps({**document, **_SYSTEM}, ensure_ascii=False, separators=(",", ":"))
    return len(text.replace(_HERE, _DEPLOYED).encode())


@dataclass(frozen=True, slots=True)
class DocumentCall:
    """One operation on the store.

    `kind` is create, read, replace, patch, delete, query or count; an upsert is recorded as a
    create or a replace. A document that a query loads in addition, which is sent anyway, has the
    kind loaded. `sizes` are the stored bytes of the document, or of each document that a
    query loaded; empty if no document was found. `before` is the stored bytes of the document that
    was replaced, patched or deleted. `terms` is the number of indexed terms added or removed,
    without the system's own terms; `properties` is the number of properties that a patch sets.
    `counted` is the number of documents that a count found in the index.
    """

    kind: str
    container: str
    sizes: tuple[int, ...]
    before: int = 0
    terms: int = 0
    properties: int = 0
    counted: int = 0


class QueueCall(NamedTuple):
    """One operation on a queue: put, receive, update or delete."""

    kind: str
    queue: str


@dataclass(slots=True)
class Record:
    """The calls since the last `clear`."""

    documents: list[DocumentCall] = field(default_factory=list)
    queues: list[QueueCall] = field(default_factory=list)
    blobs: list[str] = field(default_factory=list)

    def clear(self) -> None:
        """Forget the recorded calls."""
        self.documents.clear()
        self.queues.clear()
        self.blobs.clear()


def indexed_terms(container: Container, fields: Sequence[str] | None = None) -> int:
    """Count the index entries of a document, or those that a change of the fields touches."""
    policy = indexing_policy(container)
    entries = [*([path] for path in policy["includedPaths"]), *policy["compositeIndexes"]]
    if fields is None:
        return len(entries)
    # each write changes the time of the write
    changed = {*fields, WRITTEN_AT}
    return sum(any(path["path"].strip("/?") in changed for path in entry) for entry in entries)
