"""Timers of the local host: schedules, catching up, and one firing for each occurrence."""

import asyncio
import json
import os
import time
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.local.errors import HostError
from infra.local.invocations.log import HostLog
from infra.local.invocations.worker_library import Metadata
from infra.local.settings.timespan import parse_timespan
from infra.local.timers.ncrontab import parse_expression
from infra.local.timers.store import TimerState, TimerStore
from infra.local.timers.triggers import TimerTriggers
from tests.host.host_fakes import HandClock, ScriptedLibrary, until

EVERY_FIVE_MINUTES = {"type": "timerTrigger", "schedule": "0 */5 * * * *"}


class Ticks:
    """A timer function that records its firings."""

    def __init__(self) -> None:
        self.told: list[dict[str, Any]] = []
        self.gate = asyncio.Event()
        self.gate.set()

    async def __call__(self, info: str, _: Metadata) -> None:
        """Run once."""
        self.told.append(json.loads(info))
        await self.gate.wait()

    @property
    def past_due(self) -> list[bool]:
        """The `IsPastDue` of each firing."""
        return [info["IsPastDue"] for info in self.told]


@asynccontextmanager
async def host(folder: Path, clock: HandClock, ticks: Ticks, **trigger: Any) -> AsyncIterator[None]:
    """Run one worker's timers, on the store in the folder."""
    library = ScriptedLibrary(tick=({**EVERY_FIVE_MINUTES, **trigger}, ticks))
    store = TimerStore(folder / "timers.db")
    log = HostLog(os.open(os.devnull, os.O_WRONLY))
    try:
        timers = TimerTriggers(library, store, clock, log)
        task = asyncio.create_task(timers.run())
        yield
        assert not task.done()
        task.cancel()
        await timers.drain(3)
    finally:
        store.close()


async def test_it_fires_when_due_and_not_before(tmp_path: Path) -> None:
    """Each occurrence is one firing, and the first start makes up for none."""
    clock, ticks = HandClock(), Ticks()
    async with host(tmp_path, clock, ticks):
        await asyncio.sleep(0.3)
        assert ticks.told == []
        clock.advance(minutes=5)
        await until(lambda: ticks.told)
        clock.advance(minutes=5, seconds=1)
        await until(lambda: len(ticks.told) == 2)
        await asyncio.sleep(0.3)
    assert ticks.past_due == [False, False]
    assert ticks.told[0]["ScheduleStatus"]["Next"] == "2026-11-23T10:10:00+00:00"


async def test_a_jump_of_the_clock_fires_once_as_past_due(tmp_path: Path) -> None:
    """The number of occurrences in the jump does not matter."""
    clock, ticks = HandClock(), Ticks()
    async with host(tmp_path, clock, ticks):
        clock.advance(days=3)
        await until(lambda: ticks.told)
        await asyncio.sleep(0.3)
        assert ticks.past_due == [True]
        clock.advance(minutes=5)
        await until(lambda: len(ticks.told) == 2)
    assert ticks.past_due == [True, False]


async def test_missed_occurrences_fire_once_at_the_start(tmp_path: Path) -> None:
    """The store keeps the last run."""
    clock, ticks = HandClock(), Ticks()
    async with host(tmp_path, clock, ticks):
        pass
    clock.advance(hours=2)
    async with host(tmp_path, clock, ticks):
        await until(lambda: ticks.told)
        await asyncio.sleep(0.3)
    assert ticks.past_due == [True]
    async with host(tmp_path, clock, ticks):
        await asyncio.sleep(0.3)
    assert len(ticks.told) == 1


@pytest.mark.parametrize("trigger", [{"useMonitor": False}, {"runOnStartup": True}])
async def test_a_property_that_the_app_does_not_use_is_refused(
    tmp_path: Path, trigger: dict[str, Any]
) -> None:
    """The message names the function and the property."""
    with pytest.raises(HostError, match=r"function tick: .*does not support"):
        async with host(tmp_path, HandClock(), Ticks(), **trigger):
            pass


