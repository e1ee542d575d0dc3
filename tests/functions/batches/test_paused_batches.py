"""A batch that is paused and resumed sends each row once, and keeps its pace."""

from datetime import timedelta

import pytest
from ulid import ULID

from functions.queues.batches import send_chunk
from lib.domain.shared.values import timestamp
from lib.ports.queueing.names import BATCH_CHUNK
from tests.functions.batches.batch_calls import (
    ask,
    checked,
    state,
    with_citizens,
)
from tests.functions.batches.interruptions import (
    CHUNK,
    CODES,
    PART,
    assert_each_once,
    messages,
    on_row,
    small_chunks,
    started,
)
from tests.stack import Stack, take


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a chunk have two parts of two rows."""
    small_chunks(monkeypatch)


async def test_paused_and_resumed_in_the_middle(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The part under way ends, nothing is sent until the resume, and then the rest of it."""
    await with_citizens(stack, CODES)
    id_ = await checked(stack, [[one] for one in CODES])

    async def pause() -> None:
        assert (await ask(stack, "pause_batch", id_)).body["status"] == "PAUSED"

    on_row(monkeypatch, 5, pause)
    await ask(stack, "send_batch", id_)
    await stack.drain()
    # one chunk of four rows, and the part in which the pause came
    assert (await messages(stack)).total() == CHUNK + PART
    assert (await state(stack, id_))["status"] == "PAUSED"
    stack.clock.moment += timedelta(hours=2)
    await stack.tick()
    assert (await messages(stack)).total() == CHUNK + PART

    resumed = stack.clock.now()
    assert (await ask(stack, "resume_batch", id_)).body["status"] == "RUNNING"
    await stack.drain()
    await assert_each_once(stack, id_)
    # a citizen's app asks for what is newer than the last id that it has
    (item,) = (await stack.call("list_inbox", citizen=CODES[-1])).body["items"]
    assert item["created_at"] == timestamp(resumed)
    assert item["id"] > str(ULID.from_datetime(resumed - timedelta(seconds=1)))


async def test_paused_and_resumed_while_a_chunk_runs(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The run of before the pause ends, and the run of the resume sends what is left."""
    await with_citizens(stack, CODES)
    id_ = await checked(stack, [[one] for one in CODES])

    async def blink() -> None:
        await ask(stack, "pause_batch", id_)
        await ask(stack, "resume_batch", id_)

    on_row(monkeypatch, 5, blink)
    await ask(stack, "send_batch", id_)
    await stack.drain()
    await assert_each_once(stack, id_)


async def test_a_paced_batch_keeps_its_pace_through_a_pause_and_repeated_items(
    stack: Stack,
) -> None:
    """Twelve rows a minute, two at a time, and no row more for an item that comes twice."""
    id_ = await started(stack, rows_per_minute=12)
    sent = []
    for _ in range(4):
        for item in await take(stack.queue, BATCH_CHUNK):
            for _ in range(2):
                await send_chunk.consume(stack.app, item.text, last=False)
            await stack.queue.delete(BATCH_CHUNK, item)
        sent.append((await messages(stack)).total())
        stack.clock.moment += timedelta(seconds=10)
    assert sent == [2, 4, 6, 8]
    await ask(stack, "pause_batch", id_)
    await ask(stack, "resume_batch", id_)
    for _ in range(20):
        before = (await messages(stack)).total()
        await stack.drain()
        assert (await messages(stack)).total() - before <= CHUNK
        stack.clock.moment += timedelta(seconds=10)
    await assert_each_once(stack, id_)
