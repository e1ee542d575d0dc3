"""The azure stack on services that fail one request in ten: each message arrives once."""

import asyncio
import random
import secrets
import sys
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import override

import pytest

from infra.local.emulators.database import prepare
from infra.local.emulators.processes import Emulators
from infra.local.queues.listener import Listener
from infra.local.sandbox.seed import CITIZEN, a_profile
from lib.adapters.azure import clients
from lib.composition.app import build_app
from lib.composition.settings import Settings
from lib.ports.documents import Query
from lib.ports.errors import PortError
from lib.ports.queueing import delays
from lib.ports.schema.citizens import PROFILES
from lib.ports.schema.messages import MESSAGES
from lib.ports.schema.operations import DEAD_LETTERS
from tests.builders.settings import settings_for, settings_of
from tests.doubles.azure_proxy import FAULTS, AzureProxy
from tests.doubles.queues import clear
from tests.faults.listeners import QUEUES, inbox, listeners_of, send
from tests.faults.submissions import Submission
from tests.faults.test_flaky_ports import UNHEARD_OF
from tests.stack import Stack

LEASE = timedelta(seconds=4)
"""Short: a receive that timed out after it was done hides what it took for so long."""
SETTLE_SECONDS = 200
RATE = 0.1
CLIENTS = 16


class FaultyStack(Stack):
    """The app on emulators behind proxies, by the real time, which the queues use too."""

    def __init__(self, folder: Path, settings: Settings, proxies: tuple[AzureProxy, ...]) -> None:
        super().__init__(folder)
        self.clock.moment = datetime.now(UTC)
        self.app = build_app(settings, clock=self.clock, push=self.push)
        self._proxies = proxies
        self._listeners = listeners_of(self, LEASE)

    @override
    async def start(self) -> Stack:
        """Seed the sandbox, with a citizen whose notifications are not held for a digest."""
        await super().start()
        profile = a_profile(CITIZEN, max_daily_notifications=UNHEARD_OF)
        await self.store.upsert(PROFILES, profile)
        return self

    def fail(self, rate: float) -> None:
        """Fail that share of all requests from now on."""
        for proxy in self._proxies:
            proxy.rate = rate

    @property
    def faults(self) -> Counter[str]:
        """The count of each kind of failure."""
        return sum((proxy.faults for proxy in self._proxies), Counter[str]())

    async def emptied(self) -> None:
        """Return when every queue is empty."""
        quiet = 0
        while quiet < len(QUEUES):
            with suppress(PortError):
                quiet = 0 if await self.queue.length(QUEUES[quiet]) else quiet + 1
            await asyncio.sleep(0.05)

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[None]:
        """Run the functions of the queues as the host does, one task for each queue."""

        async def feed(listener: Listener) -> None:
            while True:
                self.clock.moment = datetime.now(UTC)
                took = False
                with suppress(PortError):
                    took = listener.hungry and await listener.take()
                # seldom: each look at an empty queue is a request, which costs the emulators
                await asyncio.sleep(0 if took else 0.5)

        loops = [asyncio.create_task(feed(listener)) for listener in self._listeners]
        try:
            yield
        finally:
            for loop in loops:
                loop.cancel()
            await asyncio.wait(loops)
            if running := [task for listener in self._listeners for task in listener.tasks]:
                await asyncio.wait(running)


@pytest.fixture
async def faulty(
    emulators: Emulators, tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[FaultyStack]:
    """Yield a seeded stack whose services work until a test makes them fail."""
    monkeypatch.setitem(clients.TIMEOUTS, "read_timeout", 1)
    monkeypatch.setattr(delays, "FIRST_DELAY_SECONDS", 1)
    monkeypatch.setattr(delays, "LAST_DELAY_SECONDS", 4)
    rng = random.Random(seed)
    async with (
        AzureProxy(emulators.ports.cosmos, rng) as cosmos,
        AzureProxy(emulators.ports.queue, rng) as queue,
    ):
        at = replace(emulators.ports, cosmos=cosmos.port, queue=queue.port)
        settings = settings_for(
            tmp_path,
            **{**settings_of(emulators, at), "cosmos_database": f"faults-{secrets.token_hex(6)}"},
        )
        await prepare(settings)
        stack = FaultyStack(tmp_path, settings, (cosmos, queue))
        await stack.start()
        await clear(stack)
        yield stack
        await stack.app.close()


@pytest.mark.parametrize(
    "count",
    [
        pytest.param(40, id="some", marks=pytest.mark.slow),
        pytest.param(1000, id="all", marks=[pytest.mark.full, pytest.mark.timeout(600)]),
    ],
)
async def test_services_that_fail_one_request_in_ten_lose_and_double_nothing(
    faulty: FaultyStack, seed: int, count: int, record_property: Callable[[str, object], None]
) -> None:
    """With 429, 503, and time-outs before and after the deed, each submission arrives once."""
    rng = random.Random(seed)
    submissions = [Submission.make(number, 1, rng) for number in range(count)]
    remaining = iter(submissions)
    counts: Counter[str] = Counter()
    faulty.fail(RATE)

    async def client() -> None:
        for submission in remaining:
            await send(faulty, submission, counts)

    async with faulty.at_work():
        async with asyncio.TaskGroup() as group:
            for _ in range(CLIENTS):
                group.create_task(client())
        await asyncio.wait_for(faulty.emptied(), SETTLE_SECONDS)
    faulty.fail(0)

    found = await inbox(faulty)
    assert found.keys() == {one.id for one in submissions}
    assert all(found[one.id or ""]["content"] == one.content for one in submissions)
    stored = (await faulty.store.query(MESSAGES, Query(CITIZEN, limit=1000))).items
    assert len(stored) == len(submissions)
    for message in stored:
        history = [one["status"] for one in message["status_history"]]
        assert history == ["ACCEPTED", "PROCESSED"]
        assert "ttl" not in message
    for queue in QUEUES:
        assert not (await faulty.store.query(DEAD_LETTERS, Query(queue, limit=10))).items
    pushes = Counter(one.message_id for one in faulty.push.sent)
    assert pushes.keys() <= found.keys()
    assert set(pushes.values()) == {1}
    # lost only where giving the claim back and putting the item back failed both
    assert len(submissions) - len(pushes) <= max(3, count // 100)
    assert set(faulty.faults) == set(FAULTS)
    figures = {**faulty.faults, **counts, "not pushed": len(submissions) - len(pushes)}
    for name, figure in figures.items():
        record_property(name, figure)
    sys.stdout.write(f"{figures}\n")
