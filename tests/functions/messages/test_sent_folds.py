"""Reports of sent messages are right before, during and after the fold of a week."""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from lib.adapters.embedded.sqlite.store import SQLiteStore
from lib.composition.stacks import STORE_FILE
from lib.domain.messages.message_id import new_message_id
from lib.domain.messages.message_parts import ListedStatus
from lib.domain.messages.sent_entry import SentEntry
from lib.domain.shared.deadline import in_rome
from lib.domain.shared.identifiers import FiscalCode, ServiceId
from lib.domain.shared.values import timestamp
from lib.domain.statistics.weeks import CLOSES_AFTER, end_of, folds_at, week_of, weeks_between
from lib.ports.documents import DAY_SECONDS
from lib.ports.schema.containers import CONTAINERS
from lib.repositories.messages.sent.sent_entries import SentEntries
from lib.repositories.messages.sent.sent_lists import SentLists
from lib.repositories.scheduling.schedule import Schedule
from lib.repositories.statistics.folds import Folds
from tests.doubles.clock import START, StillClock

SERVICE = ServiceId("one")
LIFE = 90 * DAY_SECONDS
WEEK = week_of(START.date())
STATUSES: tuple[ListedStatus, ...] = ("ACCEPTED", "PROCESSED", "FAILED", "REJECTED")


class Counted:
    """An empty list of sent messages, with its clock."""

    def __init__(self, folder: Path) -> None:
        self.clock = StillClock()
        self.store = SQLiteStore(folder / STORE_FILE, self.clock, CONTAINERS)
        self.entries = SentEntries(self.store, Folds(Schedule(self.store)))
        self.lists = SentLists(self.store)

    async def put(self, *entries: SentEntry, life: int = LIFE) -> None:
        """Put entries at the same time."""
        now = self.clock.now()
        await asyncio.gather(*(self.entries.put(one, now, life) for one in entries))

    async def days(self, account: str | None = None) -> dict[date, Counter[str]]:
        """Return the counts of 90 days that are not 0."""
        today = self.clock.now().date()
        period = START.date() - timedelta(days=20), START.date() + timedelta(days=70)
        days = await self.lists.days(SERVICE, account, *period, today)
        return {day: +counts for day, counts in days.items() if +counts}

    async def counts(self) -> Counter[str]:
        """Return the counts of all days together."""
        return sum((await self.days()).values(), Counter())


@pytest.fixture
async def counted(tmp_path: Path) -> AsyncIterator[Counted]:
    """Yield an empty list."""
    counted = Counted(tmp_path)
    yield counted
    await counted.store.close()


def an_entry(
    at: datetime, account: str = "account", status: ListedStatus = "ACCEPTED"
) -> SentEntry:
    """Return the entry of a message that is accepted at this time."""
    text = timestamp(at)
    return SentEntry(
        id=new_message_id(at, at),
        service_id=SERVICE,
        fiscal_code=FiscalCode("AAAAAA00A00A000A"),
        user_id=account,
        reference=None,
        status=status,
        created_at=text,
        changed_at=text,
        changes=1,
    )


def later(entry: SentEntry, status: ListedStatus) -> SentEntry:
    """Return the entry of the message's next status."""
    return replace(entry, status=status, changes=entry.changes + 1)


@pytest.mark.parametrize("seed", range(25))
async def test_any_history_counts_each_message_once(counted: Counted, seed: int) -> None:
    """Statuses change before, between and after closing and fold, and folds come late and twice."""
    rng = random.Random(seed)
    accounts = ("a", "b")
    present: list[SentEntry] = []
    for _ in range(60):
        now = counted.clock.now()
        if present and rng.random() < 0.6:
            index = rng.randrange(len(present))
            present[index] = later(present[index], rng.choice(STATUSES))
            twice = [present[index]] * rng.randint(1, 2)
            await counted.put(*twice)
        elif rng.random() < 0.5:
            present.append(an_entry(now, rng.choice(accounts)))
            await counted.put(present[-1])
        else:
            new = [an_entry(now, rng.choice(accounts)) for _ in range(3)]
            present += new
            await counted.entries.put_new(new, now)
        if rng.random() < 0.4:
            counted.clock.moment += timedelta(hours=rng.choice((1, 20, 50)))
        for week in weeks_between(WEEK, in_rome(counted.clock.now()).date()):
            # an item may be late, so that changes come between the closing of a week and its fold
            if folds_at(week) <= counted.clock.now() and rng.random() < 0.3:
                await counted.lists.fold(SERVICE, week)
        for account in (None, *accounts):
            expected: dict[date, Counter[str]] = {}
            for entry in present:
                if account in {None, entry.user_id}:
                    expected.setdefault(entry.day, Counter())[entry.status] += 1
            assert await counted.days(account) == expected


