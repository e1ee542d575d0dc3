"""kill -9 at random moments: each message answered 201 arrives once, and complete."""

import asyncio
import contextlib
import itertools
import json
import random
import re
import sys
import time
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any, NamedTuple

import aiohttp
import pytest

from functions.declared import CONSUMERS
from infra.local.sandbox.seed import CITIZEN
from infra.local.settings.host_json import load_host_options
from lib.adapters.embedded.clock import SystemClock
from lib.adapters.embedded.sqlite.queue import SQLiteQueue
from lib.adapters.embedded.sqlite.store import SQLiteStore
from lib.composition.stacks import NOTIFICATIONS_FILE, QUEUE_FILE, STORE_FILE
from lib.domain.notifications.delivery import DeliveryStatus
from lib.ports.documents import Container, Document, Query
from lib.ports.queue import POISON_SUFFIX
from lib.ports.schema.containers import CONTAINERS
from lib.ports.schema.messages import MESSAGES
from lib.ports.schema.notifications import NOTIFICATIONS
from lib.ports.schema.operations import DEAD_LETTERS
from tests.faults.mortal_host import MortalHost
from tests.faults.submissions import Inbox, Sender, Submission, assert_whole
from tests.host.host_process import ROOT
from tests.load.population import add_citizens

QUEUES = tuple(consumer.queue for consumer in CONSUMERS)
CHANNELS = ("PUSH", "EMAIL")
CLIENTS = 12
READERS = 2
ALL_OF_THE_HOST = 0.6
"""Share of the kills that hit the supervisor and all workers; the others hit one worker.

Each run has at least one kill of both kinds.
"""

SETTLE_SECONDS = 60.0
FISCAL_CODE = re.compile(r"\b[A-Z]{6}\d{2}[A-Z]\d{2}[A-Z]\d{3}[A-Z]\b")
"""A whole word: some of the ids have such a part."""


class Size(NamedTuple):
    """The number of messages, citizens and kills."""

    submissions: int
    kills: int
    citizens: int


@pytest.mark.parametrize(
    "size",
    [
        pytest.param(Size(200, 3, 80), marks=pytest.mark.slow),
        pytest.param(Size(2000, 24, 400), marks=[pytest.mark.full, pytest.mark.timeout(600)]),
    ],
    ids=["small", "full"],
)
async def test_accepted_messages_survive_kill_9(
    tmp_path: Path, seed: int, record_property: Callable[[str, object], None], size: Size
) -> None:
    """Each accepted message is in its inbox once; nothing is notified twice, or seen half."""
    rng = random.Random(seed)
    address = {"email": "emails@example.org", "is_email_validated": True}
    # one service has half of the day
    await add_citizens(
        tmp_path, size.citizens, **address, max_daily_notifications=2 * size.submissions
    )
    numbers = range(size.submissions)
    submissions = [Submission.make(number, size.citizens, rng) for number in numbers]
    host = MortalHost(tmp_path)
    try:
        await host.start()
        async with aiohttp.ClientSession() as session:
            sender = Sender(host, session, rng)
            started = time.monotonic()
            looked = await _run(host, sender, Inbox(host, session), submissions, size.kills)
            sent = time.monotonic()
            await _settled(tmp_path)
            settled = time.monotonic()
        # on connections of its own: those before may be to workers that were killed
        async with aiohttp.ClientSession() as session:
            await _check_inboxes(Inbox(host, session), submissions)
        facts = await _check_storage(tmp_path, submissions, host.killed_workers)
        assert not host.gave_up
    finally:
        host.stop()
    assert not FISCAL_CODE.search(host.output)
    figures = {
        "submissions": size.submissions,
        "kills": host.kills,
        "killed workers": host.killed_workers,
        **sender.counts,
        "looks at an inbox meanwhile": looked,
        **facts,
        "seconds submitting": round(sent - started, 1),
        "seconds settling": round(settled - sent, 1),
    }
    for name, figure in figures.items():
        record_property(name, figure)
    sys.stdout.write(f"{figures}\n")


