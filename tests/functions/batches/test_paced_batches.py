"""A batch with a wanted pace goes on where it was, whatever starts its run again."""

from datetime import timedelta

import pytest

from lib.use_cases.batches.checking import check_recipients as checking
from tests.functions.batches.batch_calls import CONTENT, ask
from tests.functions.batches.interruptions import (
    CODES,
    assert_each_once,
    messages,
    small_chunks,
    started,
)
from tests.stack import Stack

MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a chunk have eight rows."""
    small_chunks(monkeypatch)
    monkeypatch.setattr(checking, "CHUNK_ROWS", 8)


async def minutes(stack: Stack, count: int) -> None:
    """Let minutes pass, with their work."""
    for _ in range(count):
        stack.clock.advance(MINUTE)
        await stack.drain()


async def test_a_run_that_starts_again_waits_for_no_row_that_was_sent(stack: Stack) -> None:
    """At one row a minute it would otherwise never reach the rows behind a daily window."""
    id_ = await started(stack, rows_per_minute=1)
    await stack.drain()
    await minutes(stack, 2)
    assert (await messages(stack)).total() == 3

    for _ in range(3):
        assert (await ask(stack, "pause_batch", id_)).status == 202
        assert (await ask(stack, "resume_batch", id_)).status == 202
        await stack.drain()
    assert (await messages(stack)).total() == 6

    await minutes(stack, len(CODES))
    await assert_each_once(stack, id_)


async def test_a_queue_that_is_slower_than_the_pace(stack: Stack) -> None:
    """The timer takes the run for a lost one again and again, and the rows are sent all the same.

    A row comes every five minutes, so a chunk takes longer than its pace lets expect.
    """
    id_ = await started(stack, rows_per_minute=1)
    await stack.live_until(stack.clock.now() + timedelta(hours=2), timedelta(minutes=5))
    await assert_each_once(stack, id_)


@pytest.mark.parametrize(
    ("start", "end"), [("08:00Z", "20:00Z"), ("08:00:00", "08:00:30"), (28800, 72000)]
)
async def test_a_window_has_hours_and_minutes_of_italy(
    stack: Stack, start: str | int, end: str | int
) -> None:
    """Seconds would be lost, and another zone would never be compared."""
    body = {"name": "TARI", "content": CONTENT, "send_window": {"start": start, "end": end}}
    reply = await stack.call("create_batch", body)
    assert reply.status == 400, reply
    assert {one["pointer"] for one in reply.body["errors"]} <= {
        "/send_window/start",
        "/send_window/end",
    }
