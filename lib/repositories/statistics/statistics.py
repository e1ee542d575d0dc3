"""Store senders' statistics: a document for each day and part, and marks of counted events."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from typing import Final

from lib.domain.shared.identifiers import MessageId, ServiceId
from lib.domain.statistics.statistics import MAX_DAYS, SHARDS, shard_of
from lib.ports.documents import (
    BatchOperation,
    Condition,
    Document,
    DocumentStore,
    PatchOperation,
    Query,
)
from lib.ports.errors import ConflictError, NotFoundError
from lib.ports.schema import STATISTICS
from lib.repositories.shared.optimistic import until_written

_DAY: Final = "day-"
"""The prefix of the ids of days. The ids of marks do not sort between them: a ULID has no dash."""


class Statistics:
    """Store the counts of all services."""

    def __init__(self, store: DocumentStore) -> None:
        self._store = store

    async def count(
        self,
        service_id: ServiceId,
        message_id: MessageId,
        *,
        day: str,
        key: str,
        counter: str,
        mark_ttl: int,
    ) -> bool:
        """Add one to the counter, unless a mark shows that the message's `key` was counted.

        The mark stays for `mark_ttl` seconds. Raise UnavailableError.
        """
        partition = _partition(service_id, shard_of(message_id))
        mark = {"id": f"{message_id}-{key}", "service_shard": partition, "ttl": mark_ttl}
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
                # this is the first event of the day
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

    async def days(
        self, service_id: ServiceId, first: str, last: str
    ) -> Mapping[str, Counter[str]]:
        """Return the counters of each day of the period with a count, at most MAX_DAYS days."""
        parts = await asyncio.gather(
            *(self._part(_partition(service_id, shard), first, last) for shard in range(SHARDS))
        )
        days: dict[str, Counter[str]] = {}
        for document in (document for part in parts for document in part):
            day = document["id"].removeprefix(_DAY)
            days.setdefault(day, Counter()).update(document["counters"])
        return days

    async def _part(self, partition: str, first: str, last: str) -> list[Document]:
        where = (Condition("id", ">=", _DAY + first), Condition("id", "<=", _DAY + last))
        fields = ("id", "counters")
        query = Query(partition, limit=MAX_DAYS, where=where, fields=fields)
        return (await self._store.query(STATISTICS, query)).items


def _partition(service_id: ServiceId, shard: int) -> str:
    return f"{service_id}:{shard}"
