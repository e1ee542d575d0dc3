"""Senders share the queue of chunks: a small batch does not wait for a large one."""

import itertools
from datetime import timedelta
from typing import Final

import pytest

from functions.queues.batches import (
    check_recipients,
    send_chunk,
    send_urgent_chunk,
    start_batch,
)
from infra.local.sandbox.seed import SENDER_KEY
from lib.domain.services.service import Group
from lib.ports.queueing.items.batches import BatchChunkDue
from lib.ports.queueing.names import BATCH_CHUNK, BATCH_STARTED, URGENT_BATCH_CHUNK
from lib.use_cases.batches.checking import check_recipients as checking
from lib.use_cases.batches.sending.queue_chunks import AT_ONCE
from tests.builders.services import with_groups
from tests.functions.batches.batch_calls import CONTENT, a_list, with_citizens
from tests.stack import Stack, take
from tests.unit.batches.support import a_code

LARGE: Final = 48
SMALL: Final = 8
CODES: Final = tuple(a_code(number) for number in range(LARGE))


@pytest.fixture
async def other_key(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> str:
    """Give the key of another sender; a chunk has one row."""
    monkeypatch.setattr(checking, "CHUNK_ROWS", 1)
    await with_citizens(stack, CODES)
    return await with_groups(stack, Group.MESSAGE_WRITE, Group.MESSAGE_READ)


async def started(stack: Stack, rows: int, key: str = SENDER_KEY, **changes: str) -> str:
    """Start a batch of so many chunks; return its id."""
    body = {"name": "TARI", "content": CONTENT, **changes}
    id_ = str((await stack.call("create_batch", body, key=key)).body["id"])
    list_, text = a_list([one] for one in CODES[:rows]), {"content-type": "text/csv"}
    await stack.call("upload_recipients", list_, path={"id": id_}, headers=text, key=key)
    await run_checks(stack)
    reply = await stack.call("send_batch", b"", path={"id": id_}, key=key)
    assert reply.status == 202
    (start,) = await take(stack.queue, BATCH_STARTED)
    await start_batch.consume(stack.app, start.text, last=False)
    await stack.queue.delete(BATCH_STARTED, start)
    return id_


async def run_checks(stack: Stack) -> None:
    """Check the list that was uploaded, and run nothing else."""
    (item,) = await take(stack.queue, check_recipients.queue)
    await check_recipients.consume(stack.app, item.text, last=False)
    await stack.queue.delete(check_recipients.queue, item)


async def run_chunks(stack: Stack, count: int | None = None) -> list[str]:
    """Run chunks in the order of their queue, `count` or all; return the batch of each."""
    order: list[str] = []
    while count is None or len(order) < count:
        items = await stack.queue.receive(
            BATCH_CHUNK, limit=1, visibility_timeout=timedelta(minutes=5)
        )
        if not items:
            return order
        (item,) = items
        order.append(BatchChunkDue.model_validate_json(item.text).batch_id)
        await send_chunk.consume(stack.app, item.text, last=False)
        await stack.queue.delete(BATCH_CHUNK, item)
    return order


async def test_a_small_batch_takes_turns_with_a_large_one(stack: Stack, other_key: str) -> None:
    """Each round has as many chunks of one batch as of the other."""
    large = await started(stack, LARGE)
    await run_chunks(stack, AT_ONCE)
    small = await started(stack, SMALL, other_key)
    order = await run_chunks(stack)

    assert (order.count(small), order.count(large)) == (SMALL, LARGE - AT_ONCE)
    end = len(order) - order[::-1].index(small)
    assert order[:end].count(large) <= SMALL + AT_ONCE
    # no more than one round of the large batch between two chunks of the small one
    places = [place for place, one in enumerate(order) if one == small]
    gaps = [later - earlier - 1 for earlier, later in itertools.pairwise(places)]
    assert max(gaps) <= AT_ONCE


@pytest.mark.usefixtures("other_key")
async def test_a_large_batch_has_few_chunks_in_its_queue(stack: Stack) -> None:
    """However many of them ran."""
    await started(stack, LARGE)
    for _ in range(LARGE - AT_ONCE):
        assert await stack.queue.length(BATCH_CHUNK) == AT_ONCE
        await run_chunks(stack, 1)


@pytest.mark.usefixtures("other_key")
async def test_the_chunks_of_a_batch_come_in_the_order_of_its_rows(stack: Stack) -> None:
    """So the first rows of a list are sent first."""
    await started(stack, LARGE)
    items = await take(stack.queue, BATCH_CHUNK)
    chunks = [BatchChunkDue.model_validate_json(one.text).chunk for one in items]
    assert chunks == list(range(AT_ONCE))


async def test_an_urgent_batch_has_a_queue_of_its_own(stack: Stack, other_key: str) -> None:
    """It waits for no chunk of another batch."""
    await started(stack, LARGE)
    await started(stack, SMALL, other_key, lane="URGENT")
    assert await stack.queue.length(URGENT_BATCH_CHUNK) == AT_ONCE
    ran = 0
    while items := await take(stack.queue, URGENT_BATCH_CHUNK):
        for item in items:
            await send_urgent_chunk.consume(stack.app, item.text, last=False)
            await stack.queue.delete(URGENT_BATCH_CHUNK, item)
            ran += 1
    assert ran == SMALL
    assert await stack.queue.length(BATCH_CHUNK) == AT_ONCE
