"""Write the list of sent messages: an entry for each message, by which it is counted too."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from itertools import batched
from typing import Final

from lib.domain.messages.sent_entry import MAX_WRITE_SECONDS, SentEntry
from lib.domain.shared.identifiers import MessageId
from lib.ports.documents import BatchOperation, Condition, DocumentStore, Query, Stored
from lib.ports.errors import ConflictError, NotFoundError, UnavailableError
from lib.ports.schema.messages import SENT_MESSAGES
from lib.repositories.messages.sent.sent_counts import DayCounts, open_days
from lib.repositories.messages.sent.sent_mapping import partition_of
from lib.repositories.messages.sent.sent_writes import SentWrite, document_by, step_of
from lib.repositories.shared.gathering import Gathering, Outcomes
from lib.repositories.shared.optimistic import until_written
from lib.repositories.statistics.folds import Folds

MAX_LATE_WRITES: Final = 3
MAX_TOGETHER: Final = 40
"""The most entries of one batch: with their counts, they stay below 100 operations."""
TOGETHER_SECONDS: Final = 0.05
"""The longest time that an entry waits for other entries of its part."""
MAX_KNOWN: Final = 1000


class SentEntries:
    """Store the entries of all services, by which their messages are counted.

    An entry is counted with its week. A change after the week was closed is added to the counts of
    its day in its part. So is an entry that expires before the fold of its week.
    `elapsed`: the clock, in seconds, by which the duration of a write is measured.
    """

    def __init__(
        self,
        store: DocumentStore,
        folds: Folds,
        elapsed: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._folds = folds
        self._elapsed = elapsed
        self.together = Gathering[str, SentWrite](
            self._write_group, most=MAX_TOGETHER, seconds=TOGETHER_SECONDS
        )

    async def put(
        self, entry: SentEntry, now: datetime, rejected_ttl: int, *, is_known: bool = False
    ) -> None:
        """Store the present status of a message; an earlier status than the stored one is ignored.

        `rejected_ttl`: the life of a rejected message, in seconds. `is_known`: the message most
        likely has an entry, so that the first attempt changes it. Raise UnavailableError.
        Cost: one batch for all entries that are put into a part at the same time, with one
        operation for each entry; one read more for each message that has an entry, and one batch
        more where that was not known; and that of `Folds.plan`. A change in a closed week costs one
        operation more, and the first one of its day in its part two more.
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
        add: Callable[[str, SentWrite], Awaitable[None]],
        entry: SentEntry,
        now: datetime,
        rejected_ttl: int,
        *,
        is_known: bool = False,
    ) -> None:
        begun = self._elapsed()
        is_open = await self._folds.plan(entry.service_id, entry.day, now)
        write = SentWrite(entry, now, begun, rejected_ttl, is_open, is_known)
        await add(partition_of(entry.service_id, entry.id), write)

    async def has(self, entry: SentEntry) -> bool:
        """Tell whether a message is in the list. Cost: one point read."""
        partition = partition_of(entry.service_id, entry.id)
        try:
            await self._store.read(SENT_MESSAGES, partition, entry.id)
        except NotFoundError:
            return False
        return True

    async def put_new(self, entries: Iterable[SentEntry], now: datetime) -> None:
        """Store the entries of accepted messages that have no entry yet.

        Raise UnavailableError.
        Cost: for each part of a service one query, and a batch where an entry is missing.
        """
        parts: dict[str, list[SentWrite]] = defaultdict(list)
        for entry in entries:
            is_open = await self._folds.plan(entry.service_id, entry.day, now)
            write = SentWrite(entry, now, 0.0, 0, is_open)
            parts[partition_of(entry.service_id, entry.id)].append(write)
        for partition, part in parts.items():
            part.sort(key=lambda one: one.entry.id)
            for group in batched(part, MAX_TOGETHER, strict=False):
                await until_written("new sent messages", self._missing(partition, group, now))

    def _missing(
        self, partition: str, group: Sequence[SentWrite], now: datetime
    ) -> Callable[[], Awaitable[None]]:
        first, last = group[0].entry.id, group[-1].entry.id

        async def attempt() -> None:
            between = (Condition("id", ">=", first), Condition("id", "<=", last))
            query = Query(partition, limit=MAX_KNOWN, where=between, fields=("id",))
            known = {
                document["id"] for document in (await self._store.query(SENT_MESSAGES, query)).items
            }
            counts = DayCounts()
            creates = [
                BatchOperation("create", document_by(write, now, None, counts))
                for write in group
                if write.entry.id not in known
            ]
            await self._batch(partition, creates, counts)

        return attempt

    async def _write_group(self, partition: str, writes: Sequence[SentWrite]) -> Outcomes:
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

    async def _write(self, partition: str, writes: Sequence[SentWrite]) -> Outcomes:
        """Write entries of one part, until one write of them did not take long.

        An entry that cannot be read fails alone; a batch that fails concerns all its entries.
        """
        latest: dict[MessageId, SentWrite] = {}
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
        self, partition: str, writes: Sequence[SentWrite], tried: float, *, is_late: bool
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
                elif step := step_of(write, write.at(tried), stored, counts, is_late=is_late):
                    steps.append(step)
            try:
                await self._batch(partition, steps, counts)
            except ConflictError:
                looks = True
                raise
            return unread

        return attempt

    async def _find(
        self, partition: str, write: SentWrite, *, looks: bool
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
            await open_days(self._store, partition, counts.days)
            raise
