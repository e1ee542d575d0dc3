"""Ports that fail at random: each message arrives once, and no outage poisons an item."""

import asyncio
import random
import sys
from collections import Counter
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, override

import pytest

from functions.declared import CONSUMERS
from functions.queues.messages import fan_out_message
from functions.queues.notifications import send_notification
from infra.local.sandbox.seed import CITIZEN, a_profile
from lib.adapters.embedded.files import FileBlobs
from lib.adapters.embedded.sqlite.queue import SQLiteQueue
from lib.adapters.embedded.sqlite.store import SQLiteStore
from lib.composition.stacks import BLOBS_FOLDER, QUEUE_FILE, STORE_FILE
from lib.domain.operations.dead_letters import UNKNOWN_REASON
from lib.domain.shared.identifiers import MessageId
from lib.ports.documents import Document, Query
from lib.ports.queueing.items.messages import MessageSubmitted
from lib.ports.queueing.names import MESSAGE_SUBMITTED
from lib.ports.schema.citizens import PROFILES
from lib.ports.schema.containers import CONTAINERS
from lib.ports.schema.messages import MESSAGES
from lib.ports.schema.notifications import NOTIFICATIONS
from lib.ports.schema.operations import DEAD_LETTERS
from lib.ports.send_errors import NotSentError
from tests.builders.messages import submitted
from tests.doubles.channels import KeptMail, KeptPush
from tests.doubles.clock import StillClock
from tests.faults.flaky import Faults, Flaky, FlakyQueue
from tests.faults.listeners import QUEUES, inbox, listeners_of, send, step
from tests.faults.submissions import Submission
from tests.stack import Stack, take

LEASE = timedelta(seconds=60)
STEP = timedelta(seconds=10)
UNHEARD_OF = 10_000
"""Notifications that a citizen here takes in a day, which the API allows nobody."""


class FlakyStack(Stack):
    """The app on flaky ports, with the host's queue listeners, by a still clock."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.faults = Faults(random.Random(seed))
        self.claims: Counter[str] = Counter()
        self.kept = KeptPush()
        self.kept_mail = KeptMail()
        clock = StillClock()
        self.real_store = SQLiteStore(folder / STORE_FILE, clock, CONTAINERS)
        self.real_queue = SQLiteQueue(folder / QUEUE_FILE, clock)
        super().__init__(
            folder,
            clock=clock,
            store=Flaky("store", self.real_store, self.faults, self._note_claim),
            queue=FlakyQueue(self.real_queue, self.faults),
            blobs=Flaky("blobs", FileBlobs(folder / BLOBS_FOLDER), self.faults),
            push=Flaky("push", self.kept, self.faults, away=NotSentError),
            mailer=Flaky("mail", self.kept_mail, self.faults, away=NotSentError),
        )
        self.clock = clock
        self._listeners = listeners_of(self, LEASE)

    @override
    async def start(self) -> Stack:
        """Seed the sandbox, with a citizen whose notifications are not held for a digest."""
        await super().start()
        profile = a_profile(CITIZEN, max_daily_notifications=UNHEARD_OF)
        await self.real_store.upsert(PROFILES, profile)
        return self

    def _note_claim(self, _: str | None, method: str, *args: Any) -> None:
        """Count the claims of each notification, whatever answer the claimant got."""
        if args[0] is NOTIFICATIONS and method == "create":
            self.claims[args[1]["message_id"]] += 1
        if args[0] is NOTIFICATIONS and method == "patch":
            is_claim = any(one.path == "/claimed_by" for one in args[3])
            self.claims[args[2].partition("-")[0]] += is_claim

    async def step(self) -> None:
        """Let each listener take and process the visible items of its queue."""
        await step(self._listeners)

    async def settle(self, hours: float = 48) -> None:
        """Run the host and the clock until every queue is empty."""
        end = self.clock.now() + timedelta(hours=hours)
        while await self.queued():
            assert self.clock.now() < end, f"still queued: {await self.queued()}"
            await self.step()
            self.clock.advance(STEP)

    async def queued(self) -> dict[str, int]:
        """Return the number of items of each queue that has any."""
        return {name: n for name in QUEUES if (n := await self.real_queue.length(name))}

    async def dead_letters(self) -> list[Document]:
        """Return the dead letters of all queues."""
        return [
            letter
            for one in CONSUMERS
            for letter in (
                await self.real_store.query(DEAD_LETTERS, Query(one.queue, limit=1000))
            ).items
        ]

    async def messages(self) -> list[Document]:
        """Return the citizen's messages of every status."""
        return (await self.real_store.query(MESSAGES, Query(CITIZEN, limit=1000))).items


