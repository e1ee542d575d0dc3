"""Queue items are hidden for as long as was asked, whatever the wall clock does meanwhile."""

import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from lib.adapters.embedded.sqlite import queue_time
from lib.adapters.embedded.sqlite.queue import SQLiteQueue
from lib.ports.queue import QueueItem

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


class Machine:
    """A machine's two clocks, one of which can be set."""

    def __init__(self) -> None:
        self.wall = datetime(2026, 11, 28, 10, tzinfo=UTC)
        self.up = timedelta(days=3)
        self.boot = "a"

    def now(self) -> datetime:
        """Tell what the wall clock says."""
        return self.wall

    def steady(self) -> int:
        """Tell microseconds since the start."""
        return self.up // timedelta(microseconds=1)

    def pass_time(self, step: timedelta) -> None:
        """Let it pass on both."""
        self.wall += step
        self.up += step

    def start_again(self, *, wall_off: timedelta) -> None:
        """Start anew; so much has passed, says the wall clock."""
        self.wall += wall_off
        self.up, self.boot = timedelta(seconds=20), self.boot + "a"


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    """Run on it."""
    machine = Machine()
    monkeypatch.setattr(queue_time, "boot_id", lambda: machine.boot)
    return machine


type Open = Callable[[], SQLiteQueue]


@pytest.fixture
async def opened(machine: Machine, tmp_path: Path) -> AsyncIterator[Open]:
    """Open the same queue as another process does, as often as is asked."""
    queues: list[SQLiteQueue] = []

    def open_one() -> SQLiteQueue:
        queues.append(SQLiteQueue(tmp_path / "queue.db", machine))
        queues[-1].open()
        return queues[-1]

    yield open_one
    for queue in queues:
        await queue.close()


async def take(queue: SQLiteQueue) -> list[QueueItem]:
    """Receive for a minute."""
    return await queue.receive("jobs", limit=32, visibility_timeout=MINUTE)


@pytest.mark.parametrize("step", [-HOUR, HOUR, -timedelta(days=400)])
async def test_a_clock_that_is_set_hides_no_item_longer_or_shorter(
    opened: Open, machine: Machine, step: timedelta
) -> None:
    """A lease, a delay and what is put afterwards; in this process and in one that starts then."""
    queue = opened()
    await queue.put("jobs", "leased")
    assert len(await take(queue)) == 1
    await queue.put("jobs", "delayed", delay=MINUTE)
    machine.wall += step
    await queue.put("jobs", "new")

    assert [item.text for item in await take(queue)] == ["new"]
    other = opened()
    machine.pass_time(timedelta(seconds=59))
    assert not await take(queue)
    assert not await take(other)
    machine.pass_time(timedelta(seconds=2))
    assert other.ready(["jobs"]) == {"jobs"}
    assert sorted(item.text for item in await take(other)) == ["delayed", "leased", "new"]


@pytest.mark.parametrize("wall_off", [MINUTE, -HOUR, -timedelta(days=30)])
async def test_after_a_restart_of_the_machine_leases_are_free_and_delays_go_on(
    opened: Open, machine: Machine, wall_off: timedelta
) -> None:
    """A machine whose clock is wrong when it starts hides nothing for longer than was asked."""
    queue = opened()
    await queue.put("jobs", "leased")
    await take(queue)
    await queue.put("jobs", "delayed", delay=2 * HOUR)
    await queue.close()
    machine.start_again(wall_off=wall_off)

    queue = opened()

    assert [item.text for item in await take(queue)] == ["leased"]
    machine.pass_time(2 * HOUR)
    assert sorted(item.text for item in await take(queue)) == ["delayed", "leased"]


async def test_a_sandbox_s_clock_that_starts_anew_hides_nothing(
    opened: Open, machine: Machine
) -> None:
    """It was three days ahead, which nobody knows any more."""
    queue = opened()
    machine.pass_time(timedelta(days=3))
    await queue.put("jobs", "x", delay=MINUTE)
    await queue.close()
    machine.pass_time(-timedelta(days=3))

    queue = opened()
    machine.pass_time(timedelta(seconds=61))

    assert len(await take(queue)) == 1


async def test_an_item_s_age_is_right_after_the_clock_was_set(
    opened: Open, machine: Machine
) -> None:
    """`inserted_at` is told by the wall clock as it goes now."""
    queue = opened()
    await queue.put("jobs", "x")
    machine.pass_time(MINUTE)
    machine.wall -= HOUR

    (item,) = await take(queue)

    assert machine.now() - item.inserted_at == MINUTE


async def test_items_of_a_file_without_an_anchor_keep_their_moment(
    opened: Open, machine: Machine, tmp_path: Path
) -> None:
    """A version before wrote them by the wall clock."""
    queue = opened()
    await queue.put("jobs", "x", delay=MINUTE)
    await queue.close()
    drop_anchor(tmp_path / "queue.db")

    queue = opened()

    assert not await take(queue)
    machine.pass_time(MINUTE)
    assert len(await take(queue)) == 1


def drop_anchor(path: Path) -> None:
    """Make it a file of before."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("DROP TABLE _time")
