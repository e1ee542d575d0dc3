"""A sender that follows a batch is answered once something has changed."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from functions.queues.batches import send_chunk, start_batch
from infra.local.sandbox.seed import LIMITED_KEY, SENDER_KEY
from lib.domain.batches import batch as batches
from lib.domain.services.service import Group
from lib.use_cases.batches import await_batch
from lib.use_cases.batches.sending.queue_chunks import AT_ONCE
from tests.doubles.counted_stack import CountedStack
from tests.functions.batches.batch_calls import ask, checked, fails, make
from tests.stack import Reply, Stack, take
from tests.unit.batches.support import a_code

FASTER = 100
LONG = 600
"""Seconds that a test would not survive; the API waits for less."""


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look a hundred times as often."""
    pauses = tuple(one / FASTER for one in await_batch.FIRST_PAUSES)
    monkeypatch.setattr(await_batch, "FIRST_PAUSES", pauses)
    monkeypatch.setattr(await_batch, "PAUSE", await_batch.PAUSE / FASTER)


async def read(stack: Stack, id_: str, known: str | None, wait: int = 0, **call: Any) -> Reply:
    """Read a batch; wait for news after `known`."""
    headers = {"prefer": f"wait={wait}"} if wait else {}
    if known is not None:
        headers["if-none-match"] = known
    return await ask(stack, "read_batch", id_, headers=headers, **call)


def tag_of(reply: Reply) -> str:
    """Return the entity tag of an answer."""
    return str(reply.headers["ETag"])


async def waiting(stack: Stack, id_: str) -> tuple[asyncio.Task[Reply], str]:
    """Begin to wait for news of a batch; return the call, and the tag that is known."""
    tag = tag_of(await read(stack, id_, None))
    call = asyncio.create_task(read(stack, id_, tag, LONG))
    await asyncio.sleep(0.05)
    assert not call.done()
    return call, tag


async def run_one(stack: Stack, consumer: Any) -> None:
    """Run the first item of a queue."""
    item, *later = await take(stack.queue, consumer.queue)
    for one in (item, *later):
        await stack.queue.delete(consumer.queue, one)
    for one in later:
        await stack.queue.put(consumer.queue, one.text)
    await consumer.consume(stack.app, item.text, last=False)


async def test_a_tag_names_the_state(stack: Stack) -> None:
    """The known state is answered 304; another one has another tag."""
    id_ = await make(stack)
    first = await read(stack, id_, None)
    same = await read(stack, id_, f'"other", W/{tag_of(first)}')
    assert (same.status, tag_of(same)) == (304, tag_of(first))

    await ask(stack, "cancel_batch", id_)
    after = await read(stack, id_, tag_of(first), LONG)
    assert (after.status, after.body["status"]) == (200, "CANCELLED")
    assert tag_of(after) != tag_of(first)


@pytest.mark.parametrize(
    "prefer", ["", "wait=0", "wait=soon", "wait", "handling=strict", "wait=-1"]
)
async def test_without_a_wait_the_answer_comes_at_once(stack: Stack, prefer: str) -> None:
    """An unknown preference is ignored, as RFC 7240 says."""
    id_ = await make(stack)
    tag = tag_of(await read(stack, id_, None))
    headers = {"if-none-match": tag, "prefer": prefer}
    assert (await ask(stack, "read_batch", id_, headers=headers)).status == 304


async def test_a_wait_without_a_known_state_ends_at_once(stack: Stack) -> None:
    """A sender that knows nothing has news."""
    assert (await read(stack, await make(stack), None, LONG)).status == 200


async def test_a_new_status_ends_the_wait(stack: Stack) -> None:
    """The answer has the state after the change."""
    id_ = await make(stack)
    call, tag = await waiting(stack, id_)
    await ask(stack, "cancel_batch", id_)
    reply = await call
    assert (reply.status, reply.body["status"]) == (200, "CANCELLED")
    assert tag_of(reply) != tag


