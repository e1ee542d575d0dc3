"""What the bench measures of reminders: a tick, and the day when all are due at once."""

import asyncio
import sqlite3
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson
import requests

from lib.adapters.embedded.sqlite_queue import SQLiteQueue
from lib.adapters.embedded.sqlite_store import SQLiteStore
from lib.schema import CONTAINERS
from lib.stacks import NOTIFICATIONS_FILE, QUEUE_FILE, STORE_FILE
from lib.use_cases.dispatch_reminders import DispatchReminders
from tests.load import population
from tests.load import reminder_population as schedules
from tests.load.client import open_loop
from tests.load.measures import CITIZENS, CONNECTIONS, Figures, Progress, latencies
from tests.load.servers import Server

DUE = 200
"""Reminders of a tick."""
ROUNDS = 21
RATE = 200
"""Submissions a second, beside which the others are measured."""
SLICES = 5
WORKERS = 2
LATER = timedelta(minutes=30)
"""When a backlog of messages comes: the clock is moved there. Pushes expire after an hour."""
PATIENCE = 600
"""Seconds that a drain may take."""


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
            stores[part] = (store, queue, DispatchReminders(store, queue, clock))
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


async def mass(count: int, seconds: float, say: Progress) -> dict[str, Figures]:
    """Measure `count` payment notices whose first reminder is due at once, on one host.

    Beside it a backlog of plain messages, a third as many, drained by the same host before; and
    submissions at RATE for `seconds`, alone and while the reminders drain.
    """
    now = datetime.now(UTC)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        due = await schedules.add_notices(
            folder, count, now, _counting(say, "delivering notices", count)
        )
        singles = max(1, count // 3)
        await schedules.add_backlog(folder, singles, min(count, CITIZENS), LATER)
        with Server(folder, workers=WORKERS) as server:
            say(f"accepting at {RATE} a second")
            # one for all: who is sent more than ten a day is not disturbed any more
            submissions = population.submissions(server.url, CITIZENS)
            await _accept(server, submissions, 1)
            alone = await _accept(server, submissions, seconds)
            await asyncio.sleep(1)
            say(f"draining {singles:,} messages")
            messages = await _drained(server, "MESSAGE", singles, datetime.now(UTC) + LATER)
            say(f"draining {count:,} reminders")
            draining = asyncio.create_task(_drained(server, "REMINDER", count, due))
            await asyncio.sleep(1)
            meanwhile = await _accept(server, submissions, seconds)
            early = draining.done()
            reminders = await draining
        reminders["unlogged"] = count - _logged(folder)
    return {
        "accept_alone": alone,
        "accept_meanwhile": {**meanwhile, "drained_before": early},
        "singles": messages,
        "reminders": reminders,
    }


async def _accept(server: Server, submissions: Iterator[bytes], seconds: float) -> Figures:
    """Return the median of SLICES runs, for each percentile: a shared disk stalls now and then."""
    runs = [
        await open_loop(
            server.url,
            submissions,
            connections=CONNECTIONS * WORKERS,
            seconds=seconds / SLICES,
            rate=RATE,
        )
        for _ in range(SLICES)
    ]
    slices = [latencies(run) for run in runs]
    statuses = sum((run.statuses for run in runs), Counter())
    return {
        "rate": RATE,
        **{name: statistics.median(one[name] for one in slices) for name in slices[0]},
        "statuses": dict(statuses),
    }


async def _drained(server: Server, kind: str, count: int, moment: datetime) -> Figures:
    """Move the clock, and follow the pushes of this kind until `count` messages have had theirs."""
    notifications = Pushes(server.folder / NOTIFICATIONS_FILE, kind)
    await asyncio.to_thread(_post_clock, server.url, moment)
    started = time.perf_counter()
    while len(notifications.seen) < count:
        await asyncio.sleep(0.05)
        notifications.look()
        if time.perf_counter() - started > PATIENCE:
            raise RuntimeError(f"only {len(notifications.seen)} of {count} arrived")
    took = time.perf_counter() - started
    return {
        "per_s": round(count / took),
        "drained": count,
        "doubled": sum(notifications.seen.values()) - len(notifications.seen),
    }


class Pushes:
    """The pushes of one kind that are captured from now on; `seen` counts them by message."""

    def __init__(self, path: Path, kind: str) -> None:
        self.seen: Counter[str] = Counter()
        self._path, self._mark, self._rest = path, f"-{kind}-".encode(), b""
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
        self.seen.update(orjson.loads(line)["message_id"] for line in lines if self._mark in line)


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
