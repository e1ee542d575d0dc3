"""A cancelled batch sends no further row, and each row has its outcome."""

from collections import Counter
from typing import Any

import pytest

from functions.queues.batches import start_batch
from lib.ports.errors import UnavailableError
from lib.ports.queueing.names import BATCH_STARTED
from lib.repositories.batches.batches import Batches
from lib.use_cases.batches.sending.close_batch import CLOSING_DELAY
from tests.functions.batches.batch_calls import (
    ask,
    checked,
    state,
    table,
    with_citizens,
)
from tests.functions.batches.interruptions import (
    CHUNK,
    CODES,
    PART,
    assert_each_once,
    messages,
    on_row,
    run_a_chunk,
    small_chunks,
    started,
)
from tests.stack import Stack, take


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a chunk have two parts of two rows."""
    small_chunks(monkeypatch)


async def assert_adds_up(stack: Stack, id_: str, *, sent: int) -> None:
    """Fail unless the cancelled batch shows so many rows as sent, and the others as cancelled."""
    found = await state(stack, id_)
    cancelled = len(CODES) - sent
    assert found["status"] == "CANCELLED"
    assert found["progress"]["outcomes"] == {"SENT": sent, "CANCELLED": cancelled}
    assert found["progress"]["done"] == found["progress"]["total"] == len(CODES)
    results = await table(stack, "read_batch_results_file", id_)
    assert Counter(one["outcome"] for one in results) == {"SENT": sent, "CANCELLED": cancelled}
    assert {one["fiscal_code"] for one in results} == set(CODES)
    with_message = {one["fiscal_code"] for one in results if one["message_id"]}
    assert +(await messages(stack)) == Counter(with_message)
    unreached = await table(stack, "read_batch_unreached_file", id_)
    assert len(unreached) == cancelled


async def test_cancelled_in_the_middle(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    """The part under way ends; the results and the counts have every row, and agree."""
    await with_citizens(stack, CODES)
    id_ = await checked(stack, [[one] for one in CODES])

    async def cancel() -> None:
        assert (await ask(stack, "cancel_batch", id_)).body["status"] == "CANCELLED"

    on_row(monkeypatch, 5, cancel)
    await ask(stack, "send_batch", id_)
    await stack.drain()
    for _ in range(2):
        stack.clock.moment += CLOSING_DELAY
        await stack.drain()
        await assert_adds_up(stack, id_, sent=CHUNK + PART)
        # again, after a lost answer
        await cancel()


async def test_an_old_start_does_not_close_a_batch_whose_rows_are_under_way(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The item of a resume comes after the cancellation, while a part is still sent."""
    await with_citizens(stack, CODES)
    id_ = await checked(stack, [[one] for one in CODES])

    async def cancel() -> None:
        await ask(stack, "pause_batch", id_)
        await ask(stack, "resume_batch", id_)
        await ask(stack, "cancel_batch", id_)
        for start in await take(stack.queue, BATCH_STARTED):
            await start_batch.consume(stack.app, start.text, last=False)
            await stack.queue.delete(BATCH_STARTED, start)

    on_row(monkeypatch, 5, cancel)
    await ask(stack, "send_batch", id_)
    await stack.drain()
    stack.clock.moment += CLOSING_DELAY
    await stack.drain()
    await assert_adds_up(stack, id_, sent=CHUNK + PART)


async def test_a_cancellation_that_fails_leaves_the_batch_running(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The item that would have closed it changes nothing."""
    id_ = await started(stack)
    await run_a_chunk(stack)
    change = Batches.change

    async def away(*_: Any) -> Any:
        raise UnavailableError("away")

    monkeypatch.setattr(Batches, "change", away)
    assert (await ask(stack, "cancel_batch", id_)).status == 503
    monkeypatch.setattr(Batches, "change", change)
    stack.clock.moment += CLOSING_DELAY
    await stack.drain()
    await assert_each_once(stack, id_)
