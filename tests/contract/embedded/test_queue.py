"""The embedded queue alone: `ready`, `wait`, and receiving nothing for nothing."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from lib.adapters.embedded.sqlite import file as sqlite_file
from lib.adapters.embedded.sqlite.queue import SQLiteQueue
from tests.contract.support import StillClock

MINUTE = timedelta(minutes=1)


async def test_ready_names_queues_with_a_visible_item(
    queue: SQLiteQueue, still_clock: StillClock
) -> None:
    """Hidden and delayed items do not count until they are due."""
    await queue.put("visible", "x")
    await queue.put("delayed", "x", delay=MINUTE)
    await queue.put("hidden", "x")
    await queue.receive("hidden", limit=1, visibility_timeout=MINUTE)
    names = ["visible", "delayed", "hidden", "empty"]

    assert queue.ready(names) == {"visible"}
    still_clock.advance(60)
    assert queue.ready(names) == {"visible", "delayed", "hidden"}


async def test_wait_ends_at_a_local_put(queue: SQLiteQueue) -> None:
    """A listener need not sit out its poll interval."""
    waiters = [asyncio.ensure_future(queue.wait(30)) for _ in range(3)]
    await asyncio.sleep(0)
    await queue.put("jobs", "x")

    async with asyncio.timeout(5):
        await asyncio.gather(*waiters)


async def test_wait_ends_after_its_timeout(queue: SQLiteQueue) -> None:
    """Without a put, or with a delayed one, waiting ends by itself and is no error."""
    waiter = asyncio.ensure_future(queue.wait(0.5))
    await asyncio.sleep(0)
    await queue.put("jobs", "x", delay=MINUTE)

    assert not waiter.done()
    await waiter


async def test_empty_receive_does_not_write(
    queue: SQLiteQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Polling an empty queue costs neither the lock nor the disk."""
    await queue.put("jobs", "x", delay=MINUTE)
    syncs: list[int] = []
    monkeypatch.setattr(sqlite_file, "sync_data", syncs.append)

    assert await queue.receive("jobs", limit=32, visibility_timeout=MINUTE) == []
    assert syncs == []


async def test_items_come_oldest_first(queue: SQLiteQueue, still_clock: StillClock) -> None:
    """No order is promised, but nothing starves behind newer items."""
    for text in "abc":
        await queue.put("jobs", text)
        still_clock.advance(1)

    taken = [
        (await queue.receive("jobs", limit=1, visibility_timeout=MINUTE))[0].text for _ in range(3)
    ]

    assert taken == ["a", "b", "c"]


async def test_receive_searches_by_index(queue: SQLiteQueue, tmp_path: Path) -> None:
    """However deep the queue, a receive reads what it takes."""
    await queue.put("jobs", "x")
    plan = queue._engine.read(
        "EXPLAIN QUERY PLAN SELECT n FROM items WHERE queue = ? AND visible_at <= ? "
        "ORDER BY visible_at LIMIT ?",
        ("jobs", 0, 32),
    )

    assert [row[3] for row in plan] == [
        "SEARCH items USING COVERING INDEX items_visible (queue=? AND visible_at<?)"
    ]


async def test_item_ids_are_not_used_again(queue: SQLiteQueue, still_clock: StillClock) -> None:
    """The id of a deleted item never names another one."""
    ids = set()
    for _ in range(3):
        await queue.put("jobs", "x")
        (item,) = await queue.receive("jobs", limit=1, visibility_timeout=MINUTE)
        await queue.delete("jobs", item)
        ids.add(item.id)
        still_clock.advance(0.001)

    assert len(ids) == 3
