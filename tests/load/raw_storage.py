"""Bare baselines of the embedded storage, to which the bench relates its own figures.

`python -m tests.load.raw_storage [seconds [concurrency]]` prints both.
"""

import asyncio
import itertools
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

from lib.adapters.embedded.clock import SystemClock
from lib.adapters.embedded.sqlite.queue import SQLiteQueue
from lib.adapters.embedded.sqlite.store import SQLiteStore
from lib.ports.schema.containers import CONTAINERS
from lib.ports.schema.messages import MESSAGES

QUEUE = "raw-storage"
DOCUMENT_FILLER = "x" * 1200
ITEM_FILLER = "x" * 150


async def raw_creates(folder: Path, seconds: float, concurrency: int) -> float:
    """Return creates per second of 1.5 KB messages, each in a partition of a thousand."""
    store = SQLiteStore(folder / "store.db", SystemClock(), CONTAINERS)
    run = time.time_ns()

    async def create(number: int) -> None:
        await store.create(
            MESSAGES,
            {
                "id": f"{run:020d}-{number:08d}",
                "fiscal_code": f"AAAAAA00A00A{number % 1000:03d}A",
                "status": "ACCEPTED",
                "is_archived": False,
                "ttl": 30 * 24 * 60 * 60,
                "content": {"subject": "Bare baseline", "markdown": DOCUMENT_FILLER},
            },
        )

    try:
        return await _rate(create, seconds, concurrency)
    finally:
        await store.close()


async def raw_put_get(folder: Path, seconds: float, concurrency: int) -> float:
    """Return rounds per second of one put, one receive of one item and its delete."""
    queue = SQLiteQueue(folder / "queue.db", SystemClock())

    async def put_and_get(number: int) -> None:
        await queue.put(QUEUE, f"{number} {ITEM_FILLER}")
        for item in await queue.receive(QUEUE, limit=1, visibility_timeout=timedelta(minutes=5)):
            await queue.delete(QUEUE, item)

    try:
        return await _rate(put_and_get, seconds, concurrency)
    finally:
        await queue.close()


async def _rate(
    operation: Callable[[int], Awaitable[None]], seconds: float, concurrency: int
) -> float:
    numbers = itertools.count()
    done = 0
    start = time.perf_counter()

    async def repeat() -> None:
        nonlocal done
        while time.perf_counter() - start < seconds:
            await operation(next(numbers))
            done += 1

    await asyncio.gather(*(repeat() for _ in range(concurrency)))
    return done / (time.perf_counter() - start)


async def _main(seconds: float, concurrency: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        creates = await raw_creates(Path(folder), seconds, concurrency)
        rounds = await raw_put_get(Path(folder), seconds, concurrency)
    print(f"raw creates                {creates:10,.0f}/s")
    print(f"raw put + receive + delete {rounds:10,.0f}/s")


if __name__ == "__main__":
    given = sys.argv[1:]
    asyncio.run(_main(float(given[0]) if given else 3.0, int(given[1]) if given[1:] else 32))
