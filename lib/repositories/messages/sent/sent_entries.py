"""Write the list of sent messages: an entry for each message, and counts by day and status."""

import asyncio
import time
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import batched
from typing import Final, get_args

from lib.domain.messages.message_parts import MessageStatus
from lib.domain.messages.sent_entry import MAX_WRITE_SECONDS, SentEntry
from lib.domain.shared.identifiers import ServiceId
from lib.domain.shared.values import parse_timestamp, timestamp
from lib.ports.documents import (
    BatchOperation,
    Condition,
    Document,
    DocumentStore,
    PatchOperation,
    Query,
)
from lib.ports.errors import ConflictError, NotFoundError, UnavailableError
from lib.ports.schema import SENT_MESSAGES
from lib.repositories.messages.sent.sent_mapping import (
    DAY_TTL,
    account_key,
    changed_at_of,
    day_id,
    document_of,
    partition_of,
    partitions_of,
)
from lib.repositories.shared.optimistic import until_written

MAX_LATE_WRITES: Final = 3
MAX_TOGETHER: Final = 50
"""The most entries of one batch: the store's limit is 100 operations, days included."""
MAX_KNOWN: Final = 1000


class SentEntries:
    """Store the entries and the counts of all services.

    `elapsed`: the clock, in seconds, by which the duration of a write is measured.
    """

    def __init__(self, store: DocumentStore, elapsed: Callable[[], float] = time.monotonic) -> None:
        self._store = store
        self._elapsed = elapsed

    async def put(
        self, entry: SentEntry, now: datetime, rejected_ttl: int, *, is_known: bool = False
    ) -> None:
        """Store the present status of a message; an earlier status than the stored one is ignored.

        `rejected_ttl`: the life of a rejected message, in seconds. `is_known`: the message most
        likely has an entry, so that the first attempt changes it. Raise UnavailableError.
        Cost: one batch of two operations; one read more where the message has an entry, and one
        batch more where that was not known. The first message of a day in its part costs two
        operations more.
        Concurrency: a repeated call changes nothing, unless the time of the stored entry is so old
        that the first call may have been late: then the entry takes a new place among the changes.
        A write that took long takes a new place too, since a reader may have passed its place.
        """
        begun = tried = self._elapsed()
        for attempt in range(MAX_LATE_WRITES):
            at = now + timedelta(seconds=tried - begun)
            document = document_of(entry, timestamp(at), rejected_ttl)
            await until_written(
                "an entry of a sent message",
                self._attempts(
                    entry, document, at, is_late=attempt > 0, is_known=is_known or attempt > 0
                ),
            )
            tried, before = self._elapsed(), tried
            if tried - before <= MAX_WRITE_SECONDS:
                return
        raise UnavailableError("the list of sent messages is slow")

    def _attempts(
        self,
        entry: SentEntry,
        document: Document,
        at: datetime,
        *,
        is_late: bool,
        is_known: bool,
    ) -> Callable[[], Awaitable[None]]:
        async def attempt() -> None:
            nonlocal is_known
            try:
                if is_known:
                    await self._change(entry, document, at, is_late=is_late)
                else:
                    await self._create((entry,), (document,))
            except ConflictError:
                is_known = True
                raise
            except NotFoundError:
                # the entry has expired, or this is the first message of its day
                is_known = False
                raise

        return attempt

    async def open_days(self, service_id: ServiceId, user_id: str, days: Iterable[date]) -> None:
        """Create the counts of days in all parts, each status and account with 0.

        The first message of a day creates them too, without the zeros.
        """
        statuses = get_args(MessageStatus)
        counters = {name: 0 for status in statuses for name in _counters(status, user_id)}
        parts = partitions_of(service_id)
        await asyncio.gather(*(self._open(part, day, counters) for day in days for part in parts))

    async def put_new(self, entries: Iterable[SentEntry], now: datetime) -> None:
        """Store the entries of accepted messages that have no entry yet.

        Raise UnavailableError.
        Cost: for each part of a service one query, and a batch where an entry is missing.
        """
        parts: dict[str, list[SentEntry]] = defaultdict(list)
        for entry in entries:
            parts[partition_of(entry.service_id, entry.id)].append(entry)
        for partition, part in parts.items():
            for group in batched(sorted(part, key=lambda one: one.id), MAX_TOGETHER, strict=False):
                await until_written("new sent messages", self._missing(partition, group, now))

    def _missing(
        self, partition: str, group: Sequence[SentEntry], now: datetime
    ) -> Callable[[], Awaitable[None]]:
        async def attempt() -> None:
            between = (Condition("id", ">=", group[0].id), Condition("id", "<=", group[-1].id))
            query = Query(partition, limit=MAX_KNOWN, where=between, fields=("id",))
            known = {
                document["id"] for document in (await self._store.query(SENT_MESSAGES, query)).items
            }
            if missing := [entry for entry in group if entry.id not in known]:
                at = timestamp(now)
                await self._create(missing, [document_of(one, at, 0) for one in missing])

        return attempt

    async def _create(self, entries: Sequence[SentEntry], documents: Sequence[Document]) -> None:
        """Create entries of one part, and count them. Raise ConflictError, NotFoundError."""
        partition = partition_of(entries[0].service_id, entries[0].id)
        counts: dict[date, Counter[str]] = defaultdict(Counter)
        for entry in entries:
            counts[entry.day].update(_counters(entry.status, entry.user_id))
        creates = (BatchOperation("create", document) for document in documents)
        await self._batch(partition, creates, counts)

    async def _change(
        self, entry: SentEntry, document: Document, at: datetime, *, is_late: bool
    ) -> None:
        """Replace the entry by a later status. Raise NotFoundError, PreconditionFailedError."""
        partition = partition_of(entry.service_id, entry.id)
        stored = await self._store.read(SENT_MESSAGES, partition, entry.id)
        before = stored.document
        if before["changes"] > entry.changes:
            return
        counts: Counter[str] = Counter()
        if before["changes"] == entry.changes:
            age = at - parse_timestamp(changed_at_of(before))
            if not is_late and age <= timedelta(seconds=MAX_WRITE_SECONDS):
                return
        else:
            counts.update(_counters(entry.status, entry.user_id))
            counts.subtract(_counters(before["status"], before["sender_user_id"]))
        replace = BatchOperation("replace", document, if_match=stored.etag)
        await self._batch(partition, (replace,), {entry.day: counts})

    async def _batch(
        self,
        partition: str,
        writes: Iterable[BatchOperation],
        counts: Mapping[date, Counter[str]],
    ) -> None:
        days = [
            BatchOperation("patch", id=day_id(day), operations=_increments(counters))
            for day, counters in counts.items()
            if any(counters.values())
        ]
        try:
            await self._store.batch(SENT_MESSAGES, partition, (*writes, *days))
        except NotFoundError:
            for day in counts:
                await self._open(partition, day)
            raise

    async def _open(
        self, partition: str, day: date, counters: Mapping[str, int] | None = None
    ) -> None:
        document: Document = {"id": day_id(day), "service_shard": partition, "ttl": DAY_TTL}
        try:
            await self._store.create(SENT_MESSAGES, {**document, "counters": counters or {}})
        except ConflictError:
            # another message of the day created the document first
            return


def _counters(status: str, user_id: str) -> tuple[str, str]:
    """Return the counters of a status: that of the service, and that of the account that sent."""
    return status, f"{account_key(user_id)}-{status}"


def _increments(counters: Counter[str]) -> tuple[PatchOperation, ...]:
    return tuple(
        PatchOperation("incr", f"/counters/{name}", count)
        for name, count in counters.items()
        if count
    )
