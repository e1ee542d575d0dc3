"""Write the list of sent messages: an entry for each message, and counts by day and status."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from itertools import batched
from typing import Final

from lib.domain.messages.sent_entry import MAX_WRITE_SECONDS, SentEntry
from lib.domain.shared.identifiers import MessageId, ServiceId
from lib.domain.shared.values import parse_timestamp, timestamp
from lib.ports.documents import BatchOperation, Condition, DocumentStore, Query, Stored
from lib.ports.errors import ConflictError, NotFoundError, UnavailableError
from lib.ports.schema import SENT_MESSAGES
from lib.repositories.messages.sent.sent_counts import DayCounts, SentCounts
from lib.repositories.messages.sent.sent_mapping import changed_at_of, document_of, partition_of
from lib.repositories.shared.gathering import Gathering, Outcomes
from lib.repositories.shared.optimistic import until_written

MAX_LATE_WRITES: Final = 3
MAX_TOGETHER: Final = 40
"""The most entries of one batch: with their counts, they stay below 100 operations."""
TOGETHER_SECONDS: Final = 0.05
"""The longest time that an entry waits for other entries of its part."""
MAX_KNOWN: Final = 1000


@dataclass(frozen=True, slots=True)
class _Write:
    """An entry to be written, with the time of the call and the clock's reading at it."""

    entry: SentEntry
    now: datetime
    begun: float
    rejected_ttl: int
    is_known: bool

    def at(self, elapsed: float) -> datetime:
        """Return the time at this reading of the clock; not before that of the call."""
        return self.now + timedelta(seconds=max(0.0, elapsed - self.begun))


