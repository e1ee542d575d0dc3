"""The schedule: queue items for a later time.

An entry names a queue and contains the item. The schedule does not depend on the purpose of an
item. The entries of an hour are in SHARDS partitions. So a tick reads only due entries, also where
very many entries are scheduled.

The partition key `slot` is an hour and a shard. The hour is that of the tick that finds the entry:
`at`, rounded up to a tick. The last tick of an hour finds all entries of the hour's slots, and no
later tick reads these slots. Therefore no entry is put into a slot that closes within LATE_WRITE.
No entry is put into a slot before the checkpoint either, which this process could choose if its
clock were late.
"""

import asyncio
import contextlib
import json
import time
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from pydantic import ValidationError

from lib.domain.shared.values import parse_timestamp, timestamp
from lib.ports.documents import (
    DAY_SECONDS,
    BatchOperation,
    Condition,
    Document,
    DocumentStore,
    Query,
    Stored,
)
from lib.ports.errors import ConflictError, NotFoundError, PreconditionFailedError
from lib.ports.queueing.item import Item
from lib.ports.schema.notifications import SCHEDULE

SHARDS: Final = 16
TICK: Final = timedelta(minutes=5)
"""The period of the timer, which starts with each full hour."""
LATE_WRITE: Final = timedelta(minutes=10)
"""The maximum time of a write after the choice of its slot, with the difference of clocks."""
FIRST_LOOK: Final = timedelta(days=7)
"""The time before the very first tick from which it reads entries."""

MAX_REMOVED: Final = 100
"""The store's limit of operations in one batch."""