@pytest.fixture
async def flaky(tmp_path: Path, seed: int) -> AsyncIterator[FlakyStack]:
    """Yield a seeded stack whose ports work until a test makes them fail."""
    stack = FlakyStack(tmp_path, seed)
    await stack.start()
    yield stack
    await stack.app.close()


@pytest.mark.slow
async def test_ports_that_fail_one_call_in_ten_lose_and_double_nothing(
    flaky: FlakyStack, seed: int, record_property: Callable[[str, object], None]
) -> None:
    """1,000 submissions arrive once each, none is poisoned, and each claim has one push."""
    rng = random.Random(seed)
    submissions = [Submission.make(number, 1, rng) for number in range(1000)]
    remaining = iter(submissions)
    flaky.faults.rate = 0.1

    async def client() -> None:
        for submission in remaining:
            await send(flaky, submission, flaky.faults.counts)

    async with asyncio.TaskGroup() as group:
        clients = [group.create_task(client()) for _ in range(16)]
        while not all(one.done() for one in clients):
            await flaky.step()
            await asyncio.sleep(0)
    await flaky.settle()
    flaky.faults.rate = 0.0

    found = await inbox(flaky)
    assert found.keys() == {one.id for one in submissions}
    assert all(found[one.id or ""]["content"] == one.content for one in submissions)
    assert not await flaky.dead_letters()
    for message in await flaky.messages():
        history = [one["status"] for one in message["status_history"]]
        assert history == ["ACCEPTED", "PROCESSED"]
        assert "ttl" not in message
    pushes = Counter(one.message_id for one in flaky.kept.sent)
    assert pushes.keys() <= found.keys()
    assert all(number <= flaky.claims[id_] for id_, number in pushes.items())
    assert set(pushes.values()) == {1}
    # lost only where giving the claim back and putting the item back failed both
    assert len(pushes) >= 0.99 * len(submissions)
    figures = {
        **flaky.faults.counts,
        "not pushed": len(submissions) - len(pushes),
    }
    for name, figure in figures.items():
        record_property(name, figure)
    sys.stdout.write(f"{figures}\n")


async def test_a_redelivered_item_changes_nothing(flaky: FlakyStack, seed: int) -> None:
    """Redelivered items leave the same document and one push, together or alone."""
    rng = random.Random(seed)
    sent = [Submission.make(number, 1, rng) for number in range(50)]
    await asyncio.gather(*(send(flaky, one, flaky.faults.counts) for one in sent))
    await flaky.settle()
    before = [await flaky.real_store.read(MESSAGES, CITIZEN, one.id or "") for one in sent]

    for rate in (0.0, 0.05, 0.1):
        flaky.faults.rate = rate
        for one in sent * 3:
            await flaky.real_queue.put(MESSAGE_SUBMITTED, submitted(MessageId(one.id or "")).text())
        await flaky.settle()

    after = [await flaky.real_store.read(MESSAGES, CITIZEN, one.id or "") for one in sent]
    assert before == after
    assert not await flaky.dead_letters()
    assert {one.id: 1 for one in sent} == Counter(one.message_id for one in flaky.kept.sent)


async def test_one_item_at_two_consumers_at_once(flaky: FlakyStack, seed: int) -> None:
    """In 300 trials one consumer brings the message to the inbox, and one sends the push."""
    rng = random.Random(seed)
    sent = [Submission.make(number, 1, rng) for number in range(300)]
    await asyncio.gather(*(send(flaky, one, flaky.faults.counts) for one in sent))

    for consumer in (fan_out_message, send_notification):
        while items := await take(flaky.real_queue, consumer.queue):
            twice = items * 2
            rng.shuffle(twice)
            await asyncio.gather(
                *(consumer.consume(flaky.app, item.text, last=False) for item in twice)
            )
            for item in items:
                await flaky.real_queue.delete(consumer.queue, item)

    for message in await flaky.messages():
        assert [one["status"] for one in message["status_history"]] == ["ACCEPTED", "PROCESSED"]
    assert {one.id: 1 for one in sent} == Counter(one.message_id for one in flaky.kept.sent)
    assert {one.id: 1 for one in sent} == flaky.claims