async def test_a_clock_that_was_ahead_for_a_moment_stops_no_timer(tmp_path: Path) -> None:
    """A firing for a time still to come does not make the timer wait for that time."""
    clock, first, second = HandClock(), Ticks(), Ticks()
    async with host(tmp_path, clock, first), host(tmp_path, clock, second):
        clock.advance(days=1)
        await until(lambda: len(first.told) + len(second.told) == 1)
        await asyncio.sleep(0.3)
        clock.advance(days=-1)
        await asyncio.sleep(0.5)
        clock.advance(minutes=5)
        await until(lambda: len(first.told) + len(second.told) == 2)
        await asyncio.sleep(0.3)
    assert len(first.told) + len(second.told) == 2


async def test_a_host_that_starts_after_the_clock_was_set_back_fires(tmp_path: Path) -> None:
    """The last run in the store lies in the future."""
    clock, ticks = HandClock(), Ticks()
    async with host(tmp_path, clock, ticks):
        clock.advance(days=1)
        await until(lambda: ticks.told)
        await asyncio.sleep(0.1)
    clock.advance(days=-1)
    async with host(tmp_path, clock, ticks):
        await asyncio.sleep(0.3)
        clock.advance(minutes=5)
        await until(lambda: len(ticks.told) == 2)


def test_a_claim_of_a_timer_ends_when_the_clock_is_set_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process of that claim may have died, and its claim would last too long."""
    store = TimerStore(tmp_path / "timers.db")
    now = datetime(2026, 11, 23, 10, tzinfo=UTC)
    store.enter("tick", "0 */5 * * * *", now)
    moment = time.time()
    assert store.claim("tick", now, now + timedelta(minutes=5), 30)
    assert store.read("tick").busy
    assert not store.claim("tick", now + timedelta(minutes=5), now + timedelta(minutes=10), 30)

    monkeypatch.setattr(time, "time", lambda: moment - 3600)

    assert not store.read("tick").busy
    assert store.claim("tick", now + timedelta(minutes=5), now + timedelta(minutes=10), 30)
    store.close()


async def test_two_workers_fire_once_between_them(tmp_path: Path) -> None:
    """The worker that claims the occurrence fires."""
    clock, first, second = HandClock(), Ticks(), Ticks()
    async with host(tmp_path, clock, first), host(tmp_path, clock, second):
        for number in range(1, 4):
            clock.advance(minutes=5)
            await until(lambda: len(first.told) + len(second.told) == number)  # noqa: B023
            await asyncio.sleep(0.25)
        assert len(first.told) + len(second.told) == 3


async def test_a_run_does_not_overlap_the_next_occurrence(tmp_path: Path) -> None:
    """An occurrence that comes during a run fires afterwards, also on another worker."""
    clock, first, second = HandClock(), Ticks(), Ticks()
    async with host(tmp_path, clock, first), host(tmp_path, clock, second):
        first.gate.clear()
        second.gate.clear()
        clock.advance(minutes=5)
        await until(lambda: len(first.told) + len(second.told) == 1)
        clock.advance(minutes=5)
        await asyncio.sleep(0.5)
        assert len(first.told) + len(second.told) == 1
        first.gate.set()
        second.gate.set()
        await until(lambda: len(first.told) + len(second.told) == 2)


@pytest.mark.parametrize(
    ("schedule", "after", "expected"),
    [
        ("0 */5 * * * *", "2026-11-23T10:00:00Z", "2026-11-23T10:05:00Z"),
        ("30 0 3 * * *", "2026-11-23T10:00:00Z", "2026-11-24T03:00:30Z"),
        ("0 30 9 * Jan Mon", "2026-11-23T10:00:00Z", "2027-01-04T09:30:00Z"),
        ("0 0 9-17/4 * * 1-5", "2026-11-27T17:30:00Z", "2026-11-30T09:00:00Z"),
        ("5,10 * * * * *", "2026-11-23T10:00:05Z", "2026-11-23T10:00:10Z"),
        ("0 0 5 29 2 *", "2026-11-23T10:00:00Z", "2028-02-29T05:00:00Z"),
        ("0 0 5 29 2 Mon", "2026-11-23T10:00:00Z", "2044-02-29T05:00:00Z"),
        ("0 0 0 13 * Fri", "2026-11-23T10:00:00Z", "2027-08-13T00:00:00Z"),
    ],
)
def test_schedules(schedule: str, after: str, expected: str) -> None:
    """A schedule has six fields, seconds first; day of month and weekday must both match."""
    moment = parse_expression(schedule).next_after(datetime.fromisoformat(after))
    assert moment == datetime.fromisoformat(expected)


@pytest.mark.parametrize(
    "schedule",
    [
        "",
        "*/5 * * * *",
        "0 0 0 30 2 *",
        "60 * * * * *",
        "0 0 24 * * *",
        "0 0 0 * * 7",
        "0 0 0 L * *",
        "0 0 0 * * 1#2",
        "@daily",
        "0 0 0 5-1 * *",
        "*/0 * * * * *",
        "00:05:00",
        "0 30 9 * January MONDAY",
    ],
)
def test_a_schedule_that_azure_or_this_host_does_not_support_is_refused(schedule: str) -> None:
    """Extensions of other crons, values out of range, intervals, and what is never due."""
    with pytest.raises(ValueError, match=r"."):
        parse_expression(schedule)


async def test_a_wrong_schedule_stops_the_start(tmp_path: Path) -> None:
    """Naming the function."""
    with pytest.raises(HostError, match="function tick: schedule: "):
        async with host(tmp_path, HandClock(), Ticks(), schedule="nonsense"):
            pass


_YEARS = datetime(2020, 1, 1), datetime(2040, 1, 1)  # noqa: DTZ001 - hypothesis adds the zone
_sixty = st.sets(st.integers(0, 59), min_size=1, max_size=5)


@given(
    seconds=_sixty,
    minutes=_sixty,
    hours=st.sets(st.integers(0, 23), min_size=1, max_size=5),
    after=st.datetimes(*_YEARS, timezones=st.just(UTC)),
)
def test_the_next_occurrence_is_the_first_that_fits(
    seconds: set[int], minutes: set[int], hours: set[int], after: datetime
) -> None:
    """Against the plain enumeration of this day and the next."""
    fields = (",".join(map(str, values)) for values in (seconds, minutes, hours))
    schedule = parse_expression(" ".join([*fields, "*", "*", "*"]))
    midnight = after.replace(hour=0, minute=0, second=0, microsecond=0)
    expected = min(
        moment
        for day in range(2)
        for hour in hours
        for minute in minutes
        for second in seconds
        if (moment := midnight + timedelta(days=day, hours=hour, minutes=minute, seconds=second))
        > after
    )
    assert schedule.next_after(after) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("00:00:30", timedelta(seconds=30)),
        ("1.12:00:00", timedelta(days=1, hours=12)),
        ("00:00:00.5", timedelta(milliseconds=500)),
    ],
)
def test_time_spans(text: str, expected: timedelta) -> None:
    """As .NET writes them."""
    assert parse_timespan(text) == expected


def test_many_workers_may_open_the_store_at_once(tmp_path: Path) -> None:
    """A worker waits while another worker creates the store."""

    def open_and_enter(number: int) -> TimerState:
        store = TimerStore(tmp_path / f"timers-{number // 8}.db")
        try:
            store.enter("t", "* * * * * *", datetime.now(UTC))
            return store.read("t")
        finally:
            store.close()

    with ThreadPoolExecutor(8) as pool:
        states = set(pool.map(open_and_enter, range(400)))

    assert len(states) == 50
