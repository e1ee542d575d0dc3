"""Store recalls: a document for each recall, and one for each part of its work.

A part is a chunk of the messages that the recall names, or the search of its messages in one part
of the list of sent messages.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from itertools import batched
from typing import Final

from lib.domain.messages.withdrawals.message_owner import MessageOwner
from lib.domain.messages.withdrawals.recall import (
    MESSAGES_OF_CHUNK,
    Recall,
    RecallOutcome,
    RecallProgress,
    Target,
)
from lib.domain.messages.withdrawals.search_state import SearchState
from lib.domain.messages.withdrawals.selection import Selection
from lib.domain.shared.identifiers import MessageId
from lib.ports.documents import (
    BatchOperation,
    Condition,
    Document,
    DocumentStore,
    PatchOperation,
    Query,
)
from lib.ports.errors import NotFoundError
from lib.ports.schema.messages import RECALLS

_RECALL: Final = "recall"
_STATE: Final = ("search", "cursor", "counts", "not_withdrawn")


class Recalls:
    """Store recalls and their progress, each in a partition of its own."""

    def __init__(self, store: DocumentStore) -> None:
        self._store = store

    async def create(self, recall: Recall, targets: Sequence[Target]) -> int:
        """Store a recall and its messages; return the number of chunks. Cost: one batch."""
        chunks = list(batched(targets, MESSAGES_OF_CHUNK, strict=False))
        documents = [_recall_document(recall)]
        documents += [
            {
                "id": _chunk_id(number),
                "recall_id": recall.id,
                "messages": [list(one) for one in part],
                "recipients": sorted({one.fiscal_code for one in part}),
            }
            for number, part in enumerate(chunks)
        ]
        await self._store.batch(
            RECALLS, recall.id, [BatchOperation("create", document) for document in documents]
        )
        return len(chunks)

    async def create_search(self, recall: Recall, parts: int) -> None:
        """Store a recall of a selection, with the search of each part. Cost: one batch."""
        documents = [_recall_document(recall)]
        documents += [
            {"id": _part_id(part), "recall_id": recall.id, **_state_fields(SearchState())}
            for part in range(parts)
        ]
        await self._store.batch(
            RECALLS, recall.id, [BatchOperation("create", document) for document in documents]
        )

    async def search(self, id_: str, part: int) -> SearchState:
        """Return the state of a part's search. Cost: one point read. Raise NotFoundError."""
        document = (await self._store.read(RECALLS, id_, _part_id(part))).document
        return SearchState(*(document[name] for name in _STATE))

    async def advance(self, id_: str, part: int, before: SearchState, after: SearchState) -> None:
        """Store the next state of a part's search. Cost: one patch.

        Raise PreconditionFailedError where another run has stored it.
        """
        where = (
            Condition("search", "=", before.search),
            Condition("cursor", "=", before.cursor),
        )
        operations = [
            PatchOperation("set", f"/{name}", value) for name, value in _state_fields(after).items()
        ]
        await self._store.patch(RECALLS, id_, _part_id(part), operations, where=where)

    async def get(self, id_: str) -> Recall | None:
        """Return the recall; None where there is none. Cost: one point read."""
        try:
            return _recall((await self._store.read(RECALLS, id_, _RECALL)).document)
        except NotFoundError:
            return None

    async def chunk(self, id_: str, number: int) -> list[Target]:
        """Return the messages of a chunk; none for a chunk that is done. Cost: one point read."""
        try:
            document = (await self._store.read(RECALLS, id_, _chunk_id(number))).document
        except NotFoundError:
            return []
        return [Target(*pair) for pair in document["messages"]]

    async def finish(
        self,
        id_: str,
        number: int,
        outcomes: Mapping[MessageId, RecallOutcome],
        count: Counter[str],
    ) -> None:
        """Store the outcome of a chunk, and remove its recipients. Cost: one patch."""
        failed = {key: one.value for key, one in outcomes.items() if one != "WITHDRAWN"}
        await self._store.patch(
            RECALLS,
            id_,
            _chunk_id(number),
            (
                PatchOperation("set", "/counts", dict(count)),
                PatchOperation("set", "/not_withdrawn", failed),
                PatchOperation("set", "/messages", []),
                PatchOperation("set", "/recipients", []),
            ),
        )

    async def progress(self, recall: Recall) -> RecallProgress:
        """Return the outcomes so far. Cost: one query."""
        query = Query(recall.id, limit=100, fields=("id", "counts", "not_withdrawn", "search"))
        counts: Counter[str] = Counter()
        failed: dict[MessageId, str] = {}
        found_all = True
        for document in (await self._store.query(RECALLS, query)).items:
            counts.update(document.get("counts") or {})
            failed.update(document.get("not_withdrawn") or {})
            if "search" in document:
                found_all = found_all and SearchState(document["search"]).is_done
        return RecallProgress(recall, counts, failed, found_all)


def _chunk_id(number: int) -> str:
    return f"chunk-{number:04d}"


def _part_id(part: int) -> str:
    return f"part-{part:02d}"


def _state_fields(state: SearchState) -> Document:
    values = (state.search, state.cursor, dict(state.counts), dict(state.not_withdrawn))
    return dict(zip(_STATE, values, strict=True))


def _recall_document(recall: Recall) -> Document:
    owner, selection = recall.owner, recall.selection
    return {
        "id": _RECALL,
        "recall_id": recall.id,
        "service_id": owner.service_id,
        "user_id": owner.user_id,
        "reason": recall.reason,
        "created_at": recall.created_at,
        "total": recall.total,
        "selection": None if selection is None else asdict(selection),
    }


def _recall(document: Document) -> Recall:
    owner = MessageOwner(document["service_id"], document["user_id"])
    selection = document.get("selection")
    return Recall(
        document["recall_id"],
        owner,
        document["reason"],
        document["created_at"],
        document["total"],
        None if selection is None else Selection(**selection),
    )
