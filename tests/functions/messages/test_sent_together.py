"""Messages that are fanned out at the same time share the writes of the list of sent messages."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from functions.queues.messages import fan_out_message
from lib.adapters.embedded.sqlite.store import SQLiteStore
from lib.composition.stacks import STORE_FILE
from lib.domain.messages.message_id import new_message_id
from lib.domain.messages.message_parts import SentStatus
from lib.domain.messages.sent_entry import SentEntry
from lib.domain.shared.identifiers import FiscalCode, Reference, ServiceId
from lib.domain.shared.values import timestamp
from lib.ports.errors import LimitError
from lib.ports.queueing.names import MESSAGE_SUBMITTED
from lib.ports.schema.containers import CONTAINERS
from lib.repositories.messages.sent.sent_entries import MAX_TOGETHER, SentEntries
from lib.repositories.messages.sent.sent_lists import SentFilter, SentLists
from lib.repositories.scheduling.schedule import Schedule
from lib.repositories.statistics.folds import Folds
from tests.doubles.clock import START, StillClock
from tests.doubles.counted_stack import CountedStack
from tests.doubles.counting import Counting
from tests.doubles.slow_push import queue_pushes
from tests.stack import take

SERVICE = ServiceId("one")
AT = timestamp(START)


class Listed:
    """An empty list, and the operations on it."""

    def __init__(self, folder: Path) -> None:
        self.plain = SQLiteStore(folder / STORE_FILE, StillClock(), CONTAINERS)
        self.operations = Counter[str]()
        folds = Folds(Schedule(self.plain))
        self.entries = SentEntries(Counting(self.plain, self.operations), folds)
        self.lists = SentLists(self.plain)

    async def put(self, entries: Iterable[SentEntry]) -> None:
        """Put entries as concurrent runs do."""

        async def one(entry: SentEntry) -> None:
            with self.entries.announced() as put:
                await asyncio.sleep(0)
                await put(entry, START, 1000)

        await asyncio.gather(*map(one, entries))

    async def counts(self, account: str | None = None) -> Counter[str]:
        """Return the counts of the day."""
        days = await self.lists.days(SERVICE, account, *[START.date()] * 3)
        return +days.get(START.date(), Counter())


@pytest.fixture
async def listed(tmp_path: Path) -> AsyncIterator[Listed]:
    """Yield an empty list."""
    listed = Listed(tmp_path)
    yield listed
    await listed.plain.close()


def entries_of(count: int, accounts: int = 1) -> list[SentEntry]:
    """Return entries of messages that were accepted in the same moment."""
    return [
        SentEntry(
            id=new_message_id(START, START),
            service_id=SERVICE,
            fiscal_code=FiscalCode("AAAAAA00A00A000A"),
            user_id=f"account-{number % accounts}",
            reference=None,
            status="ACCEPTED",
            created_at=AT,
            changed_at=AT,
            changes=1,
        )
        for number in range(count)
    ]


def later(entry: SentEntry, status: SentStatus = "PROCESSED") -> SentEntry:
    """Return the entry of the message's next status."""
    return replace(entry, status=status, changes=entry.changes + 1)


async def test_one_batch_writes_many_entries(listed: Listed) -> None:
    """The first batch of the day finds no counts, creates them, and is repeated."""
    await listed.put(entries_of(1))
    listed.operations.clear()

    await listed.put(entries_of(MAX_TOGETHER))

    assert listed.operations == {"batch": 1}
    assert await listed.counts() == {"ACCEPTED": MAX_TOGETHER + 1}


async def test_more_accounts_than_a_patch_may_count(listed: Listed) -> None:
    """A patch changes ten counters at most, and a batch has a hundred operations at most."""
    entries = entries_of(MAX_TOGETHER, accounts=MAX_TOGETHER)
    await listed.put(entries)
    await listed.put(map(later, entries))

    assert await listed.counts() == {"PROCESSED": MAX_TOGETHER}
    assert await listed.counts("account-7") == {"PROCESSED": 1}


async def test_runs_that_are_repeated_together_change_nothing(listed: Listed) -> None:
    """Some messages of the group are in the list, and some are new."""
    entries = entries_of(12)
    await listed.put(entries[:5])
    await listed.put(entries)
    await listed.put([*entries, *entries])

    assert await listed.counts() == {"ACCEPTED": 12}
    page = await listed.lists.page(SentFilter(SERVICE), 100)
    assert {entry.id for entry in page.entries} == {entry.id for entry in entries}


async def test_the_latest_status_of_a_message_wins_in_a_group(listed: Listed) -> None:
    """In whatever order the runs come."""
    (entry,) = entries_of(1)
    await listed.put([later(entry), entry, later(later(entry), "FAILED"), entry])

    assert await listed.counts() == {"FAILED": 1}
    page = await listed.lists.page(SentFilter(SERVICE), 100)
    assert [one.status for one in page.entries] == ["FAILED"]


async def test_a_bad_entry_stops_no_other(listed: Listed) -> None:
    """Its own call fails, and the entries beside it are in the list and counted."""
    good, bad, *others = entries_of(6)
    bad = replace(bad, reference=Reference("\ud800"))

    with pytest.raises(LimitError):
        await listed.put([good, bad, *others])

    assert await listed.counts() == {"ACCEPTED": 5}
    page = await listed.lists.page(SentFilter(SERVICE), 100)
    assert {entry.id for entry in page.entries} == {one.id for one in (good, *others)}


async def test_accepted_messages_that_wait_are_listed_in_few_batches(listed: Listed) -> None:
    """The fan-outs come after them, since the queue is long, and count each message once."""
    entries = entries_of(3 * MAX_TOGETHER, accounts=15)
    await listed.put(entries[:1])
    listed.operations.clear()

    await listed.entries.put_new(entries, START)
    assert listed.operations == {"query": 3, "batch": 3}
    await listed.put(map(later, entries))

    assert await listed.counts() == {"PROCESSED": len(entries)}


async def test_fan_outs_at_the_same_time_share_their_batches(counted: CountedStack) -> None:
    """A run of the queue function writes the list with its neighbours."""
    queue_pushes(counted.app)
    ids = [await counted.submit() for _ in range(12)]
    items = await take(counted.queue, MESSAGE_SUBMITTED)
    counted.app.repositories.sent_entries.together.seconds = 3600
    counted.reset()

    await asyncio.gather(
        *(fan_out_message.consume(counted.app, item.text, last=False) for item in items)
    )

    assert counted.documents["patch"] == len(ids)
    assert counted.documents["batch"] == 1
    reply = await counted.call("list_sent_messages")
    statuses = {item["id"]: item["status"] for item in reply.body["items"]}
    assert {statuses[id_] for id_ in ids} == {"PROCESSED"}
