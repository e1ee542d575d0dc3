"""The schedule of reminders, of instalments that are to become messages, and of digests.

What is due in the same hour lies together, over a few shards.

A look reads only what is due, however many are scheduled. A slot is the hour of the tick that
finds an entry, rounded up: at the last tick of an hour all of its slots have come, and are never
looked at again. So nothing is put into a slot that will be closed in the next minutes, nor behind
the checkpoint where a clock of ours is late.
"""

import asyncio
import contextlib
import time
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from weakref import WeakKeyDictionary

from lib.domain.shared.values import parse_timestamp, timestamp
from lib.ports.documents import BatchOperation, Condition, Document, DocumentStore, Query, Stored
from lib.ports.errors import ConflictError, NotFoundError, PreconditionFailedError
from lib.ports.queueing.items import DigestDue, InstalmentDue, ReminderDue
from lib.ports.schema import DAY, REMINDERS

SHARDS: Final = 16
TICK: Final = timedelta(minutes=5)
"""How often the schedule is looked at, beginning with each hour."""
LATE_WRITE: Final = timedelta(minutes=10)
"""How long a write may take from when its slot was chosen, and clocks may differ."""
FIRST_LOOK: Final = timedelta(days=7)
"""How far back the very first look goes."""

MAX_REMOVED: Final = 100
"""Operations in one batch, by the store's limit."""