async def test_a_chunk_that_is_done_ends_the_wait(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So does each further one: the progress is news, although the batch itself is unchanged."""
    monkeypatch.setattr(batches, "CHUNK_ROWS", 1)
    monkeypatch.setattr("lib.use_cases.batches.checking.check_recipients.CHUNK_ROWS", 1)
    id_ = await checked(stack, [[a_code(number)] for number in range(AT_ONCE)])
    await ask(stack, "send_batch", id_)
    await run_one(stack, start_batch)
    for done in (1, 2):
        call, _ = await waiting(stack, id_)
        stack.clock.advance(timedelta(seconds=1))
        await run_one(stack, send_chunk)
        assert (await call).body["progress"]["done"] == done


async def test_the_wait_ends_without_news(stack: Stack) -> None:
    """304, after the seconds that were asked for."""
    id_ = await make(stack)
    tag = tag_of(await read(stack, id_, None))
    loop = asyncio.get_running_loop()
    begun = loop.time()
    assert (await read(stack, id_, tag, 1)).status == 304
    assert loop.time() - begun >= 1


async def test_a_change_without_a_look_is_told_at_the_end(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A chunk whose time is that of an earlier one may be missed by the looks, not by the end."""
    id_ = await make(stack)
    tag = tag_of(await read(stack, id_, None))

    async def sees_nothing(_: Any) -> bool:
        return False

    monkeypatch.setattr(stack.app.batches.follow, "has_changed", sees_nothing)
    call = asyncio.create_task(read(stack, id_, tag, 1))
    await asyncio.sleep(0.05)
    await ask(stack, "cancel_batch", id_)
    assert (await call).body["status"] == "CANCELLED"


async def test_no_sender_waits_for_the_batch_of_another(stack: Stack) -> None:
    """It is refused before the wait."""
    id_ = await make(stack)
    tag = tag_of(await read(stack, id_, None))
    assert (await read(stack, id_, tag, LONG, key=LIMITED_KEY)).status == 404


async def test_beyond_the_waits_of_a_process_the_answer_comes_at_once(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A place is free again after a wait, also after one that failed or was cancelled."""
    monkeypatch.setattr(await_batch, "MOST_WAITS", 2)
    id_ = await make(stack)
    first, tag = await waiting(stack, id_)
    second, _ = await waiting(stack, id_)
    assert (await read(stack, id_, tag, LONG)).status == 304

    first.cancel()
    await asyncio.wait([first])
    third, _ = await waiting(stack, id_)
    with monkeypatch.context() as broken:
        broken.setattr(stack.app.batches.follow, "has_changed", fails)
        assert {(await second).status, (await third).status} == {503}
    for call in (await waiting(stack, id_), await waiting(stack, id_)):
        call[0].cancel()


async def test_the_end_of_the_process_answers_all_waits(stack: Stack) -> None:
    """A worker that stops has seconds for its calls; a client that comes again waits elsewhere."""
    id_ = await make(stack)
    call, tag = await waiting(stack, id_)
    stack.app.hasten()
    assert (await call).status == 304
    assert (await read(stack, id_, tag, LONG)).status == 304


@pytest.mark.parametrize("status", ["DRAFT", "RUNNING", "FINISHED"])
async def test_the_cost_of_a_wait(counted: CountedStack, status: str) -> None:
    """A look costs a read; a query more while rows are sent. The longest wait has 15 looks."""
    id_ = await make(counted) if status == "DRAFT" else await checked(counted, [[a_code(1)]])
    if status != "DRAFT":
        await ask(counted, "send_batch", id_)
    if status == "FINISHED":
        await counted.drain()
    # places of partitions are looked up once
    await read(counted, id_, None)
    holder = await counted.app.identity.authenticate_key(SENDER_KEY)
    sender = holder.require(frozenset({Group.MESSAGE_WRITE})).as_sender()
    counted.reset()

    found = await counted.app.batches.wait(
        sender, id_, await_batch.MOST_SECONDS / FASTER, lambda _: True
    )
    assert found.batch.status == status
    reads, queries = counted.documents["read"], counted.documents["query"]
    # the progress at the start and at the end
    assert 2 < reads <= 2 + 15
    assert queries == {"DRAFT": 0, "RUNNING": reads, "FINISHED": 2}[status]
    assert counted.documents.total() == reads + queries