@pytest.mark.parametrize(
    "away",
    [
        "store.",
        "store. queue.put",
        "store.read queue.put",
        "store.patch queue.put",
        "queue.put",
        "push.",
        "push. queue.put",
    ],
)
async def test_an_outage_is_not_a_poison(flaky: FlakyStack, seed: int, away: str) -> None:
    """The outage lasts longer than all deliveries of an item; then every message arrives."""
    await live_through(flaky, seed, away)

    assert not await flaky.dead_letters()


@pytest.mark.parametrize("away", ["queue.delete", "queue.delete queue.update"])
async def test_items_that_cannot_be_deleted_leave_only_a_dead_letter(
    flaky: FlakyStack, seed: int, away: str
) -> None:
    """Such items run until the host takes them for a poison, and leave a dead letter alone."""
    await live_through(flaky, seed, away)

    assert {one["reason"] for one in await flaky.dead_letters()} <= {UNKNOWN_REASON}


async def live_through(flaky: FlakyStack, seed: int, away: str) -> None:
    """Submit, lose some calls for a quarter of an hour, and expect each message once."""
    rng = random.Random(seed)
    sent = [Submission.make(number, 1, rng) for number in range(20)]
    await asyncio.gather(*(send(flaky, one, flaky.faults.counts) for one in sent))
    await fan_out_some(flaky, 10)

    flaky.faults.away = tuple(away.split())
    for _ in range(90):
        await flaky.step()
        flaky.clock.advance(STEP)
    flaky.faults.away = ()
    await flaky.settle()

    processed = {one["id"] for one in await flaky.messages() if one["status"] == "PROCESSED"}
    assert processed == {one.id for one in sent}
    assert {one.id: 1 for one in sent} == Counter(one.message_id for one in flaky.kept.sent)


async def fan_out_some(stack: FlakyStack, count: int) -> None:
    """Bring some messages to the inbox, so that their notifications are queued."""
    for item in (await take(stack.real_queue, MESSAGE_SUBMITTED))[:count]:
        await fan_out_message.consume(stack.app, item.text, last=False)
        await stack.real_queue.delete(MESSAGE_SUBMITTED, item)


@pytest.mark.parametrize("rate", [0.0, 0.05, 0.1])
async def test_an_item_that_cannot_succeed_ends_as_a_dead_letter(
    flaky: FlakyStack, seed: int, rate: float
) -> None:
    """An item that cannot succeed ends as a dead letter, and its message as FAILED."""
    rng = random.Random(seed)
    sent = [Submission.make(number, 1, rng) for number in range(20)]
    await asyncio.gather(*(send(flaky, one, flaky.faults.counts) for one in sent))
    broken = {one.id for one in sent[:5]}
    for id_ in broken:
        message = (await flaky.real_store.read(MESSAGES, CITIZEN, id_ or "")).document
        del message["is_special"]
        await flaky.real_store.upsert(MESSAGES, message)
    await flaky.real_queue.put(MESSAGE_SUBMITTED, "{")

    flaky.faults.rate = rate
    await flaky.settle(hours=24 * 8)
    flaky.faults.rate = 0.0

    letters = await flaky.dead_letters()
    named = {
        MessageSubmitted.model_validate_json(one["text"]).message_id
        for one in letters
        if one["text"] != "{"
    }
    assert named == broken
    assert "{" in {one["text"] for one in letters}
    assert all(
        one["reason"] == UNKNOWN_REASON or one["reason"].startswith(("KeyError", "Unreadable"))
        for one in letters
    )
    status = {one["id"]: one["status"] for one in await flaky.messages()}
    assert status == {one.id: "FAILED" if one.id in broken else "PROCESSED" for one in sent}


async def test_an_item_that_kills_its_process_ends_as_a_dead_letter(flaky: FlakyStack) -> None:
    """After its last run from the poison queue the message is FAILED, without a known reason."""
    id_ = await flaky.submit()

    await fan_out_message.dead_letter(flaky.app, submitted(id_).text(), last=True)

    (letter,) = await flaky.dead_letters()
    assert letter["reason"] == UNKNOWN_REASON
    assert [one["status"] for one in await flaky.messages()] == ["FAILED"]
