"""Count messages by day, account and status that change after their week was closed."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date
from itertools import batched

from lib.domain.messages.sent_entry import SentEntry
from lib.ports.documents import (
    MAX_PATCH_OPERATIONS,
    BatchOperation,
    Document,
    DocumentStore,
    PatchOperation,
)
from lib.ports.errors import ConflictError
from lib.ports.schema.messages import SENT_MESSAGES
from lib.repositories.messages.sent.sent_mapping import counter_of, day_id
from lib.repositories.statistics.tallies import KEPT_TTL


class DayCounts:
    """The changes of the counts of one part, to be written with the entries."""

    def __init__(self) -> None:
        self._days: dict[date, Counter[str]] = defaultdict(Counter)

    @property
    def days(self) -> list[date]:
        """The days whose counts change."""
        return [day for day, counters in self._days.items() if any(counters.values())]

    def add(self, entry: SentEntry) -> None:
        """Count an entry in its status."""
        self._days[entry.day][counter_of(entry.user_id, entry.status)] += 1

    def subtract(self, entry: SentEntry, status: str, user_id: str) -> None:
        """Count an entry no more in the status that it had before, and for this account."""
        self._days[entry.day][counter_of(user_id, status)] -= 1

    def steps(self) -> list[BatchOperation]:
        """Return the steps of a batch; a step has as many counters as a patch may change."""
        return [
            BatchOperation("patch", id=day_id(day), operations=together)
            for day in self.days
            for together in batched(
                _increments(self._days[day]), MAX_PATCH_OPERATIONS, strict=False
            )
        ]


async def open_days(store: DocumentStore, partition: str, days: Iterable[date]) -> None:
    """Create the counts of days in a part, unless they are there."""
    await asyncio.gather(*(_open(store, partition, day) for day in days))


async def _open(store: DocumentStore, partition: str, day: date) -> None:
    document: Document = {"id": day_id(day), "service_shard": partition, "ttl": KEPT_TTL}
    try:
        await store.create(SENT_MESSAGES, {**document, "counters": {}})
    except ConflictError:
        # another message of the day created the document first
        return


def _increments(counters: Counter[str]) -> list[PatchOperation]:
    return [
        PatchOperation("incr", f"/counters/{name}", count)
        for name, count in counters.items()
        if count
    ]
