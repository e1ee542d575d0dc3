"""Store senders' statistics: a mark for each event, and the counts of each week."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime
from typing import Final

from lib.domain.shared.identifiers import MessageId, ServiceId
from lib.domain.statistics.statistics import MAX_DAYS, SHARDS, shard_of
from lib.domain.statistics.weeks import tally_of
from lib.ports.documents import (
    BatchOperation,
    Condition,
    Document,
    DocumentStore,
    PatchOperation,
    Query,
)
from lib.ports.errors import ConflictError, NotFoundError
from lib.ports.schema.messages import STATISTICS
from lib.repositories.shared.optimistic import until_written
from lib.repositories.statistics.folds import Folds
from lib.repositories.statistics.tallies import TALLY, Tallies

_DAY: Final = "day-"
"""The prefix of the ids of days. The ids of marks do not sort between them: a ULID has no dash."""


class Statistics:
    """Store the counts of all services.

    An event is counted with its week. An event that comes too late for it adds to the counts of its
    day in its part. Version 2026.11.0 counted all events so.
    """

    def __init__(self, store: DocumentStore, folds: Folds) -> None:
        self._store = store
        self._folds = folds
        self._tallies = Tallies(store, STATISTICS)

    async def count(
        self,
        service_id: ServiceId,
        message_id: MessageId,
        now: datetime,
        *,
        day: str,
        key: str,
        counter: str,
        mark_ttl: int,
    ) -> bool:
        """Add one to the counter, unless a mark shows that the message's `key` was counted.

        The mark stays for `mark_ttl` seconds. Raise UnavailableError.
        Cost: one create, and that of `Folds.plan`; for a late event one batch of two operations.
        """
        partition = _partition(service_id, shard_of(message_id))
        mark: Document = {"id": f"{message_id}-{key}", "service_shard": partition, "ttl": mark_ttl}
        if not await self._folds.plan(service_id, date.fromisoformat(day), now):
            return await self._count_late(partition, mark, day, counter)
        try:
            await self._store.create(STATISTICS, {**mark, TALLY: tally_of(day, counter)})
        except ConflictError:
            return False
        return True

    async def _count_late(self, partition: str, mark: Document, day: str, counter: str) -> bool:
        add = PatchOperation("incr", f"/counters/{counter}", 1)
        both = (
            BatchOperation("create", mark),
            BatchOperation("patch", id=_DAY + day, operations=(add,)),
        )

        async def attempt() -> bool:
            try:
                await self._store.batch(STATISTICS, partition, both)
            except ConflictError:
                return False
            except NotFoundError:
                # this is the first late event of the day
                await self._open(partition, day)
                raise
            return True

        return await until_written("a day's counts", attempt)

    async def _open(self, partition: str, day: str) -> None:
        empty: Document = {"id": _DAY + day, "service_shard": partition, "counters": {}}
        try:
            await self._store.create(STATISTICS, empty)
        except ConflictError:
            # another event of the day created the document first
            return

    async def fold(self, service_id: ServiceId, week: date) -> None:
        """Store the counts of a week; see `Tallies.fold`."""
        await self._tallies.fold(service_id, _partitions(service_id), week)

    async def days(
        self, service_id: ServiceId, first: date, last: date, today: date
    ) -> Mapping[date, Counter[str]]:
        """Return the counters of each day of the period with a count, at most MAX_DAYS days.

        Cost: one query for each part, and that of `Tallies.read`.
        """
        parts = _partitions(service_id)
        days, late = await asyncio.gather(
            self._tallies.read(service_id, parts, first, last, today),
            asyncio.gather(*(self._late(part, first, last) for part in parts)),
        )
        for document in (document for part in late for document in part):
            day = date.fromisoformat(document["id"].removeprefix(_DAY))
            days.setdefault(day, Counter()).update(document["counters"])
        return days

    async def _late(self, partition: str, first: date, last: date) -> list[Document]:
        where = (Condition("id", ">=", f"{_DAY}{first}"), Condition("id", "<=", f"{_DAY}{last}"))
        fields = ("id", "counters")
        query = Query(partition, limit=MAX_DAYS, where=where, fields=fields)
        return (await self._store.query(STATISTICS, query)).items


def _partitions(service_id: ServiceId) -> list[str]:
    return [_partition(service_id, shard) for shard in range(SHARDS)]


def _partition(service_id: ServiceId, shard: int) -> str:
    return f"{service_id}:{shard}"
