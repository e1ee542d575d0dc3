"""Compare an inbox of 1,000 messages with one of 1,000,000.

`python -m tests.load.inbox [COUNT]` fills a folder of its own with both and prints for each call
the steps of SQLite, its request units by the published rules, the CPU milliseconds, and the
milliseconds at p50 and p95. The ratios of CPU are those to compare on a machine with other work.
"""

import asyncio
import contextlib
import sqlite3
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.costs.measuring.calls import Record
from infra.costs.measuring.recording_store import RecordingStore
from infra.costs.model.data import read_data
from infra.costs.model.request_units import request_units
from lib.adapters.embedded.clock import SystemClock
from lib.adapters.embedded.sqlite.store import SQLiteStore
from lib.domain.inbox.inbox_filter import InboxFilter
from lib.domain.inbox.words import SearchedWords
from lib.domain.shared.identifiers import OrganizationFiscalCode, ServiceId
from lib.ports.documents import DocumentStore
from lib.ports.schema.containers import CONTAINERS
from lib.repositories.inbox.counters import InboxCounters
from lib.repositories.inbox.inbox import Inbox, InboxPage
from lib.repositories.inbox.search.found_rows import Searched
from lib.repositories.inbox.search.message_words import MessageWords
from lib.repositories.inbox.search.searches import Searches
from lib.repositories.messages.contents import Contents
from tests.builders.inboxes import ORGANIZATIONS
from tests.load.inbox.large_inbox import CITIZEN, fill

NOW = "2026-11-23T09:00:00.000Z"
SMALL = 1_000
TIMES = 60
FILTERS = {
    "list": InboxFilter(),
    "archive": InboxFilter(place="ARCHIVE"),
    "unread": InboxFilter(is_unread=True),
    "to pay": InboxFilter(is_to_pay=True),
    "service": InboxFilter(service_id=ServiceId("imu")),
    "organisation": InboxFilter(organization=OrganizationFiscalCode(ORGANIZATIONS[1])),
    "category": InboxFilter(category="PAYMENT"),
}
SEARCHES = (
    "pagamento tributi",
    "comunicazione scadenza uff",
    "via77",
    "via77 pagamento",
    "pratica123 rata",
    "prat",
    "n500x",
    "trib",
    "nowhere",
)
type Work = Callable[[], Awaitable[Any]]


def works(store: DocumentStore) -> dict[str, Work]:
    """Return the calls that are measured."""
    inbox = Inbox(store, MessageWords(Contents(store)))
    found: dict[str, Work] = {
        name: lambda wanted=wanted: inbox.page(CITIZEN, wanted, size=20, now=NOW)  # type: ignore[misc]
        for name, wanted in FILTERS.items()
    }
    # dates within which both inboxes have more messages than a counter counts
    soon = InboxFilter(due_since="2025-10-20T00:00:00.000Z", due_until="2025-12-10T00:00:00.000Z")
    found["counters"] = lambda: InboxCounters(store).count(CITIZEN, soon)
    for q in SEARCHES:
        found[f"search: {q}"] = lambda q=q: search(store, inbox, q)  # type: ignore[misc]
    return found


async def search(store: DocumentStore, inbox: Inbox, q: str) -> InboxPage:
    """Return a page of a search by the index."""
    words = SearchedWords.of(q)
    assert words is not None
    wanted = InboxFilter(words=words)
    source = None
    searched = Searched(CITIZEN, wanted, words)
    if searched.has_index:
        source = Searches(store).rows(searched, [], is_indexed=True)
    return await inbox.page(CITIZEN, wanted, size=20, now=NOW, found=source)


@dataclass(frozen=True)
class Cost:
    """The cost of a call."""

    steps: int
    units: float
    cpu_ms: float
    p50_ms: float
    p95_ms: float


async def measured(folder: Path, count: int) -> dict[str, Cost]:
    """Return the cost of each call in an inbox of so many messages."""
    steps = [0]

    def step() -> int:
        steps[0] += 1
        return 0

    store = SQLiteStore(folder / "inbox.db", SystemClock(), CONTAINERS)
    begin = time.process_time()
    await fill(store, count)
    print(f"{count} messages: {time.process_time() - begin:.0f} s CPU", flush=True)
    data, results = read_data(), {}
    for name, work in works(store).items():
        await work()
        lasted, begin = [], time.process_time()
        for _ in range(TIMES):
            at = time.perf_counter()
            await work()
            lasted.append((time.perf_counter() - at) * 1000)
        cpu = (time.process_time() - begin) * 1000 / TIMES
        lasted.sort()
        record = Record()
        await works(RecordingStore(store, record))[name]()
        units = sum(request_units(data, call) for call in record.documents)
        with counted(step):
            counting = SQLiteStore(folder / "inbox.db", SystemClock(), CONTAINERS)
            counting.open()
            steps[0] = 0
            await works(counting)[name]()
            p50, p95 = lasted[TIMES // 2], lasted[int(TIMES * 0.95)]
            cost = results[name] = Cost(steps[0], float(units), cpu, p50, p95)
            await counting.close()
        print(
            f"  {name:30} {cost.steps:9} steps {cost.units:8.1f} RU {cost.cpu_ms:7.2f} ms CPU",
            end="",
        )
        print(f" {cost.p50_ms:7.2f} {cost.p95_ms:7.2f} ms", flush=True)
    await store.close()
    return results


@contextlib.contextmanager
def counted(step: Callable[[], int]) -> Any:
    """Let each connection that opens meanwhile count its steps."""
    connect = sqlite3.connect

    def counting(*arguments: Any, **options: Any) -> sqlite3.Connection:
        connection: sqlite3.Connection = connect(*arguments, **options)
        connection.set_progress_handler(step, 1)
        return connection

    sqlite3.connect = counting  # type: ignore[assignment]
    try:
        yield
    finally:
        sqlite3.connect = connect


async def main(count: int) -> None:
    """Measure both inboxes, and print the ratios."""
    with tempfile.TemporaryDirectory(dir=Path.home()) as folder:
        for name in ("small", "large"):
            (Path(folder) / name).mkdir()
        small = await measured(Path(folder) / "small", SMALL)
        large = await measured(Path(folder) / "large", count)
    print("ratios of steps, request units and CPU")
    for name, cost in small.items():
        other = large[name]
        steps, units, cpu = (
            other.steps / cost.steps,
            other.units / cost.units,
            other.cpu_ms / cost.cpu_ms,
        )
        print(f"{name:32} {steps:6.2f} {units:6.2f} {cpu:6.2f}")


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000))
