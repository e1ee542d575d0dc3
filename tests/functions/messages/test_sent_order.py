"""Slow writes, crashes and repetitions in any order: a reader of the changes misses nothing."""

import asyncio
import tempfile
from collections import Counter
from collections.abc import Coroutine
from datetime import timedelta
from pathlib import Path
from typing import Any, override

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from lib.adapters.embedded.sqlite.store import SQLiteStore
from lib.composition.stacks import STORE_FILE
from lib.domain.messages.message_parts import SentStatus
from lib.domain.messages.sent_entry import LATE_WRITE, SentEntry
from lib.domain.shared.identifiers import FiscalCode, MessageId, ServiceId
from lib.domain.shared.values import timestamp
from lib.ports.errors import UnavailableError
from lib.ports.schema.containers import CONTAINERS
from lib.repositories.messages.sent.sent_entries import SentEntries
from lib.repositories.messages.sent.sent_lists import SentLists
from lib.repositories.scheduling.schedule import Schedule
from lib.repositories.statistics.folds import Folds
from lib.use_cases.messages.sent.follow_sent import EARLIEST
from tests.doubles.clock import START, StillClock

pytestmark = pytest.mark.slow

SERVICE = ServiceId("one")
MESSAGES = tuple(MessageId(f"01KB{number:022}") for number in range(6))
STATUSES: tuple[SentStatus, ...] = ("ACCEPTED", "FAILED", "ACCEPTED", "PROCESSED")


class HeldStore:
    """A store whose batches wait until they are let go."""

    def __init__(self, store: SQLiteStore) -> None:
        self._store = store
        self.held: list[asyncio.Event] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    async def batch(self, *arguments: Any) -> Any:
        """Wait, then write."""
        gate = asyncio.Event()
        self.held.append(gate)
        await gate.wait()
        return await self._store.batch(*arguments)


