"""Whatever happens in the middle of a recall, no message of the batch is left."""

from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from functions.queues.batches import send_chunk, send_urgent_chunk, start_batch
from functions.queues.contract import FailedItemError
from lib.domain.messages.withdrawals.message_owner import MessageOwner
from lib.ports.errors import UnavailableError
from lib.ports.queueing.names import BATCH_CHUNK, BATCH_STARTED, URGENT_BATCH_CHUNK
from lib.ports.schema.batches import BATCH_CHUNKS
from lib.ports.schema.messages import MESSAGES
from lib.use_cases.batches.sending.close_batch import CLOSING_DELAY, LONGEST_PART
from lib.use_cases.messages.withdrawals.withdraw_message import WithdrawMessage
from lib.use_cases.notifications.delegates.announce_message import AnnounceMessage
from tests.doubles.behind import Behind
from tests.functions.batches.batch_calls import ask, sent, state, table, with_citizens
from tests.functions.batches.interruptions import (
    CHUNK,
    CODES,
    messages,
    small_chunks,
    started,
)
from tests.functions.batches.recall_calls import assert_recalled, recall, run, run_recall
from tests.stack import Stack, take


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a chunk have two parts of two rows."""
    small_chunks(monkeypatch)


@pytest.fixture
async def finished(stack: Stack) -> str:
    """Give a batch that was sent some time ago."""
    await with_citizens(stack, CODES)
    id_ = await sent(stack, [[one] for one in CODES])
    stack.clock.moment += timedelta(hours=1)
    return id_


def on_withdrawal(monkeypatch: pytest.MonkeyPatch, code: str, error: Exception) -> None:
    """Let the withdrawal from a citizen fail."""
    withdraw = WithdrawMessage.__call__

    async def failing(
        self: WithdrawMessage, owner: MessageOwner, citizen: str, *args: Any, **named: Any
    ) -> Any:
        if citizen == code:
            raise error
        return await withdraw(self, owner, citizen, *args, **named)

    monkeypatch.setattr(WithdrawMessage, "__call__", failing)


async def test_it_does_not_wait_behind_other_batches(stack: Stack, finished: str) -> None:
    """A few chunks at a time are in the urgent queue, whatever the pace of the sending was."""
    before = await stack.queue.length(BATCH_CHUNK)
    await recall(stack, finished)
    await run(stack, start_batch)
    assert await stack.queue.length(URGENT_BATCH_CHUNK) == 4
    assert await stack.queue.length(BATCH_CHUNK) == before
    await stack.drain()
    await assert_recalled(stack, finished, {"WITHDRAWN": len(CODES)})


async def test_every_item_comes_several_times(stack: Stack, finished: str) -> None:
    """Also late: the items of a recall that has ended change nothing."""
    await recall(stack, finished)
    await recall(stack, finished)
    old = [one.text for one in await take(stack.queue, BATCH_STARTED)]
    assert len(old) == 2
    for text in old:
        await start_batch.consume(stack.app, text, last=False)
    chunks = await take(stack.queue, URGENT_BATCH_CHUNK)
    for item in chunks:
        for _ in range(2):
            await send_urgent_chunk.consume(stack.app, item.text, last=False)
        await stack.queue.delete(URGENT_BATCH_CHUNK, item)
    await stack.drain()
    found = await assert_recalled(stack, finished, {"WITHDRAWN": len(CODES)})
    for item in chunks:
        await send_urgent_chunk.consume(stack.app, item.text, last=False)
    for text in old:
        await start_batch.consume(stack.app, text, last=False)
    await stack.drain()
    assert await state(stack, finished) == found


async def test_a_lost_item_is_put_again(stack: Stack, finished: str) -> None:
    """The timer finds the recall that has not gone on for a quarter of an hour."""
    for queue, consumer in ((BATCH_STARTED, start_batch), (URGENT_BATCH_CHUNK, send_urgent_chunk)):
        await recall(stack, finished)
        if consumer is send_urgent_chunk:
            await run(stack, start_batch)
        for item in await take(stack.queue, queue):
            await consumer.dead_letter(stack.app, item.text, last=True)
            await stack.queue.delete(queue, item)
        await stack.drain()
        assert (await messages(stack)).total() == len(CODES)
    stack.clock.moment += timedelta(minutes=14)
    await stack.tick()
    assert (await state(stack, finished))["status"] == "WITHDRAWING"
    stack.clock.moment += timedelta(minutes=6)
    await stack.tick()
    await assert_recalled(stack, finished, {"WITHDRAWN": len(CODES)})


async def test_an_outage_for_one_row(
    stack: Stack, finished: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The others of its chunk are withdrawn meanwhile, and each is tried once."""
    with monkeypatch.context() as patched:
        on_withdrawal(patched, CODES[1], UnavailableError("away"))
        await recall(stack, finished)
        await stack.drain()
        found = await state(stack, finished)
        assert found["status"] == "WITHDRAWING"
        results = await table(stack, "read_batch_results_file", finished)
        outcomes = [one["outcome"] for one in results[:CHUNK]]
        assert outcomes == ["WITHDRAWN", "SENT", "WITHDRAWN", "WITHDRAWN"]
        assert (await messages(stack))[CODES[1]] == 1
    stack.clock.moment += timedelta(minutes=1)
    await stack.drain()
    await assert_recalled(stack, finished, {"WITHDRAWN": len(CODES)})