HOUR: Final = timedelta(hours=1)
NEAR: Final = timedelta(days=1)
"""The reach of the checkpoint: an entry that is due later cannot be before it with right clocks."""
KNOWN_SECONDS: Final = 60.0
"""The time that a process uses a checkpoint that it has read."""
ORPHAN_TTL: Final = 30 * DAY_SECONDS
"""The time to live of an entry in an hour that ticks may no longer read, so no tick removes it."""
_CHECKPOINT: Final = "checkpoint"
_EPOCH: Final = datetime(2020, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Entry:
    """A queue item that is to be queued at a given time.

    `name` distinguishes the entry from other entries of its queue and time. It becomes part of an
    id, so it must not name a citizen.
    """

    queue: str
    name: str
    at: datetime
    item: Item


@dataclass(frozen=True, slots=True)
class DueEntry:
    """A stored entry whose time has come.

    `stored_item`: the text of the item as stored. `item`: the item, None for a text that is not
    valid.
    """

    id: str
    slot: str
    queue: str
    item: Item | None
    stored_item: str = ""


def slots_of(hour: datetime) -> Iterator[str]:
    """Name all slots of an hour."""
    return (_slot(hour, shard) for shard in range(SHARDS))


def hours_between(first: datetime, last: datetime) -> Iterator[datetime]:
    """Return the hours from `first` to `last`, both included."""
    while first <= last:
        yield first
        first += HOUR


class Schedule:
    """The entries of all slots, and the checkpoint: the first hour that ticks still read."""

    def __init__(self, store: DocumentStore) -> None:
        self._store = store
        self._known: tuple[float, datetime] | None = None

    async def put(self, entry: Entry, now: datetime) -> None:
        """Schedule an entry; an entry of the same queue, name and moment is replaced.

        After LATE_WRITE, a second copy of an entry may exist, so the consumer of the queue must
        accept the same item twice.
        Cost: one upsert; for an entry within NEAR, one read more for each minute and process.
        """
        found = _rounded_up(max(entry.at, now + LATE_WRITE))
        document: Document = {
            # no part of the id has a character that ids may not have
            "id": f"{timestamp(entry.at)}-{entry.queue}-{entry.name}",
            "queue": entry.queue,
            "item": entry.item.model_dump(mode="json", exclude_defaults=True),
        }
        shard = zlib.crc32(entry.name.encode()) % SHARDS
        if entry.at < now + NEAR and (later := await self._left_behind(found, now)) is not None:
            # this clock or another may be wrong: an entry in both hours is queued once or twice
            both = {**document, "slot": _slot(later, shard)}
            await self._store.upsert(SCHEDULE, both)
            document["ttl"] = ORPHAN_TTL
        await self._store.upsert(SCHEDULE, {**document, "slot": _slot(found, shard)})

    async def _left_behind(self, found: datetime, now: datetime) -> datetime | None:
        """Return an hour that ticks will read, if they no longer read the hour of `found`.

        None if they will still read the hour of `found`.
        Cost: at most one read for each minute and process.
        """
        now_steady = time.monotonic()
        known = self._known
        if known is None or now_steady - known[0] >= KNOWN_SECONDS:
            known = now_steady, (await self.checkpoint(now))[0]
            self._known = known
        first = known[1]
        # a checkpoint that is far ahead is wrong, and the next tick sets it back
        return first + HOUR if _hour(found) < first <= now + NEAR else None

    async def due(self, slot: str, now: datetime, limit: int) -> list[DueEntry]:
        """Return the earliest entries of the slot that are due. Cost: one query."""
        until = timestamp(now + timedelta(milliseconds=1))
        page = await self._store.query(
            SCHEDULE, Query(slot, limit=limit, where=(Condition("id", "<", until),))
        )
        return [_due_entry(document) for document in page.items]

    async def remove(self, entries: Sequence[DueEntry]) -> None:
        """Remove entries of one slot, at most MAX_REMOVED; an entry may be gone already."""
        if not entries:
            return
        deletes = [BatchOperation("delete", id=entry.id) for entry in entries]
        try:
            await self._store.batch(SCHEDULE, entries[0].slot, deletes)
        except NotFoundError:
            # another tick has removed one of the entries
            await asyncio.gather(*(self._remove(entry) for entry in entries))

    async def _remove(self, entry: DueEntry) -> None:
        with contextlib.suppress(NotFoundError):
            await self._store.delete(SCHEDULE, entry.slot, entry.id)

    async def checkpoint(self, now: datetime) -> tuple[datetime, str | None]:
        """Return the first hour that ticks still read, and the ETag that `advance` needs."""
        stored = await self._checkpoint()
        if stored is None:
            return _hour(now - FIRST_LOOK), None
        return parse_timestamp(stored.document["hour"]), stored.etag

    async def set_back(self, now: datetime, etag: str | None) -> None:
        """Move the checkpoint back to the hour with which the very first tick begins."""
        await self.advance(_hour(now - FIRST_LOOK), etag)

    async def advance(self, hour: datetime, etag: str | None) -> None:
        """Move the checkpoint to the hour, unless another tick moved it meanwhile."""
        document: Document = {"id": _CHECKPOINT, "slot": _CHECKPOINT, "hour": timestamp(hour)}
        try:
            if etag is None:
                await self._store.create(SCHEDULE, document)
            else:
                await self._store.replace(SCHEDULE, document, if_match=etag)
        except (ConflictError, PreconditionFailedError):
            return

    async def _checkpoint(self) -> Stored | None:
        try:
            return await self._store.read(SCHEDULE, _CHECKPOINT, _CHECKPOINT)
        except NotFoundError:
            return None


def _due_entry(document: Document) -> DueEntry:
    fields: tuple[Any, ...] = tuple(document.get(name) for name in ("id", "slot", "queue", "item"))
    id_, slot, queue, stored = fields
    try:
        return DueEntry(id_, slot, queue, Item.model_validate(stored))
    except ValidationError:
        return DueEntry(id_, slot, queue, None, json.dumps(stored))


def this_hour(now: datetime) -> datetime:
    """Return the last hour whose slots a tick at this time reads."""
    return _hour(now)


def open_hour(now: datetime) -> datetime:
    """Return the first hour whose slots may still receive entries that are not due yet."""
    return _hour(now + TICK)


def is_ahead(hour: datetime, now: datetime) -> bool:
    """Tell whether the checkpoint is too far ahead for a clock that is about right."""
    return hour > _hour(now + TICK + LATE_WRITE)


def _hour(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)


def _rounded_up(moment: datetime) -> datetime:
    return moment + (_EPOCH - moment) % TICK


def _slot(hour: datetime, shard: int) -> str:
    return f"{hour:%Y%m%dT%H}-{shard:02d}"