@pytest.mark.parametrize("life", [1000, DAY_SECONDS, 30 * DAY_SECONDS])
async def test_a_short_life_changes_no_count(counted: Counted, life: int) -> None:
    """An entry that expires before the fold of its week is counted on its own."""
    entries = [an_entry(START) for _ in range(12)]
    await counted.put(*entries[:6], life=life)
    await counted.put(*(later(one, "REJECTED") for one in entries[:4]), life=life)
    await counted.put(*(later(one, "REJECTED") for one in entries[6:]), life=life)
    again = later(later(entries[0], "REJECTED"), "PROCESSED")
    await counted.put(again, life=life)
    expected = {"REJECTED": 9, "ACCEPTED": 2, "PROCESSED": 1}
    assert await counted.counts() == expected

    counted.clock.moment = folds_at(WEEK)
    await counted.lists.fold(SERVICE, WEEK)

    assert await counted.counts() == expected


async def test_a_change_between_closing_and_fold_keeps_its_entry(counted: Counted) -> None:
    """The fold finds the entry that it counts in its earlier status."""
    entry = an_entry(START)
    await counted.put(entry)
    counted.clock.moment = end_of(WEEK) + CLOSES_AFTER
    await counted.put(later(entry, "REJECTED"), life=1000)
    counted.clock.moment = folds_at(WEEK) + timedelta(days=7)
    await counted.lists.fold(SERVICE, WEEK)

    assert await counted.counts() == {"REJECTED": 1}


@pytest.mark.parametrize("life", [LIFE, 1000])
async def test_a_process_with_a_late_clock_changes_the_entry_last(
    counted: Counted, life: int
) -> None:
    """For one process the week is closed, for the next one still open."""
    entry = an_entry(START)
    await counted.put(entry)
    closing = end_of(WEEK) + CLOSES_AFTER
    counted.clock.moment = closing
    await counted.put(later(entry, "REJECTED"))
    counted.clock.moment = closing - timedelta(minutes=1)
    await counted.put(later(later(entry, "REJECTED"), "REJECTED"), life=life)
    await counted.put(replace(entry, status="PROCESSED", changes=4), life=life)

    assert await counted.counts() == {"PROCESSED": 1}
    counted.clock.moment = folds_at(WEEK)
    await counted.lists.fold(SERVICE, WEEK)
    assert await counted.counts() == {"PROCESSED": 1}


async def test_a_withdrawal_changes_no_count(counted: Counted) -> None:
    """The status stays, whether its week is open or folded."""
    entries = [an_entry(START, status="PROCESSED") for _ in range(2)]
    await counted.put(*entries)
    await counted.put(later(entries[0], "PROCESSED"))
    counted.clock.moment = folds_at(WEEK)
    await counted.lists.fold(SERVICE, WEEK)
    await counted.put(later(entries[1], "PROCESSED"))

    assert await counted.counts() == {"PROCESSED": 2}


async def test_a_fold_counts_one_part_at_a_time(
    counted: Counted, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The counts have a time limit each, and together may use up the throughput of the store."""
    count, running, most = counted.store.count, 0, 0

    async def watched(*arguments: Any) -> dict[str, int]:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0)
        running -= 1
        return await count(*arguments)

    monkeypatch.setattr(counted.store, "count", watched)
    await counted.lists.fold(SERVICE, WEEK)

    assert most == 1


@pytest.mark.parametrize("days", [0, 30, 60, 61, 90])
async def test_scheduled_messages_count_on_their_day(counted: Counted, days: int) -> None:
    """Also those that are so far ahead that they are counted apart."""
    at = START + timedelta(days=days)
    entry = an_entry(at, status="SCHEDULED")
    await counted.put(entry)
    lists, period = counted.lists, (at.date(), at.date())
    assert await lists.days(SERVICE, None, *period, START.date()) == {at.date(): {"SCHEDULED": 1}}
    counted.clock.moment = at
    await counted.put(later(entry, "PROCESSED"))
    counted.clock.moment = folds_at(week_of(at.date()))
    await lists.fold(SERVICE, week_of(at.date()))

    found = await lists.days(SERVICE, None, *period, counted.clock.now().date())
    assert {day: +counts for day, counts in found.items()} == {at.date(): {"PROCESSED": 1}}


@pytest.mark.parametrize("days", [10, 30, 55])
async def test_a_cancelled_message_counts_on_its_day(counted: Counted, days: int) -> None:
    """Also if its entry expires before that day, and so before the fold."""
    at = START + timedelta(days=days)
    entry = an_entry(at, status="SCHEDULED")
    await counted.put(entry)
    await counted.put(later(entry, "REJECTED"), life=25 * DAY_SECONDS)
    counted.clock.moment = folds_at(week_of(at.date()))
    await counted.lists.fold(SERVICE, week_of(at.date()))

    assert await counted.days() == {at.date(): {"REJECTED": 1}}