class FollowingMachine(RuleBasedStateMachine):
    """`to_do`: the entries that some run has still to put; `seen`: those that the reader read."""

    def __init__(self) -> None:
        super().__init__()
        self._runner = asyncio.Runner()
        self._folder = tempfile.TemporaryDirectory()
        self.clock = StillClock()
        self.latest: dict[MessageId, int] = {}
        self.to_do: list[SentEntry] = []
        self.running: dict[asyncio.Task[None], SentEntry] = {}
        self.seen: Counter[tuple[MessageId, int]] = Counter()
        self.repeated: set[MessageId] = set()
        self.cursor = ""

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        """Run a coroutine to its end."""
        return self._runner.run(work)

    @initialize()
    def start(self) -> None:
        """Open an empty list."""

        async def opened() -> SQLiteStore:
            return SQLiteStore(Path(self._folder.name) / STORE_FILE, self.clock, CONTAINERS)

        self.plain = self.run(opened())
        self.store: Any = HeldStore(self.plain)
        self.entries = SentEntries(
            self.store, Folds(Schedule(self.plain)), lambda: self.clock.now().timestamp()
        )
        self.lists = SentLists(self.plain)
        self.cursor = self.lists.place_at(EARLIEST)

    @rule(id_=st.sampled_from(MESSAGES))
    def change(self, id_: MessageId) -> None:
        """Give a message its next status, and begin to put it into the list."""
        changes = self.latest.get(id_, 0) + 1
        if changes > len(STATUSES):
            return
        self.latest[id_] = changes
        at = timestamp(START)
        entry = SentEntry(
            *(id_, SERVICE, FiscalCode("AAAAAA00A00A000A"), "u", None),
            *(STATUSES[changes - 1], at, at, changes),
        )
        self.run(self._begin(entry))

    @rule(pick=st.integers(0, 1000))
    def begin(self, pick: int) -> None:
        """Begin to put an entry."""
        if self.to_do:
            entry = self.to_do.pop(pick % len(self.to_do))
            self.run(self._begin(entry))

    @rule(count=st.integers(2, 4))
    def begin_together(self, count: int) -> None:
        """Begin to put several entries, which share a batch."""
        together, self.to_do = self.to_do[:count], self.to_do[count:]

        async def put(entry: SentEntry) -> None:
            with self.entries.announced() as put:
                await asyncio.sleep(0)
                await put(entry, self.clock.now(), 1000)

        async def begin() -> None:
            self.running |= {asyncio.create_task(put(entry)): entry for entry in together}
            await self._settle()

        self.run(begin())

    async def _begin(self, entry: SentEntry) -> None:
        task = asyncio.create_task(self.entries.put(entry, self.clock.now(), 1000))
        self.running[task] = entry
        await self._settle()

    async def _settle(self) -> None:
        """Let all runs go on until they wait or end; a failed run is to be repeated."""
        for _ in range(12):
            await asyncio.sleep(0.0005)
        for task in [task for task in self.running if task.done()]:
            entry = self.running.pop(task)
            if task.cancelled() or isinstance(task.exception(), UnavailableError):
                self.repeated.add(entry.id)
                self.to_do.append(entry)
            else:
                task.result()

    @rule(seconds=st.sampled_from([1, 3, 6, 11]))
    def wait(self, seconds: int) -> None:
        """Let time pass, also while writes are under way."""
        self.clock.moment += timedelta(seconds=seconds)
        if seconds > 5:
            self.repeated |= {entry.id for entry in self.running.values()}

    @rule(pick=st.integers(0, 1000))
    def write(self, pick: int) -> None:
        """Let one write go on."""
        if self.store.held:
            gate = self.store.held.pop(pick % len(self.store.held))

            async def let_go() -> None:
                gate.set()
                await self._settle()

            self.run(let_go())

    @rule()
    def crash(self) -> None:
        """End all runs, those too whose write is done."""

        async def end() -> None:
            for gate in self.store.held[::2]:
                gate.set()
            await asyncio.sleep(0.002)
            self.store.held.clear()
            for task in self.running:
                task.cancel()
            await self._settle()

        self.run(end())

    @rule()
    def read(self) -> None:
        """Read all pages from the cursor on, a moment later."""
        self.clock.moment += timedelta(milliseconds=1)
        before = self.lists.place_at(timestamp(self.clock.now() - LATE_WRITE))
        while True:
            page = self.run(self.lists.changes(SERVICE, None, self.cursor, before, 2))
            self.seen.update((entry.id, entry.changes) for entry in page.entries)
            self.cursor = page.end or self.cursor
            if not page.more:
                return

    @override
    def teardown(self) -> None:
        """Complete all runs: then each message was read in its last status, and counted once."""
        if not hasattr(self, "store"):
            return
        while self.to_do or self.running:
            if self.to_do:
                self.run(self._begin(self.to_do.pop()))

            async def let_go() -> None:
                for gate in self.store.held:
                    gate.set()
                self.store.held.clear()
                await self._settle()

            self.run(let_go())
        self.clock.moment += timedelta(minutes=1)
        self.read()
        assert {(id_, changes) for id_, changes in self.latest.items()} <= set(self.seen)
        assert all(self.seen[one] == 1 for one in self.seen if one[0] not in self.repeated)
        days = self.run(self.lists.days(SERVICE, None, *[START.date()] * 3))
        expected = Counter(STATUSES[changes - 1] for changes in self.latest.values())
        assert +days.get(START.date(), Counter()) == expected
        self.run(self.plain.close())
        self._runner.close()
        self._folder.cleanup()


FollowingMachine.TestCase.settings = settings(
    max_examples=40,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
TestFollowing = FollowingMachine.TestCase


@pytest.mark.parametrize("seconds", [1, 8, 30])
def test_a_late_write_is_not_missed(seconds: int) -> None:
    """A reader comes between a later change and the write of an earlier one."""
    machine = FollowingMachine()
    machine.start()
    machine.change(MESSAGES[0])
    machine.wait(1)
    machine.change(MESSAGES[2])
    while len(machine.store.held) > 1:
        machine.write(len(machine.store.held) - 1)
    machine.wait(seconds)
    machine.read()
    machine.read()
    machine.teardown()