HOUR: Final = timedelta(hours=1)
NEAR: Final = timedelta(days=1)
"""An entry for a later time lies before the checkpoint only where a clock is wrong."""
KNOWN_SECONDS: Final = 60.0
"""How long a process takes its last look at the checkpoint for good."""
ORPHAN_TTL: Final = 30 * DAY
"""Of an entry in an hour that may be done with: most likely nobody removes it."""
_KNOWN: Final[WeakKeyDictionary[DocumentStore, tuple[float, datetime]]] = WeakKeyDictionary()
_CHECKPOINT: Final = "checkpoint"
_EPOCH: Final = datetime(2020, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Entry:
    """Something to come: a reminder of a message, an instalment to become one, or a digest.

    `due_at` as in `values.timestamp`; the id begins with it. `item` is what to queue then.
    """

    id: str
    slot: str
    due_at: str
    item: ReminderDue | InstalmentDue | DigestDue


def slots_of(hour: datetime) -> Iterator[str]:
    """Name all slots of an hour."""
    return (_slot(hour, shard) for shard in range(SHARDS))


def hours_between(first: datetime, last: datetime) -> Iterator[datetime]:
    """Return the hours from one to the other, both included."""
    while first <= last:
        yield first
        first += HOUR


class Schedule:
    """The entries of all slots, and up to which hour they are done with."""

    def __init__(self, store: DocumentStore) -> None:
        self._store = store

    async def put(self, fiscal_code: str, message_id: str, at: datetime, now: datetime) -> None:
        """Schedule a reminder; the same again changes nothing, or is a second entry of its kind."""
        named = {"fiscal_code": fiscal_code, "message_id": message_id}
        await self._put(message_id, at, now, named)

    async def put_instalment(self, rpt_id: str, at: datetime, now: datetime) -> None:
        """Schedule an instalment, else as `put`."""
        await self._put(rpt_id, at, now, {"rpt_id": rpt_id})

    async def put_digest(
        self, name: str, fiscal_code: str, day: str, at: datetime, now: datetime
    ) -> None:
        """Schedule the digest of a day, else as `put`; `name` is new for each citizen and day."""
        await self._put(name, at, now, {"fiscal_code": fiscal_code, "digest_of": day})

    async def _put(self, name: str, at: datetime, now: datetime, named: Document) -> None:
        due_at = timestamp(at)
        found = _rounded_up(max(at, now + LATE_WRITE))
        document: Document = {
            # neither of the two parts holds what an id may not
            "id": f"{due_at}-{name}",
            "due_at": due_at,
            **named,
        }
        shard = zlib.crc32(name.encode()) % SHARDS
        if at < now + NEAR and (later := await self._left_behind(found, now)) is not None:
            # either clock may be the wrong one: it is in both hours, and the second finds it done
            both = {**document, "slot": _slot(later, shard)}
            await self._store.upsert(REMINDERS, both)
            document["ttl"] = ORPHAN_TTL
        await self._store.upsert(REMINDERS, {**document, "slot": _slot(found, shard)})

    async def _left_behind(self, found: datetime, now: datetime) -> datetime | None:
        """Return the next hour that is looked at, if this one is not any more; else None.

        Cost: one read a minute at most, of a process.
        """
        asked = time.monotonic()
        known = _KNOWN.get(self._store)
        if known is None or asked - known[0] >= KNOWN_SECONDS:
            known = asked, (await self.checkpoint(now))[0]
            _KNOWN[self._store] = known
        first = known[1]
        # a checkpoint that is far ahead is wrong, and will be set back
        return first + HOUR if _hour(found) < first <= now + NEAR else None

    async def due(self, slot: str, now: datetime, limit: int) -> list[Entry]:
        """Return the earliest entries of the slot that are due."""
        until = timestamp(now + timedelta(milliseconds=1))
        page = await self._store.query(
            REMINDERS, Query(slot, limit=limit, where=(Condition("id", "<", until),))
        )
        return [_entry(one) for one in page.items]

    async def remove(self, entries: Sequence[Entry]) -> None:
        """See that these of one slot, MAX_REMOVED at most, are gone."""
        if not entries:
            return
        deletes = [BatchOperation("delete", id=entry.id) for entry in entries]
        try:
            await self._store.batch(REMINDERS, entries[0].slot, deletes)
        except NotFoundError:
            # another look removed one of them
            await asyncio.gather(*(self._remove(entry) for entry in entries))

    async def _remove(self, entry: Entry) -> None:
        with contextlib.suppress(NotFoundError):
            await self._store.delete(REMINDERS, entry.slot, entry.id)

    async def checkpoint(self, now: datetime) -> tuple[datetime, str | None]:
        """Return the first hour that is not done with, and the ETag that `advance` wants."""
        stored = await self._checkpoint()
        if stored is None:
            return _hour(now - FIRST_LOOK), None
        return parse_timestamp(stored.document["hour"]), stored.etag

    async def set_back(self, now: datetime, etag: str | None) -> None:
        """Have the looks begin anew, as far back as the very first one."""
        await self.advance(_hour(now - FIRST_LOOK), etag)

    async def advance(self, hour: datetime, etag: str | None) -> None:
        """Move on to the hour, unless another look did meanwhile."""
        document: Document = {"id": _CHECKPOINT, "slot": _CHECKPOINT, "hour": timestamp(hour)}
        try:
            if etag is None:
                await self._store.create(REMINDERS, document)
            else:
                await self._store.replace(REMINDERS, document, if_match=etag)
        except (ConflictError, PreconditionFailedError):
            return

    async def _checkpoint(self) -> Stored | None:
        try:
            return await self._store.read(REMINDERS, _CHECKPOINT, _CHECKPOINT)
        except NotFoundError:
            return None


def _entry(document: Document) -> Entry:
    item: ReminderDue | InstalmentDue | DigestDue
    if "rpt_id" in document:
        item = InstalmentDue(rpt_id=document["rpt_id"])
    elif "digest_of" in document:
        item = DigestDue(fiscal_code=document["fiscal_code"], day=document["digest_of"])
    else:
        item = ReminderDue(
            fiscal_code=document["fiscal_code"],
            message_id=document["message_id"],
            due_at=document["due_at"],
        )
    return Entry(document["id"], document["slot"], document["due_at"], item)


def this_hour(now: datetime) -> datetime:
    """Return the hour whose slots a look at this moment reads as the last."""
    return _hour(now)


def open_hour(now: datetime) -> datetime:
    """Return the first hour whose slots may still get entries that are not due by now."""
    return _hour(now + TICK)


def is_ahead(hour: datetime, now: datetime) -> bool:
    """Tell whether no look could have come so far, by whatever clock that is about right."""
    return hour > _hour(now + TICK + LATE_WRITE)


def _hour(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)


def _rounded_up(moment: datetime) -> datetime:
    return moment + (_EPOCH - moment) % TICK


def _slot(hour: datetime, shard: int) -> str:
    return f"{hour:%Y%m%dT%H}-{shard:02d}"