async def test_rows_that_cannot_be_withdrawn(
    stack: Stack, finished: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each says why, and the others are withdrawn."""
    results = await table(stack, "read_batch_results_file", finished)
    await stack.store.delete(MESSAGES, CODES[2], results[2]["message_id"])
    on_withdrawal(monkeypatch, CODES[1], ValueError("a fault"))
    await recall(stack, finished)
    await stack.drain()
    found = await state(stack, finished)
    assert found["status"] == "WITHDRAWN"
    outcomes = {"WITHDRAWN": len(CODES) - 2, "NOT_WITHDRAWN": 2}
    assert found["progress"]["outcomes"] == outcomes
    assert found["progress"]["reasons"] == {"FAULT": 1, "NOT_FOUND": 1}
    results = await table(stack, "read_batch_results_file", finished)
    assert [one["reason"] for one in results[:4]] == ["", "FAULT", "NOT_FOUND", ""]
    assert +(await messages(stack)) == Counter([CODES[1]])


async def test_a_failed_row_may_have_a_message(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault after the message was made does not keep it from the recall."""
    await with_citizens(stack, CODES)

    with monkeypatch.context() as patched:
        patched.setattr(AnnounceMessage, "__call__", None)
        id_ = await sent(stack, [[one] for one in CODES])
    assert (await state(stack, id_))["progress"]["outcomes"] == {"FAILED": len(CODES)}
    await recall(stack, id_)
    await stack.drain()
    await assert_recalled(stack, id_, {"WITHDRAWN": len(CODES)})


async def test_a_failed_row_without_a_message_is_looked_at_twice(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A late run of it may be under way, right after the end of the batch."""
    await with_citizens(stack, CODES)

    async def broken(*_: Any, **__: Any) -> None:
        raise ValueError

    with monkeypatch.context() as patched:
        patched.setattr("lib.repositories.batches.settled_messages.SettledMessages.create", broken)
        id_ = await sent(stack, [[one] for one in CODES])
    await recall(stack, id_)
    await stack.drain()
    assert (await state(stack, id_))["status"] == "WITHDRAWING"
    stack.clock.moment += CLOSING_DELAY
    await stack.drain()
    found = await state(stack, id_)
    assert found["status"] == "WITHDRAWN"
    assert found["progress"]["outcomes"] == {"FAILED": len(CODES)}


async def test_a_row_whose_process_died_before_its_result(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its message is withdrawn at once, and nobody is notified when the batch is closed."""
    id_ = await started(stack)
    with monkeypatch.context() as patched:

        def died(*_: Any) -> Any:
            raise RuntimeError

        patched.setattr("lib.repositories.batches.batch_files.BatchFiles.store_results", died)
        patched.setattr("lib.use_cases.notifications.notify_at_once.NotifyAtOnce.__call__", died)
        (item, *_) = await take(stack.queue, BATCH_CHUNK)
        with pytest.raises(FailedItemError):
            await send_chunk.consume(stack.app, item.text, last=False)
    assert (await messages(stack)).total() == 2
    await recall(stack, id_)
    await run_recall(stack)
    assert (await messages(stack)).total() == 0
    stack.clock.moment += CLOSING_DELAY
    await stack.drain()
    await assert_recalled(stack, id_, {"WITHDRAWN": 2, "CANCELLED": len(CODES) - 2})
    assert stack.push.sent == []


async def test_a_chunk_that_was_just_closed_is_recalled_although_queries_lag(
    stack: Stack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In Azure, a query may not show the chunks that the look before it has closed."""
    id_ = await started(stack)
    with monkeypatch.context() as patched:

        def died(*_: Any) -> Any:
            raise RuntimeError

        patched.setattr("lib.repositories.batches.batch_files.BatchFiles.store_results", died)
        (item, *_) = await take(stack.queue, BATCH_CHUNK)
        with pytest.raises(FailedItemError):
            await send_chunk.consume(stack.app, item.text, last=False)
    await recall(stack, id_)
    stack.clock.moment += CLOSING_DELAY
    behind = Stack(tmp_path, clock=stack.clock, store=Behind(stack.store, BATCH_CHUNKS))
    await run(behind, start_batch)

    assert (await state(stack, id_))["status"] == "WITHDRAWING"
    await stack.drain()
    await assert_recalled(stack, id_, {"WITHDRAWN": 2, "CANCELLED": len(CODES) - 2})


async def test_a_retry_and_a_recall_at_once(stack: Stack, finished: str) -> None:
    """The retry comes first: its run ends, and its rows are recalled as well."""
    assert (await ask(stack, "retry_batch", finished)).status == 202
    await recall(stack, finished)
    assert (await ask(stack, "retry_batch", finished)).status == 409
    await stack.drain()
    stack.clock.moment += LONGEST_PART
    await recall(stack, finished)
    await stack.drain()
    await assert_recalled(stack, finished, {"WITHDRAWN": len(CODES)})
