"""Count the sent messages of a service by day, status and account."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from itertools import batched
from typing import get_args

from lib.domain.messages.message_parts import MessageStatus
from lib.domain.messages.sent_entry import SentEntry
from lib.domain.shared.identifiers import ServiceId
from lib.ports.documents import (
    MAX_PATCH_OPERATIONS,
    BatchOperation,
    Document,
    DocumentStore,
    PatchOperation,
)
from lib.ports.errors import ConflictError
from lib.ports.schema import SENT_MESSAGES
from lib.repositories.messages.sent.sent_mapping import (
    DAY_TTL,
    account_key,
    day_id,
    partitions_of,
)


class DayCounts:
    """The changes of the counts of one part, to be written with the entries."""

    def __init__(self) -> None:
        self._days: dict[date, Counter[str]] = defaultdict(Counter)

    @property
    def days(self) -> list[date]:
        """The days whose counts change."""
        return [day for day, counters in self._days.items() if any(counters.values())]

    def add(self, entry: SentEntry) -> None:
        """Count a new entry."""
        self._days[entry.day].update(_counters(entry.status, entry.user_id))

    def move(self, entry: SentEntry, status: str, user_id: str) -> None:
        """Count an entry that had another status before, or another account."""
        self.add(entry)
        self._days[entry.day].subtract(_counters(status, user_id))

    def steps(self) -> list[BatchOperation]:
        """Return the steps of a batch; a step has as many counters as a patch may change."""
        return [
            BatchOperation("patch", id=day_id(day), operations=together)
            for day in self.days
            for together in batched(
                _increments(self._days[day]), MAX_PATCH_OPERATIONS, strict=False
            )
        ]


class SentCounts:
    """Create the counts, which a batch of entries then changes."""

    def __init__(self, store: DocumentStore) -> None:
        self._store = store

    async def open_days(self, service_id: ServiceId, user_id: str, days: Iterable[date]) -> None:
        """Create the counts of days in all parts, each status and account with 0.

        The first message of a day creates them too, without the zeros.
        """
        statuses = get_args(MessageStatus)
        counters = {name: 0 for status in statuses for name in _counters(status, user_id)}
        parts, wanted = partitions_of(service_id), [*days]
        await asyncio.gather(*(self.open(part, wanted, counters) for part in parts))

    async def open(
        self, partition: str, days: Iterable[date], counters: Mapping[str, int] | None = None
    ) -> None:
        """Create the counts of days in a part, unless they are there."""
        await asyncio.gather(*(self._open(partition, day, counters or {}) for day in days))

    async def _open(self, partition: str, day: date, counters: Mapping[str, int]) -> None:
        document: Document = {"id": day_id(day), "service_shard": partition, "ttl": DAY_TTL}
        try:
            await self._store.create(SENT_MESSAGES, {**document, "counters": counters})
        except ConflictError:
            # another message of the day created the document first
            return


def _counters(status: str, user_id: str) -> tuple[str, str]:
    """Return the counters of a status: that of the service, and that of the account that sent."""
    return status, f"{account_key(user_id)}-{status}"


def _increments(counters: Counter[str]) -> list[PatchOperation]:
    return [
        PatchOperation("incr", f"/counters/{name}", count)
        for name, count in counters.items()
        if count
    ]
