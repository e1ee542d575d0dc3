"""Whatever happens in the middle of a batch, each row is sent once, and the counts add up."""

from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from functions.queues.batches import check_recipients, send_chunk, start_batch
from lib.composition.app import build_app
from lib.ports.queueing.names import BATCH_CHUNK, BATCH_STARTED, BATCH_UPLOADED
from lib.repositories.scheduling.schedule import Schedule
from lib.use_cases.batches import wake_batches
from lib.use_cases.batches.checking.predict_rows import Prediction, PredictRows
from tests.builders.settings import settings_for
from tests.functions.batches.batch_calls import (
    a_list,
    ask,
    checked,
    fails,
    make,
    state,
    upload,
    with_citizens,
)
from tests.functions.batches.interruptions import (
    CHUNK,
    CODES,
    assert_each_once,
    messages,
    run_a_chunk,
    run_first,
    small_chunks,
    started,
)
from tests.stack import Stack, take


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a chunk have two parts of two rows."""
    small_chunks(monkeypatch)


async def test_the_host_restarted_in_the_middle(stack: Stack, tmp_path: Path) -> None:
    """Another process goes on with the items that the first one had taken."""
    id_ = await started(stack)
    await run_a_chunk(stack)
    await take(stack.queue, BATCH_CHUNK)
    push, clock = stack.push, stack.clock
    await stack.app.close()
    stack.app = build_app(settings_for(tmp_path), clock=clock, push=push, mailer=stack.mailer)

    await stack.drain()
    assert (await messages(stack)).total() == CHUNK
    stack.clock.moment += timedelta(seconds=31)
    await stack.drain()
    await assert_each_once(stack, id_)


async def test_the_list_replaced_while_it_is_checked(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rows of the first list are never sent."""
    await with_citizens(stack, CODES)
    id_ = await make(stack)
    predict, waiting = PredictRows.__call__, [CODES[11:]]

    async def replaced(self: PredictRows, *args: Any) -> Prediction:
        if waiting:
            codes = waiting.pop()
            assert (await upload(stack, id_, a_list([[one] for one in codes]))).status == 202
        return await predict(self, *args)

    monkeypatch.setattr(PredictRows, "__call__", replaced)
    await upload(stack, id_, a_list([[one] for one in CODES[:11]]))
    (first,) = await take(stack.queue, BATCH_UPLOADED)
    await check_recipients.consume(stack.app, first.text, last=False)
    assert (await state(stack, id_))["status"] == "CHECKING"
    assert (await ask(stack, "send_batch", id_)).status == 409
    await stack.drain()
    # late, and again
    await check_recipients.consume(stack.app, first.text, last=False)

    assert (await state(stack, id_))["check"]["good"] == 11
    await ask(stack, "send_batch", id_)
    await stack.drain()
    assert await messages(stack) == Counter(CODES[11:])


async def test_the_list_replaced_after_its_check(stack: Stack) -> None:
    """The check starts anew, and a list comes too late once the batch is sent."""
    await with_citizens(stack, CODES)
    id_ = await checked(stack, [[one] for one in CODES[:11]])
    await upload(stack, id_, a_list([[one] for one in CODES]))
    assert (await state(stack, id_))["status"] == "CHECKING"
    await stack.drain()
    await ask(stack, "send_batch", id_)
    await run_first(stack)
    assert (await upload(stack, id_, a_list([[CODES[0]]]))).status == 409
    await stack.drain()
    await assert_each_once(stack, id_)


async def test_a_repeated_request_makes_no_second_run(stack: Stack) -> None:
    """A sender whose answer was lost asks again; each chunk runs once all the same."""
    await with_citizens(stack, CODES)
    id_ = await checked(stack, [[one] for one in CODES])
    for _ in range(2):
        await ask(stack, "send_batch", id_)
        for start in await take(stack.queue, BATCH_STARTED):
            for _ in range(2):
                await start_batch.consume(stack.app, start.text, last=False)
            await stack.queue.delete(BATCH_STARTED, start)
    assert await stack.queue.length(BATCH_CHUNK) == 4
    await stack.drain()
    await assert_each_once(stack, id_)


async def test_of_two_runs_of_a_chunk_one_goes_on(stack: Stack) -> None:
    """An item that comes again after a crash does not double the rest of its chain."""
    id_ = await started(stack)
    for item in await take(stack.queue, BATCH_CHUNK):
        for _ in range(3):
            await send_chunk.consume(stack.app, item.text, last=False)
        await stack.queue.delete(BATCH_CHUNK, item)
    # six chunks in four chains
    assert await stack.queue.length(BATCH_CHUNK) == 2 + 2 * 3
    await stack.drain()
    await assert_each_once(stack, id_)


async def test_a_chunk_whose_process_died_each_time(stack: Stack) -> None:
    """Its item is a dead letter, and the timer queues the chunk again."""
    id_ = await started(stack)
    for item in await take(stack.queue, BATCH_CHUNK):
        await send_chunk.dead_letter(stack.app, item.text, last=True)
        await stack.queue.delete(BATCH_CHUNK, item)
    await stack.drain()
    assert (await messages(stack)).total() == 0

    stack.clock.moment += timedelta(minutes=20)
    await stack.tick()
    await assert_each_once(stack, id_)


async def test_batches_that_start_later_do_not_hide_one_that_lost_its_start(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The timer looks at a limited number of batches."""
    monkeypatch.setattr(wake_batches, "MOST", 1)
    await with_citizens(stack, CODES)
    rows, now = [[one] for one in CODES], stack.clock.now()
    for days in (20, 10):
        at = (now + timedelta(days=days)).isoformat()
        await ask(stack, "send_batch", await checked(stack, rows, start_at=at))
    id_ = await checked(stack, rows, start_at=(now + timedelta(hours=1)).isoformat())
    with monkeypatch.context() as dying:
        dying.setattr(Schedule, "put", fails)
        await ask(stack, "send_batch", id_)

    await stack.live_until(now + timedelta(hours=2))
    await assert_each_once(stack, id_)