class SentEntries:
    """Store the entries and the counts of all services.

    `elapsed`: the clock, in seconds, by which the duration of a write is measured.
    """

    def __init__(self, store: DocumentStore, elapsed: Callable[[], float] = time.monotonic) -> None:
        self._store = store
        self._elapsed = elapsed
        self._counts = SentCounts(store)
        self.together = Gathering[str, _Write](
            self._write_group, most=MAX_TOGETHER, seconds=TOGETHER_SECONDS
        )

    async def put(
        self, entry: SentEntry, now: datetime, rejected_ttl: int, *, is_known: bool = False
    ) -> None:
        """Store the present status of a message; an earlier status than the stored one is ignored.

        `rejected_ttl`: the life of a rejected message, in seconds. `is_known`: the message most
        likely has an entry, so that the first attempt changes it. Raise UnavailableError.
        Cost: one batch for all entries that are put into a part at the same time, with one
        operation for each entry and each day; one read more for each message that has an entry,
        and one batch more where that was not known. The first message of a day in its part costs
        two operations more.
        Concurrency: a repeated call changes nothing, unless the time of the stored entry is so old
        that the first call may have been late: then the entry takes a new place among the changes.
        A write that took long takes a new place too, since a reader may have passed its place.
        """
        await self._put(self.together.add, entry, now, rejected_ttl, is_known=is_known)

    @contextmanager
    def announced(self) -> Iterator[Callable[..., Awaitable[None]]]:
        """Announce a call of `put`, so that other calls wait for it; yield `put` for that call."""
        with self.together.announced() as add:
            yield partial(self._put, add)

    async def _put(
        self,
        add: Callable[[str, _Write], Awaitable[None]],
        entry: SentEntry,
        now: datetime,
        rejected_ttl: int,
        *,
        is_known: bool = False,
    ) -> None:
        write = _Write(entry, now, self._elapsed(), rejected_ttl, is_known)
        await add(partition_of(entry.service_id, entry.id), write)

    async def open_days(self, service_id: ServiceId, user_id: str, days: Iterable[date]) -> None:
        """Create the counts of days in all parts, each status and account with 0."""
        await self._counts.open_days(service_id, user_id, days)

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
            missing = [entry for entry in group if entry.id not in known]
            at, counts = timestamp(now), DayCounts()
            for entry in missing:
                counts.add(entry)
            creates = [BatchOperation("create", document_of(one, at, 0)) for one in missing]
            await self._batch(partition, creates, counts)

        return attempt

    async def _write_group(self, partition: str, writes: Sequence[_Write]) -> Outcomes:
        """Write the entries together, or one by one where one of them is at fault."""
        try:
            return await self._write(partition, writes)
        except UnavailableError:
            raise
        except Exception as error:  # noqa: BLE001 - that of one entry, which its caller gets
            if len(writes) == 1:
                return [error]
        alone = [await self._write_group(partition, (write,)) for write in writes]
        return [outcome for (outcome,) in alone]

    async def _write(self, partition: str, writes: Sequence[_Write]) -> Outcomes:
        """Write entries of one part, until one write of them did not take long.

        An entry that cannot be read fails alone; a batch that fails concerns all its entries.
        """
        latest: dict[MessageId, _Write] = {}
        for write in sorted(writes, key=lambda one: one.entry.changes):
            latest[write.entry.id] = write
        # the places are those of the calls, although the calls waited for each other
        tried = min(write.begun for write in writes)
        for attempt in range(MAX_LATE_WRITES):
            unread = await until_written(
                "an entry of a sent message",
                self._attempts(partition, [*latest.values()], tried, is_late=attempt > 0),
            )
            tried, before = self._elapsed(), tried
            if tried - before <= MAX_WRITE_SECONDS:
                return [unread.get(write.entry.id) for write in writes]
        raise UnavailableError("the list of sent messages is slow")

    def _attempts(
        self, partition: str, writes: Sequence[_Write], tried: float, *, is_late: bool
    ) -> Callable[[], Awaitable[dict[MessageId, Exception]]]:
        looks = is_late

        async def attempt() -> dict[MessageId, Exception]:
            nonlocal looks
            found = await asyncio.gather(
                *(self._find(partition, write, looks=looks or write.is_known) for write in writes)
            )
            counts, unread = DayCounts(), dict[MessageId, Exception]()
            steps: list[BatchOperation] = []
            for write, stored in zip(writes, found, strict=True):
                if isinstance(stored, UnavailableError):
                    unread[write.entry.id] = stored
                elif step := _step(write, write.at(tried), stored, counts, is_late=is_late):
                    steps.append(step)
            try:
                await self._batch(partition, steps, counts)
            except ConflictError:
                looks = True
                raise
            return unread

        return attempt

    async def _find(
        self, partition: str, write: _Write, *, looks: bool
    ) -> Stored | UnavailableError | None:
        if not looks:
            return None
        try:
            return await self._store.read(SENT_MESSAGES, partition, write.entry.id)
        except NotFoundError:
            return None
        except UnavailableError as error:
            return error

    async def _batch(
        self, partition: str, steps: Sequence[BatchOperation], counts: DayCounts
    ) -> None:
        if not steps:
            return
        try:
            await self._store.batch(SENT_MESSAGES, partition, (*steps, *counts.steps()))
        except NotFoundError:
            await self._counts.open(partition, counts.days)
            raise


def _step(
    write: _Write, at: datetime, stored: Stored | None, counts: DayCounts, *, is_late: bool
) -> BatchOperation | None:
    """Return the step that brings an entry up to date, and count the change; None for no change."""
    entry = write.entry
    document = document_of(entry, timestamp(at), write.rejected_ttl)
    if stored is None:
        counts.add(entry)
        return BatchOperation("create", document)
    before = stored.document
    if before["changes"] > entry.changes:
        return None
    if before["changes"] == entry.changes:
        age = at - parse_timestamp(changed_at_of(before))
        if not is_late and age <= timedelta(seconds=MAX_WRITE_SECONDS):
            return None
    else:
        counts.move(entry, before["status"], before["sender_user_id"])
    return BatchOperation("replace", document, if_match=stored.etag)
