"""Batches that something interrupts, for their tests."""

from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, Final

import pytest

from functions.queues.batches import send_chunk, start_batch
from lib.domain.batches.recipients.row import Row
from lib.ports.queueing.names import BATCH_CHUNK, BATCH_STARTED
from lib.use_cases.batches.checking import check_recipients as checking
from lib.use_cases.batches.sending.run import Run
from lib.use_cases.batches.sending.send_row import SendRow
from tests.functions.batches.batch_calls import (
    ask,
    checked,
    state,
    table,
    with_citizens,
)
from tests.stack import Stack, take
from tests.unit.batches.support import a_code

CODES: Final = tuple(a_code(number) for number in range(22))
CHUNK: Final = 4
PART: Final = 2


def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a chunk have two parts of two rows."""
    monkeypatch.setattr(checking, "CHUNK_ROWS", CHUNK)
    monkeypatch.setattr(checking, "PART_ROWS", PART)


async def started(stack: Stack, **changes: Any) -> str:
    """Begin to send a batch to all citizens; return its id."""
    await with_citizens(stack, CODES)
    id_ = await checked(stack, [[one] for one in CODES], **changes)
    assert (await ask(stack, "send_batch", id_)).status == 202
    (start,) = await take(stack.queue, BATCH_STARTED)
    await start_batch.consume(stack.app, start.text, last=False)
    await stack.queue.delete(BATCH_STARTED, start)
    return id_


async def run_a_chunk(stack: Stack) -> None:
    """Send one of the queued chunks."""
    (item,) = await stack.queue.receive(
        BATCH_CHUNK, limit=1, visibility_timeout=timedelta(seconds=30)
    )
    await send_chunk.consume(stack.app, item.text, last=False)
    await stack.queue.delete(BATCH_CHUNK, item)


async def run_first(stack: Stack) -> None:
    """Start the batch, and send one chunk of it."""
    (start,) = await take(stack.queue, BATCH_STARTED)
    await start_batch.consume(stack.app, start.text, last=False)
    await stack.queue.delete(BATCH_STARTED, start)
    await run_a_chunk(stack)


async def messages(stack: Stack) -> Counter[str]:
    """Count the messages of each citizen."""
    found = Counter[str]()
    for code in CODES:
        reply = await stack.call("list_inbox", citizen=code)
        found[code] = len(reply.body["items"])
    return found


async def assert_each_once(stack: Stack, id_: str) -> None:
    """Fail unless the batch is finished, with one message, push and result for each row."""
    found = await state(stack, id_)
    assert found["status"] == "FINISHED"
    assert found["progress"]["outcomes"] == {"SENT": len(CODES)}
    assert await messages(stack) == Counter(CODES)
    results = await table(stack, "read_batch_results_file", id_)
    assert [one["fiscal_code"] for one in results] == list(CODES)
    assert {one["outcome"] for one in results} == {"SENT"}
    pushed = Counter(push.message_id for push in stack.push.sent)
    assert pushed == Counter(one["message_id"] for one in results)


def on_row(
    monkeypatch: pytest.MonkeyPatch, number: int, then: Callable[[], Awaitable[None]]
) -> None:
    """Let something happen right before a row is sent, once."""
    send, waiting = SendRow.__call__, [then]

    async def interrupted(self: SendRow, run: Run, row: Row) -> Any:
        if row.fiscal_code == CODES[number] and waiting:
            await waiting.pop()()
        return await send(self, run, row)

    monkeypatch.setattr(SendRow, "__call__", interrupted)
