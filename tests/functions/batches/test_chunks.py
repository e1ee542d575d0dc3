"""Chunks run twice, late and out of order, and each row is sent once."""

from datetime import timedelta

import pytest

from functions.queues.batches import check_recipients, send_chunk, start_batch
from lib.domain.batches.outcome import RowResult
from lib.domain.batches.recipients.row import Row
from lib.ports.queueing.names import BATCH_CHUNK, BATCH_STARTED, BATCH_UPLOADED
from lib.use_cases.batches.checking import check_recipients as checking
from lib.use_cases.batches.sending.run import Run
from lib.use_cases.batches.sending.send_row import SendRow
from tests.functions.batches.batch_calls import (
    CITIZENS,
    ask,
    checked,
    make,
    sent,
    state,
    table,
    upload,
    with_citizens,
)
from tests.stack import Stack, take


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a chunk have one row."""
    monkeypatch.setattr(checking, "CHUNK_ROWS", 1)


async def messages_of(stack: Stack, citizen: str) -> int:
    """Count the messages in a citizen's inbox."""
    reply = await stack.call("list_inbox", citizen=citizen)
    return len(reply.body["items"])


async def test_every_item_comes_twice(stack: Stack) -> None:
    """Messages, pushes and counts are those of one run."""
    await with_citizens(stack)
    id_ = await checked(stack, [[one] for one in CITIZENS])
    await ask(stack, "send_batch", id_)
    for consumer in (start_batch, send_chunk, send_chunk, send_chunk):
        for item in await take(stack.queue, consumer.queue):
            for _ in range(2):
                await consumer.consume(stack.app, item.text, last=False)
            await stack.queue.delete(consumer.queue, item)
    await stack.drain()
    found = await state(stack, id_)
    assert (found["status"], found["progress"]["outcomes"]) == ("FINISHED", {"SENT": 3})
    assert [await messages_of(stack, one) for one in CITIZENS] == [1, 1, 1]


async def test_a_check_comes_twice(stack: Stack) -> None:
    """The second run finds the batch checked."""
    id_ = await make(stack)
    await upload(stack, id_, b"cf\r\n" + CITIZENS[0].encode())
    (item,) = await take(stack.queue, BATCH_UPLOADED)
    for _ in range(2):
        await check_recipients.consume(stack.app, item.text, last=False)
    assert (await state(stack, id_))["check"]["good"] == 1


async def test_chunks_of_an_earlier_generation_do_nothing(stack: Stack) -> None:
    """A chunk that was queued before the pause is not sent during it."""
    await with_citizens(stack)
    id_ = await checked(stack, [[one] for one in CITIZENS])
    await ask(stack, "send_batch", id_)
    (start,) = await take(stack.queue, BATCH_STARTED)
    await start_batch.consume(stack.app, start.text, last=False)
    chunks = await take(stack.queue, BATCH_CHUNK)
    await ask(stack, "pause_batch", id_)
    for chunk in chunks:
        await send_chunk.consume(stack.app, chunk.text, last=False)
    assert [await messages_of(stack, one) for one in CITIZENS] == [0, 0, 0]
    assert (await state(stack, id_))["status"] == "PAUSED"


async def test_a_lost_step_is_queued_again(stack: Stack) -> None:
    """The timer wakes a batch whose item was lost, in each status."""
    await with_citizens(stack)
    id_ = await make(stack)
    await upload(stack, id_, b"cf\r\n" + CITIZENS[0].encode())
    await take(stack.queue, BATCH_UPLOADED)
    for item in await take(stack.queue, BATCH_UPLOADED):
        await stack.queue.delete(BATCH_UPLOADED, item)
    stack.clock.moment += timedelta(minutes=20)
    await stack.app.batches.wake()
    await stack.drain()
    assert (await state(stack, id_))["status"] == "CHECKED"

    await ask(stack, "send_batch", id_)
    for item in await take(stack.queue, BATCH_STARTED):
        await stack.queue.delete(BATCH_STARTED, item)
    stack.clock.moment += timedelta(minutes=20)
    await stack.app.batches.wake()
    await stack.drain()
    assert (await state(stack, id_))["status"] == "FINISHED"
    assert await messages_of(stack, CITIZENS[0]) == 1


async def test_a_start_at_a_set_time(stack: Stack) -> None:
    """Nothing is sent before it."""
    await with_citizens(stack)
    at = stack.clock.now() + timedelta(hours=2)
    id_ = await checked(stack, [[CITIZENS[0]]], start_at=at.strftime("%Y-%m-%dT%H:%M:%SZ"))
    assert (await ask(stack, "send_batch", id_)).body["status"] == "SCHEDULED"
    await stack.live_until(at - timedelta(minutes=5))
    assert await messages_of(stack, CITIZENS[0]) == 0
    await stack.live_until(at + timedelta(minutes=6))
    assert await messages_of(stack, CITIZENS[0]) == 1


async def test_a_wanted_pace(stack: Stack) -> None:
    """One row a minute: the second one waits for a minute."""
    await with_citizens(stack)
    id_ = await checked(stack, [[one] for one in CITIZENS], rows_per_minute=1)
    await ask(stack, "send_batch", id_)
    await stack.drain()
    assert sum([await messages_of(stack, one) for one in CITIZENS]) == 1
    for done in (2, 3):
        stack.clock.moment += timedelta(seconds=61)
        await stack.drain()
        assert sum([await messages_of(stack, one) for one in CITIZENS]) == done
    stack.clock.moment += timedelta(minutes=2)
    await stack.drain()
    assert (await state(stack, id_))["status"] == "FINISHED"


async def test_failed_rows_are_sent_again(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault of one row stops no other row, and a retry sends that row alone."""
    await with_citizens(stack)
    original = SendRow.__call__

    async def broken(self: SendRow, run: Run, row: Row) -> RowResult:
        if row.fiscal_code == CITIZENS[1]:
            raise ValueError("a fault of this row")
        return await original(self, run, row)

    monkeypatch.setattr(SendRow, "__call__", broken)
    id_ = await sent(stack, [[one] for one in CITIZENS])
    assert (await state(stack, id_))["progress"]["outcomes"] == {"SENT": 2, "FAILED": 1}

    monkeypatch.setattr(SendRow, "__call__", original)
    assert (await ask(stack, "retry_batch", id_)).status == 202
    await stack.drain()
    found = await state(stack, id_)
    assert (found["status"], found["progress"]["outcomes"]) == ("FINISHED", {"SENT": 3})
    assert [await messages_of(stack, one) for one in CITIZENS] == [1, 1, 1]
    assert [one["outcome"] for one in await table(stack, "read_batch_results_file", id_)] == [
        "SENT"
    ] * 3
