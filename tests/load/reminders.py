"""The measures of reminders: a tick, and the day when all are due at once."""

import asyncio
import sqlite3
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import orjson
import requests

from lib.adapters.embedded.sqlite.queue import SQLiteQueue
from lib.adapters.embedded.sqlite.store import SQLiteStore
from lib.composition.stacks import NOTIFICATIONS_FILE, QUEUE_FILE, STORE_FILE
from lib.ports.schema.containers import CONTAINERS
from lib.repositories.scheduling.schedule import Schedule
from lib.use_cases.scheduling.dispatch_due import DispatchDue
from tests.load import population
from tests.load import reminder_population as schedules
from tests.load.client import Results, open_loop
from tests.load.measures import CITIZENS, CONNECTIONS, Figures, Progress, latencies, statuses
from tests.load.servers import Server

DUE = 200
"""Reminders of a tick."""
ROUNDS = 21
RATE = 200
"""Submissions a second, beside which the others are measured."""
SLICES = 10
"""The time slices of accepting alone, before and after."""
WORKERS = 2
LATER = timedelta(minutes=30)
"""When a backlog of messages comes: the clock is moved there. Pushes expire after an hour."""
MAX_IDLE_SECONDS = 120
"""Seconds that a drain may stand still: with a slow disk all of it takes many minutes."""


async def tick(few: int, many: int, say: Progress) -> dict[str, Figures]:
    """Measure ticks that find DUE reminders, by turns among `few` scheduled and among `many`."""
    # in an hour whose other moments are still to come
    at = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    clock = schedules.FixedClock(at)
    with tempfile.TemporaryDirectory() as name:
        stores = {}
        for part, scheduled in (("few", few), ("many", many)):
            folder = Path(name) / part
            folder.mkdir()
            store = SQLiteStore(folder / STORE_FILE, clock, CONTAINERS)
            queue = SQLiteQueue(folder / QUEUE_FILE, clock)
            await schedules.add_entries(
                store, scheduled - DUE, at, _counting(say, "scheduling reminders", scheduled)
            )
            stores[part] = (store, queue, DispatchDue(Schedule(store), queue, clock))
        say(f"ticks with {DUE} due")
        took: dict[str, list[float]] = {part: [] for part in stores}
        # the first, which has no checkpoint yet, is not counted
        for round_ in range(ROUNDS + 1):
            for part, (store, _, dispatch) in stores.items():
                await schedules.add_due(store, DUE, at)
                started = time.perf_counter()
                found = await dispatch()
                seconds = time.perf_counter() - started
                if found != DUE:
                    raise RuntimeError(f"a tick found {found} reminders of {DUE}")
                if round_:
                    took[part].append(seconds)
        for store, queue, _ in stores.values():
            await queue.close()
            await store.close()
    medians = {part: statistics.median(seconds) for part, seconds in took.items()}
    return {
        part: {
            "per_s": round(DUE / medians[part]),
            "p50_ms": round(1000 * medians[part], 2),
            "scheduled": scheduled,
        }
        for part, scheduled in (("few", few), ("many", many))
    }