async def test_a_worker_killed_while_it_starts_does_not_end_the_host(
    tmp_path: Path, seed: int
) -> None:
    """The other worker goes on serving, and a third worker starts."""
    rng = random.Random(seed)
    host = MortalHost(tmp_path)
    try:
        await host.start()
        await host.kill_one_and_its_replacement(rng)
        assert not host.gave_up
        async with aiohttp.ClientSession() as session:
            assert not await Inbox(host, session).whole(CITIZEN)
    finally:
        host.stop()


async def _run(
    host: MortalHost, sender: Sender, inbox: Inbox, submissions: list[Submission], kills: int
) -> int:
    """Submit, kill and read at the same time; return the number of looks at an inbox."""
    remaining = iter(submissions)
    sending = asyncio.Event()
    sending.set()

    async def client() -> None:
        for submission in remaining:
            await sender.send(submission)

    async def submit() -> None:
        async with asyncio.TaskGroup() as clients:
            for _ in range(CLIENTS):
                clients.create_task(client())
        sending.clear()

    async with asyncio.TaskGroup() as group:
        group.create_task(submit())
        group.create_task(_strike(host, sender, len(submissions), kills, sending))
        readers = [
            group.create_task(_watch(inbox, submissions, random.Random(reader), sending))
            for reader in range(READERS)
        ]
    return sum(reader.result() for reader in readers)


