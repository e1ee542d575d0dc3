"""Batches on ports that fail at random: each row is sent once, and every count adds up."""

import csv
import io
import random
import sys
from collections import Counter
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import pytest

from functions.queues.batches import send_chunk, start_batch
from infra.local.sandbox.seed import a_profile
from lib.domain.operations.dead_letters import UNKNOWN_REASON
from lib.ports.errors import UnavailableError
from lib.ports.schema.citizens import PROFILES
from lib.use_cases.batches.checking import check_recipients as checking
from tests.faults.listeners import ATTEMPTS
from tests.faults.test_flaky_ports import STEP, FlakyStack
from tests.functions.batches.batch_calls import CONTENT, a_list, a_number
from tests.functions.statistics.support import counted
from tests.stack import Reply, take
from tests.unit.batches.support import a_code

ROWS: Final = 240
HEADER: Final = ("cf", "notice_number", "importo")
CODES: Final = tuple(a_code(number) for number in range(ROWS))
PAYING: Final = 4
"""Every fourth row asks for a payment, and every tenth citizen cannot be reached."""
UNREACHED: Final = frozenset(CODES[::10])


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a chunk have three parts, so that there are eight chunks."""
    monkeypatch.setattr(checking, "CHUNK_ROWS", 30)
    monkeypatch.setattr(checking, "PART_ROWS", 10)


@pytest.fixture
async def flaky(tmp_path: Path, seed: int) -> AsyncIterator[FlakyStack]:
    """Yield a seeded stack with citizens, whose ports work until a test makes them fail."""
    stack = FlakyStack(tmp_path, seed)
    await stack.start()
    for code in CODES:
        if code not in UNREACHED:
            await stack.real_store.upsert(PROFILES, a_profile(code))
    yield stack
    await stack.app.close()


def the_list() -> bytes:
    """Return the rows as CSV."""
    return a_list(
        (
            [code, a_number(n) if n % PAYING == 0 else "", "1,00" if n % PAYING == 0 else ""]
            for n, code in enumerate(CODES)
        ),
        HEADER,
    )


async def insist(stack: FlakyStack, name: str, body: Any = b"", **call: Any) -> Reply:
    """Repeat a request until it is answered."""
    for _ in range(ATTEMPTS):
        reply = await stack.call(name, body, **call)
        if reply.status < 300:
            return reply
        assert reply.status in {429, 503}, reply
    raise AssertionError(f"no attempt was answered: {reply}")


async def begun(stack: FlakyStack) -> str:
    """Make a batch and ask for it, each request as often as it takes; return its id."""
    body = {"name": "TARI", "content": CONTENT}
    made = await insist(stack, "create_batch", body, headers={"idempotency-key": "k"})
    path = {"id": str(made.body["id"])}
    text = {"content-type": "text/csv"}
    await insist(stack, "upload_recipients", the_list(), path=path, headers=text)
    while (await insist(stack, "read_batch", path=path)).body["status"] == "CHECKING":
        await stack.step()
        stack.clock.advance(STEP)
    await insist(stack, "send_batch", path=path)
    return path["id"]


async def ended(stack: FlakyStack, id_: str, status: str = "FINISHED") -> int:
    """Let the host run until the batch has its last status; return how often it was woken."""
    woken = 0
    while (await insist(stack, "read_batch", path={"id": id_})).body["status"] != status:
        await settled(stack)
        if (await insist(stack, "read_batch", path={"id": id_})).body["status"] == status:
            break
        stack.clock.advance(timedelta(minutes=20))
        woken += 1
        assert woken < ATTEMPTS
        try:
            await stack.app.batches.wake()
        except UnavailableError:
            continue
    await settled(stack)
    return woken


async def settled(stack: FlakyStack) -> None:
    """Run the host until every queue is empty, a minute at a time: delays are long."""
    for _ in range(10_000):
        if not await stack.queued():
            return
        await stack.step()
        stack.clock.advance(timedelta(minutes=1))
    raise AssertionError(await stack.queued())


async def assert_whole(stack: FlakyStack, id_: str, *, most_cancelled: int = 0) -> Counter[str]:
    """Fail unless results, counts, inboxes, list, statistics and pushes agree; return outcomes."""
    stack.faults.rate = 0.0
    await replay_dead_letters(stack)
    path = {"id": id_}
    text = (await stack.call("read_batch_results_file", path=path)).body.decode()
    results = list(csv.DictReader(io.StringIO(text)))
    assert [one["fiscal_code"] for one in results] == list(CODES)
    outcomes = Counter(one["outcome"] for one in results)
    progress = (await stack.call("read_batch", path=path)).body["progress"]
    assert progress["outcomes"] == dict(outcomes)
    assert progress["done"] == progress["total"] == ROWS
    assert outcomes["CANCELLED"] <= most_cancelled
    ids = dict[str, str]()
    for one in results:
        inbox = (await stack.call("list_inbox", citizen=one["fiscal_code"])).body["items"]
        is_sent = one["outcome"] == "SENT"
        assert [item["id"] for item in inbox] == [one["message_id"]] * is_sent
        assert is_sent == (one["fiscal_code"] not in UNREACHED and one["outcome"] != "CANCELLED")
        if one["message_id"]:
            ids[one["message_id"]] = one["outcome"]
    totals = (await stack.call("read_message_report")).body["totals"]
    found = (totals["sent"], totals["processed"], totals["rejected"])
    assert found == (len(ids), outcomes["SENT"], outcomes["REJECTED"])
    paying = Counter(
        "REACHED" if one["outcome"] == "SENT" else "NOT_REACHED"
        for one in results[::PAYING]
        if one["message_id"]
    )
    assert await counted(stack) == dict(paying)
    pushes = Counter(str(one.message_id) for one in stack.kept.sent)
    assert set(pushes.values()) <= {1}
    assert {ids[one] for one in pushes} <= {"SENT"}
    # the others are in doubt: a claim, or its end, was not stored for certain
    assert len(pushes) >= 0.5 * outcomes["SENT"]
    assert not await stack.dead_letters()
    return outcomes


async def replay_dead_letters(stack: FlakyStack) -> None:
    """Replay the items that the queue could neither delete nor put back, as an operator does.

    The host cannot tell such an item from one that kills its process.
    """
    for letter in await stack.dead_letters():
        assert letter["reason"] == UNKNOWN_REASON
        await stack.app.operations.replay_dead_letter(letter["queue"], letter["id"])
    await settled(stack)


@pytest.mark.slow
@pytest.mark.parametrize("rate", [0.02, 0.1])
async def test_ports_that_fail_lose_and_double_no_row(
    flaky: FlakyStack, record_property: Callable[[str, object], None], rate: float
) -> None:
    """Half of the failed calls had done their work."""
    flaky.faults.rate = rate
    id_ = await begun(flaky)
    woken = await ended(flaky, id_)
    outcomes = await assert_whole(flaky, id_)
    assert outcomes == {"SENT": ROWS - len(UNREACHED), "REJECTED": len(UNREACHED)}
    figures = {"woken": woken, "pushes": len(flaky.kept.sent), **flaky.faults.counts}
    for name, figure in figures.items():
        record_property(name, figure)
    sys.stdout.write(f"{figures}\n")


@pytest.mark.slow
async def test_pauses_on_ports_that_fail(flaky: FlakyStack, seed: int) -> None:
    """Paused and resumed at random moments, it ends with each row once."""
    rng = random.Random(seed)
    flaky.faults.rate = 0.1
    id_ = await begun(flaky)
    for _ in range(6):
        for _ in range(rng.randrange(3)):
            await flaky.step()
            flaky.clock.advance(STEP)
        state = (await insist(flaky, "read_batch", path={"id": id_})).body["status"]
        if state != "FINISHED":
            await insist(flaky, "pause_batch", path={"id": id_})
            await flaky.step()
            await insist(flaky, "resume_batch", path={"id": id_})
    await ended(flaky, id_)
    await assert_whole(flaky, id_)


@pytest.mark.slow
async def test_a_cancellation_on_ports_that_fail(flaky: FlakyStack, seed: int) -> None:
    """At a random moment: each row is sent, rejected or cancelled, as the counts say."""
    rng = random.Random(seed)
    flaky.faults.rate = 0.1
    id_ = await begun(flaky)
    for _ in range(rng.randrange(4)):
        await flaky.step()
    state = (await insist(flaky, "read_batch", path={"id": id_})).body["status"]
    if state == "FINISHED":
        return
    await insist(flaky, "cancel_batch", path={"id": id_})
    await ended(flaky, id_, "CANCELLED")
    await assert_whole(flaky, id_, most_cancelled=ROWS)


async def run_some(stack: FlakyStack) -> None:
    """Start the batch, and send two of its chunks."""
    for consumer, count in ((start_batch, 1), (send_chunk, 2)):
        for item in (await take(stack.real_queue, consumer.queue))[:count]:
            await consumer.consume(stack.app, item.text, last=False)
            await stack.real_queue.delete(consumer.queue, item)
    (batch,) = (await stack.call("list_batches")).body["items"]
    assert batch["status"] == "RUNNING"


@pytest.mark.parametrize("away", ["store.", "store. queue.put", "blobs.", "queue.put", "blobs.put"])
async def test_an_outage_in_the_middle(flaky: FlakyStack, away: str) -> None:
    """It lasts longer than all deliveries of an item, and the batch goes on after it."""
    id_ = await begun(flaky)
    await run_some(flaky)
    flaky.faults.away = tuple(away.split())
    for _ in range(90):
        await flaky.step()
        flaky.clock.advance(STEP)
    flaky.faults.away = ()
    await ended(flaky, id_)
    await assert_whole(flaky, id_)
    assert len(flaky.kept.sent) == ROWS - len(UNREACHED)
