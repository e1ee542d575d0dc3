"""Store which chunks of a batch are done, with their counts."""

import contextlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from lib.domain.batches.outcome import RowOutcome
from lib.domain.shared.identifiers import BatchId
from lib.ports.documents import Condition, Document, DocumentStore, Query
from lib.ports.errors import (
    ConflictError,
    NotFoundError,
    PreconditionFailedError,
    UnavailableError,
)
from lib.ports.schema.batches import BATCH_CHUNKS

MOST_CHUNKS: Final = 1000
"""The most documents of a batch, so that one query reads its progress."""


@dataclass(frozen=True, slots=True)
class ChunkProgress:
    """The chunks that are done, and their rows by outcome and by reason.

    `failed`: the chunks with failed rows. `cut`: those with cancelled rows. `latest`: when the last
    of them was done, as `values.timestamp` writes it.
    """

    done: frozenset[int] = frozenset()
    outcomes: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    failed: frozenset[int] = frozenset()
    cut: frozenset[int] = frozenset()
    latest: str | None = None

    @property
    def rows(self) -> int:
        """The number of rows that have an outcome."""
        return self.outcomes.total()

    def plus(self, other: "ChunkProgress") -> "ChunkProgress":
        """Return the progress of these chunks and of others."""
        return ChunkProgress(
            self.done | other.done,
            self.outcomes + other.outcomes,
            self.reasons + other.reasons,
            self.failed | other.failed,
            self.cut | other.cut,
            max(filter(None, (self.latest, other.latest)), default=None),
        )


class BatchChunks:
    """Store one document for each chunk that is done, and one for each part that was begun.

    The parts have a partition of their own, so that they do not count as chunks. So has the recall
    of a batch, whose chunks count as done when their messages are withdrawn: `of_recalls`.
    """

    def __init__(self, store: DocumentStore, *, of_recalls: bool = False) -> None:
        self._store = store
        self._suffix = "-recall" if of_recalls else ""

    async def done_in(self, batch_id: BatchId, number: int) -> int | None:
        """Return the generation that gave each row of the chunk its outcome; None before.

        Cost: one point read.
        """
        try:
            stored = await self._store.read(BATCH_CHUNKS, self._of(batch_id), _id(number))
        except NotFoundError:
            return None
        return int(stored.document["generation"])

    async def finish(
        self,
        batch_id: BatchId,
        number: int,
        generation: int,
        outcomes: Mapping[RowOutcome, int],
        reasons: Mapping[str, int],
        at: str,
    ) -> None:
        """Store the counts of a chunk, of which each row has an outcome. Cost: one upsert."""
        await self._store.upsert(
            BATCH_CHUNKS,
            {
                "id": _id(number),
                "batch_id": self._of(batch_id),
                "generation": generation,
                "outcomes": {str(name): count for name, count in outcomes.items()},
                "reasons": dict(reasons),
                "done_at": at,
            },
        )

    async def begin_part(
        self, batch_id: BatchId, chunk: int, first: int, generation: int, at: str
    ) -> tuple[str, bool]:
        """Return when the part was begun, and whether an earlier run began it. If none did: `at`.

        Cost: one create; one read more for a part that was begun. Raise UnavailableError.
        """
        part = {
            "id": _part_id(chunk, first),
            "batch_id": _parts_of(batch_id),
            "generation": generation,
            "began_at": at,
        }
        try:
            await self._store.create(BATCH_CHUNKS, part)
        except ConflictError:
            if (began_at := await self.part_began(batch_id, chunk, first)) is None:
                raise UnavailableError("the start of a part is not visible yet") from None
            return began_at, True
        return at, False

    async def part_began(self, batch_id: BatchId, chunk: int, first: int) -> str | None:
        """Return when the part was begun; None before. Cost: one point read."""
        part = await self._part(batch_id, chunk, first)
        return None if part is None else str(part["began_at"])

    async def part_begun_in(self, batch_id: BatchId, chunk: int, first: int) -> int | None:
        """Return the generation that began the part; None before. Cost: one point read."""
        part = await self._part(batch_id, chunk, first)
        return None if part is None else int(part["generation"])

    async def _part(self, batch_id: BatchId, chunk: int, first: int) -> Document | None:
        try:
            stored = await self._store.read(
                BATCH_CHUNKS, _parts_of(batch_id), _part_id(chunk, first)
            )
        except NotFoundError:
            return None
        return stored.document

    async def forget_part(self, batch_id: BatchId, chunk: int, first: int, before: int) -> None:
        """Forget when the part was begun, if a generation before `before` began it.

        Cost: one point read and one delete.
        """
        await self._forget(_parts_of(batch_id), _part_id(chunk, first), before)

    async def reopen(self, batch_id: BatchId, number: int, before: int) -> None:
        """Forget that a chunk is done, so that it is sent again.

        `before`: a chunk that this generation or a later one has done stays. Cost: one point read
        and one delete.
        """
        await self._forget(self._of(batch_id), _id(number), before)

    async def _forget(self, partition: str, id_: str, before: int) -> None:
        with contextlib.suppress(NotFoundError, PreconditionFailedError):
            stored = await self._store.read(BATCH_CHUNKS, partition, id_)
            if stored.document["generation"] < before:
                await self._store.delete(BATCH_CHUNKS, partition, id_, if_match=stored.etag)

    async def has_later(self, batch_id: BatchId, latest: str | None) -> bool:
        """Tell whether a chunk was done after `latest`; None: whether any was. Cost: one query."""
        where = () if latest is None else (Condition("done_at", ">", latest),)
        query = Query(self._of(batch_id), limit=1, where=where, fields=("id",))
        return bool((await self._store.query(BATCH_CHUNKS, query)).items)

    async def progress(
        self, batch_id: BatchId, without: frozenset[int] = frozenset()
    ) -> ChunkProgress:
        """Return what is done, but for the chunks in `without`. Cost: one query."""
        query = Query(self._of(batch_id), limit=MOST_CHUNKS)
        documents = (await self._store.query(BATCH_CHUNKS, query)).items
        found = {number: one for one in documents if (number := int(one["id"])) not in without}
        outcomes, reasons = Counter[str](), Counter[str]()
        for document in found.values():
            outcomes.update(document["outcomes"])
            reasons.update(document["reasons"])

        def having(outcome: RowOutcome) -> frozenset[int]:
            return frozenset(key for key, one in found.items() if one["outcomes"].get(outcome))

        return ChunkProgress(
            frozenset(found),
            outcomes,
            reasons,
            failed=having(RowOutcome.FAILED),
            cut=having(RowOutcome.CANCELLED),
            latest=max((one["done_at"] for one in found.values()), default=None),
        )

    async def last_begun(self, batch_id: BatchId) -> int | None:
        """Return the last chunk of which a part was begun; None before. Cost: one query."""
        query = Query(_parts_of(batch_id), limit=1, descending=True, fields=("id",))
        found = (await self._store.query(BATCH_CHUNKS, query)).items
        return int(found[0]["id"].partition("-")[0]) if found else None

    def _of(self, batch_id: BatchId) -> str:
        return f"{batch_id}{self._suffix}"


def _id(number: int) -> str:
    return f"{number:05d}"


def _part_id(chunk: int, first: int) -> str:
    return f"{_id(chunk)}-{first:03d}"


def _parts_of(batch_id: BatchId) -> str:
    return f"{batch_id}-parts"