async def mass(count: int, slice_seconds: float, say: Progress) -> dict[str, Figures]:
    """Measure `count` payment notices whose first reminder is due at once, on one host.

    Half before them and half after them a backlog of plain messages, a third as many. Submissions
    come at RATE all the time: beside both, and alone before and after. The machine itself is not
    the same from one minute to the next.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        due = await schedules.add_notices(
            folder, count, datetime.now(UTC), _counting(say, "delivering notices", count)
        )
        # so many citizens that none is sent more than ten a day: those are not disturbed any more
        citizens = min(count, 4 * CITIZENS)
        now = datetime.now(UTC)
        backlogs = [
            (
                at + LATER,
                await schedules.add_backlog(folder, max(1, count // 6), citizens, at, LATER),
            )
            for at in (now, due)
        ]
        with Server(folder, workers=WORKERS) as server:
            say(f"accepting at {RATE} a second")
            accept = partial(_accept, server, population.submissions(server.url, citizens))
            await accept(1)
            alone = [await accept(slice_seconds) for _ in range(SLICES)]

            async def drain(
                pushes: Pushes, count: int, at: datetime
            ) -> tuple[list[Results], Drain]:
                return await _beside(
                    _drained(server, pushes, count, at), lambda: accept(slice_seconds)
                )

            async def drain_backlog(at: datetime, ids: frozenset[str]) -> Drain:
                say(f"draining {len(ids):,} messages")
                return (await drain(Pushes(folder, "MESSAGE", ids), len(ids), at))[1]

            before = await drain_backlog(*backlogs[0])
            say(f"draining {count:,} reminders")
            meanwhile, reminders = await drain(Pushes(folder, "REMINDER"), count, due)
            after = await drain_backlog(*backlogs[1])
            say(f"accepting at {RATE} a second")
            alone += [await accept(slice_seconds) for _ in range(SLICES)]
        unlogged = count - _logged(folder)
    return {
        "accept_alone": _medians(alone),
        "accept_meanwhile": _medians(meanwhile),
        "singles": (before + after).figures,
        "reminders": {**reminders.figures, "unlogged": unlogged},
    }


@dataclass(frozen=True)
class Drain:
    """How many messages had their push, in how many seconds; `doubled` had a second."""

    count: int
    seconds: float
    doubled: int

    def __add__(self, other: "Drain") -> "Drain":
        return Drain(
            self.count + other.count,
            self.seconds + other.seconds,
            self.doubled + other.doubled,
        )

    @property
    def figures(self) -> Figures:
        """The figures of the report."""
        per_s = round(self.count / self.seconds)
        return {"per_s": per_s, "drained": self.count, "doubled": self.doubled}


async def _accept(server: Server, submissions: Iterator[bytes], seconds: float) -> Results:
    return await open_loop(
        server.url, submissions, connections=CONNECTIONS * WORKERS, seconds=seconds, rate=RATE
    )


async def _beside(
    drain: Coroutine[Any, Any, Drain], accept: Callable[[], Awaitable[Results]]
) -> tuple[list[Results], Drain]:
    """Accept for as long as the drain lasts; return what was seen of both."""
    draining = asyncio.create_task(drain)
    runs = []
    while not draining.done():
        runs.append(await accept())
    # the last one saw the end of it
    return runs[:-1] or runs, await draining


def _medians(runs: list[Results]) -> Figures:
    """Return the runs' median for each percentile: a shared disk stalls now and then."""
    slices = [latencies(run) for run in runs]
    return {
        "rate": RATE,
        **{name: round(statistics.median(one[name] for one in slices), 2) for name in slices[0]},
        "statuses": statuses(*runs),
    }


async def _drained(server: Server, pushes: "Pushes", count: int, moment: datetime) -> Drain:
    """Move the clock, and follow the pushes until `count` messages have had theirs."""
    await asyncio.to_thread(_post_clock, server.url, moment)
    started = latest = time.perf_counter()
    while (arrived := len(pushes.seen)) < count:
        await asyncio.sleep(0.05)
        pushes.look()
        if len(pushes.seen) > arrived:
            latest = time.perf_counter()
        elif time.perf_counter() - latest > MAX_IDLE_SECONDS:
            raise RuntimeError(f"only {arrived} of {count} arrived")
    took = time.perf_counter() - started
    return Drain(count, took, sum(pushes.seen.values()) - len(pushes.seen))


class Pushes:
    """The pushes of one kind that are captured from now on; `seen` counts them by message.

    Of the messages `of` alone, where they are given.
    """

    def __init__(self, folder: Path, kind: str, of: frozenset[str] | None = None) -> None:
        self.seen: Counter[str] = Counter()
        path = folder / NOTIFICATIONS_FILE
        self._path, self._mark, self._of, self._rest = path, f"-{kind}-".encode(), of, b""
        self._read = path.stat().st_size if path.exists() else 0

    def look(self) -> None:
        """Take up what is new."""
        if not self._path.exists():
            return
        with self._path.open("rb") as file:
            file.seek(self._read)
            found = file.read()
        self._read += len(found)
        *lines, self._rest = (self._rest + found).split(b"\n")
        ids = (orjson.loads(line)["message_id"] for line in lines if self._mark in line)
        self.seen.update(id_ for id_ in ids if self._of is None or id_ in self._of)


def _post_clock(url: str, moment: datetime) -> None:
    answer = requests.post(f"{url}/sandbox/clock", json={"now": moment.isoformat()}, timeout=10)
    answer.raise_for_status()


def _logged(folder: Path) -> int:
    """Count the messages that say that they were reminded of."""
    connection = sqlite3.connect(f"file:{folder / STORE_FILE}?mode=ro", uri=True)
    try:
        (count,) = connection.execute(
            "SELECT count(*) FROM messages WHERE body ->> '$.reminder_log[0].outcome' = 'SENT'"
        ).fetchone()
    finally:
        connection.close()
    return int(count)


def _counting(say: Progress, doing: str, total: int) -> Callable[[int], None]:
    done = 0

    def progress(more: int) -> None:
        nonlocal done
        done += more
        if done % 10_000 < more:
            say(f"{doing}: {done:,} of {total:,}")

    return progress
