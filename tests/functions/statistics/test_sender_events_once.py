"""Events doubled, at once, in any order, on a store that fails after writing: each counts once."""

import asyncio
import random
import tempfile
from collections import Counter
from collections.abc import Coroutine
from datetime import date
from pathlib import Path
from typing import Any, override

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from lib.adapters.embedded.sqlite.store import SQLiteStore
from lib.composition.stacks import STORE_FILE
from lib.domain.shared.identifiers import MessageId, ServiceId
from lib.domain.shared.values import timestamp
from lib.ports.errors import UnavailableError
from lib.ports.queueing.items.messages import SenderEvent
from lib.ports.schema.containers import CONTAINERS
from lib.repositories.scheduling.schedule import Schedule
from lib.repositories.statistics.folds import Folds
from lib.repositories.statistics.statistics import Statistics
from lib.use_cases.statistics.count_sender_event import CountSenderEvent
from tests.doubles.clock import START, StillClock
from tests.faults.flaky import Faults, Flaky

pytestmark = pytest.mark.slow

SERVICES = ("one", "two")
MESSAGES = tuple(f"01KB{number:022}" for number in range(4))
DAYS = ("2026-11-14", "2026-11-22", "2026-11-23")
"""The first one is in a closed week, so its events are late."""
EVENTS = ("REACHED", "NOT_REACHED", "READ", "REVERSED")
STEPS = ("NONE", "7", "3")
CHOICES = st.lists(st.integers(0, 1000), min_size=1, max_size=6)


class CountingMachine(RuleBasedStateMachine):
    """`told` are the events, of which `done` were taken; the others come until they are."""

    def __init__(self) -> None:
        super().__init__()
        self._runner = asyncio.Runner()
        self._folder = tempfile.TemporaryDirectory()
        self.told: list[SenderEvent] = []
        self.done: set[int] = set()

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        """Run a coroutine to its end."""
        return self._runner.run(work)

    @initialize(seed=st.integers(0, 1000))
    def start(self, seed: int) -> None:
        """Open a store of which one call in four fails, half of them once it is done."""

        async def opened() -> SQLiteStore:
            return SQLiteStore(Path(self._folder.name) / STORE_FILE, StillClock(), CONTAINERS)

        self.store: SQLiteStore = self.run(opened())
        faults = Faults(random.Random(seed), rate=0.25)
        flaky: Any = Flaky("store", self.store, faults)
        self.count = CountSenderEvent(Statistics(flaky, Folds(Schedule(flaky))), StillClock())

    @rule(
        service=st.sampled_from(SERVICES),
        message=st.sampled_from(MESSAGES),
        event=st.sampled_from((*EVENTS, "REMINDED", "PAID")),
        day=st.sampled_from(DAYS),
        step=st.sampled_from(STEPS),
    )
    def happen(self, service: str, message: str, event: str, day: str, step: str) -> None:
        """Make a new event, or repeat an earlier one, perhaps for another day."""
        self.told.append(
            SenderEvent(
                service_id=ServiceId(service),
                message_id=MessageId(f"{message}{service}"),
                event=event,
                day=day,
                noted_at=timestamp(START),
                step=step if event in {"REMINDED", "PAID"} else "",
            )
        )

    @precondition(lambda self: self.told)
    @rule(choices=CHOICES)
    def all_at_once(self, choices: list[int]) -> None:
        """Count some events at the same time, new or again, in this order."""

        async def together() -> None:
            await asyncio.gather(*(self.take(one % len(self.told)) for one in choices))

        self.run(together())

    async def take(self, index: int) -> None:
        """Count one event; after an outage it comes again."""
        try:
            await self.count(self.told[index])
        except UnavailableError:
            return
        self.done.add(index)

    @override
    def teardown(self) -> None:
        """Count the events that are left, and check the counts."""
        try:
            if hasattr(self, "store"):
                self.run(self.check())
                self.run(self.store.close())
        finally:
            self._runner.close()
            self._folder.cleanup()

    async def check(self) -> None:
        """Check that each event of a message is counted once, on one of its days."""
        while missing := set(range(len(self.told))) - self.done:
            await asyncio.gather(*(self.take(index) for index in missing))
        for service in SERVICES:
            statistics = Statistics(self.store, Folds(Schedule(self.store)))
            first, *_, last = map(date.fromisoformat, DAYS)
            days = await statistics.days(ServiceId(service), first, last, START.date())
            found = {
                (day.isoformat(), name): n for day, one in days.items() for name, n in one.items()
            }
            told = [one for one in self.told if one.service_id == service]
            assert set(found) <= {(one.day, one.counter) for one in told}
            kinds: Counter[str] = Counter()
            for (_, name), number in found.items():
                kinds[name.partition("-")[0]] += number
            things = {(one.message_id, one.key, one.event) for one in told}
            assert kinds == Counter(event for _, _, event in things)


TestCounting = CountingMachine.TestCase
TestCounting.settings = settings(
    max_examples=30,
    stateful_step_count=20,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