async def _strike(
    host: MortalHost, sender: Sender, count: int, kills: int, sending: asyncio.Event
) -> None:
    """Kill a random moment after a number of answers; the last kills may come after the load."""
    rng = sender.rng
    moments = sorted(rng.randint(count // 50, count) for _ in range(kills))
    whole = [True, False, *(rng.random() < ALL_OF_THE_HOST for _ in range(kills - 2))]
    rng.shuffle(whole)
    for moment, hits_all in zip(moments, whole, strict=True):
        while sender.answered < moment and sending.is_set():
            assert not host.gave_up, host.output
            await asyncio.sleep(0.002)
        await asyncio.sleep(rng.random() * 0.1)
        if hits_all or not host.kill_one(rng):
            await host.kill_all()
            await asyncio.sleep(rng.random() * 0.2)
            await host.start()


async def _watch(
    inbox: Inbox, submissions: list[Submission], rng: random.Random, sending: asyncio.Event
) -> int:
    """Read inboxes while messages are sent: each listed message is complete and opens."""
    by_title = {submission.title: submission for submission in submissions}
    looks = 0
    while sending.is_set():
        citizen = rng.choice(submissions).citizen
        try:
            for item in (await inbox.page(citizen))["items"]:
                submission = by_title[item["message_title"]]
                assert_whole(item, submission)
                opened = await inbox.open(citizen, item["id"])
                assert opened["content"] == submission.content
            looks += 1
        except (aiohttp.ClientError, ConnectionError, TimeoutError):
            await asyncio.sleep(0.02)
    return looks


async def _check_inboxes(inbox: Inbox, submissions: list[Submission]) -> None:
    """Read every inbox as its citizen does, and compare it with the sent messages."""
    by_citizen: dict[str, list[Submission]] = defaultdict(list)
    for submission in submissions:
        by_citizen[submission.citizen].append(submission)
    for citizen, sent in by_citizen.items():
        by_title = {submission.title: submission for submission in sent}
        items = await inbox.whole(citizen)
        ids = [item["id"] for item in items]
        assert ids == sorted(set(ids), reverse=True)
        for item in items:
            assert_whole(item, by_title[item["message_title"]])
        titles = Counter(item["message_title"] for item in items)
        assert set(titles.values()) <= {1}, "a message came twice"
        lost = [one.number for one in sent if one.id and one.id not in ids]
        assert not lost, f"answered 201 and not in the inbox: {lost}"
        assert all(one.id for one in sent if one.key)
        for batch in itertools.batched(items, CLIENTS, strict=False):
            opened = await asyncio.gather(*(inbox.open(citizen, item["id"]) for item in batch))
            for item, message in zip(batch, opened, strict=True):
                assert message["content"] == by_title[item["message_title"]].content


async def _settled(folder: Path) -> None:
    """Wait until the queues are empty; fail where an item remains."""
    async with _opened(folder) as (_, queue):
        names = [name for one in QUEUES for name in (one, one + POISON_SUFFIX)]
        end = time.monotonic() + SETTLE_SECONDS
        while lengths := {name: n for name in names if (n := await queue.length(name))}:
            assert time.monotonic() < end, f"still queued: {lengths}"
            await asyncio.sleep(0.05)


async def _check_storage(
    folder: Path, submissions: list[Submission], killed_workers: int
) -> dict[str, int]:
    """Compare messages, deliveries and captured notifications, and count them."""
    options = load_host_options(ROOT).queues
    captured = _captured(folder / NOTIFICATIONS_FILE, killed_workers)
    announced = Counter((line["message_id"], line["channel"]) for line in captured)
    assert set(Counter(line["id"] for line in captured).values()) == {1}, "announced twice"
    statuses: Counter[str] = Counter()
    messages: Counter[str] = Counter()
    lost: Counter[str] = Counter()
    async with _opened(folder) as (store, _):
        for name in QUEUES:
            assert not (await store.query(DEAD_LETTERS, Query(name, limit=10))).items
        accepted = {one.id: one for one in submissions if one.id}
        for citizen in sorted({one.citizen for one in submissions}):
            stored = await _all(store, MESSAGES, citizen)
            claims = defaultdict[str, list[Document]](list)
            for claim in await _all(store, NOTIFICATIONS, citizen):
                claims[claim["message_id"]].append(claim)
            assert set(Counter(one["message_title"] for one in stored).values()) <= {1}
            for message in stored:
                messages[message["status"]] += 1
                assert message["status"] == "PROCESSED" or message["id"] not in accepted
                found = claims.pop(message["id"], [])
                assert len(found) == len(CHANNELS) * (message["status"] == "PROCESSED")
                for delivery in found:
                    statuses[delivery["status"]] += 1
                    channel = delivery["channel"]
                    sent = announced.pop((message["id"], channel), 0)
                    assert delivery["status"] != DeliveryStatus.SENT or sent == 1
                    lost[channel] += not sent
    assert not announced, "announced without a claim"
    assert messages.keys() <= {"PROCESSED", "ACCEPTED"}
    # of an e-mail, whose claim says so; of a push, of which the next run says it
    doubtful = {DeliveryStatus.IN_PROGRESS, DeliveryStatus.UNCONFIRMED}
    assert statuses.keys() <= {DeliveryStatus.SENT, *doubtful}
    at_once = options.batch_size + options.new_batch_threshold
    assert all(statuses[one] <= killed_workers * at_once for one in doubtful)
    return {
        "in an inbox": messages["PROCESSED"],
        "unanswered and never seen": messages["ACCEPTED"],
        "died while sending": sum(statuses[one] for one in doubtful),
        **{f"of these not sent by {channel}": lost[channel] for channel in CHANNELS},
    }


async def _all(store: SQLiteStore, container: Container, citizen: str) -> list[Document]:
    found, page = list[Document](), await store.query(container, Query(citizen, limit=1000))
    while page.continuation is not None:
        found += page.items
        query = Query(citizen, limit=1000, continuation=page.continuation)
        page = await store.query(container, query)
    return [*found, *page.items]


@contextlib.asynccontextmanager
async def _opened(folder: Path) -> AsyncIterator[tuple[SQLiteStore, SQLiteQueue]]:
    clock = SystemClock()
    store = SQLiteStore(folder / STORE_FILE, clock, CONTAINERS)
    queue = SQLiteQueue(folder / QUEUE_FILE, clock)
    try:
        yield store, queue
    finally:
        await store.close()
        await queue.close()


def _captured(path: Path, killed_workers: int) -> list[dict[str, Any]]:
    """Return the captured notifications; each kill may cut at most one line."""
    whole, cut = [], 0
    for line in path.read_text().splitlines():
        try:
            whole.append(json.loads(line))
        except json.JSONDecodeError:
            cut += 1
    assert cut <= killed_workers
    return whole
