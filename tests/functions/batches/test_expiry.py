"""The files of a batch are deleted some time after its end, and never while they are needed."""

from datetime import timedelta

import pytest

from lib.domain.batches.batch import LONGEST_LIFE, MOST_AHEAD
from lib.domain.batches.retention import UNSENT_LIFE
from lib.use_cases.batches.sending.close_batch import CLOSING_DELAY
from tests.functions.batches.batch_calls import (
    CITIZENS,
    a_list,
    ask,
    checked,
    make,
    sent,
    state,
    table,
    upload,
    with_citizens,
)
from tests.functions.batches.kept_files import DAY, KEPT, expire, files, pass_days, sets
from tests.stack import Stack, refusal

FILES = (
    "list_batch_problems",
    "read_batch_problems_file",
    "read_batch_results_file",
    "read_batch_unreached_file",
)
ROWS = [[one] for one in CITIZENS]


async def test_files_are_kept_for_their_time_and_then_deleted(stack: Stack) -> None:
    """The batch stays with its counts; its files are gone, and it says since when."""
    await with_citizens(stack)
    id_ = await checked(stack, [*ROWS, ["RSSMRA80A01H501X"]])
    await ask(stack, "send_batch", id_, {"skip_wrong_rows": True})
    await stack.drain()
    await pass_days(stack, KEPT.days - 1)
    assert len(await table(stack, "read_batch_results_file", id_)) == 3

    await pass_days(stack, 2)
    assert (await state(stack, id_))["expired_at"]
    for name in FILES:
        assert refusal(await ask(stack, name, id_))[:2] == (410, "Files not kept any more"), name
    await pass_days(stack, 2)

    assert (files(stack), await sets(stack)) == (0, [])
    found = await state(stack, id_)
    assert (found["status"], found["progress"]["outcomes"]) == ("FINISHED", {"SENT": 3})
    assert found["check"]["wrong"] == 1
    assert refusal(await ask(stack, "retry_batch", id_))[0] == 409


async def test_a_cancelled_batch_expires_as_a_finished_one(stack: Stack) -> None:
    """Its rows without a message are told until then."""
    id_ = await checked(stack, ROWS, rows_per_minute=1)
    await ask(stack, "send_batch", id_)
    await stack.drain()
    await ask(stack, "cancel_batch", id_)
    stack.clock.advance(CLOSING_DELAY)
    await stack.drain()
    await pass_days(stack, 80)
    assert len(await table(stack, "read_batch_results_file", id_)) == 3

    await expire(stack, KEPT)

    assert (files(stack), await sets(stack)) == (0, [])


@pytest.mark.parametrize("has_list", [True, False])
async def test_a_batch_that_nobody_sends_is_cancelled(stack: Stack, has_list: bool) -> None:
    """With its list or without one it counts among the open batches no more."""
    id_ = await checked(stack, ROWS) if has_list else await make(stack)
    await pass_days(stack, UNSENT_LIFE.days - 1)
    assert (await state(stack, id_))["status"] == ("CHECKED" if has_list else "DRAFT")

    await pass_days(stack, 4)

    found = await state(stack, id_)
    assert (found["status"], "expired_at" in found) == ("CANCELLED", True)
    assert (files(stack), await sets(stack)) == (0, [])
    assert (await upload(stack, id_, a_list(ROWS))).status == 409


async def test_a_batch_that_is_still_to_be_sent_keeps_its_rows(stack: Stack) -> None:
    """A set start and a pause are longer than files are kept after an end."""
    await with_citizens(stack)
    start = stack.clock.now() + MOST_AHEAD
    waiting = await checked(stack, ROWS[:1], start_at=start.isoformat())
    paused = await checked(stack, ROWS[1:])
    await ask(stack, "send_batch", waiting)
    await ask(stack, "send_batch", paused)
    await ask(stack, "pause_batch", paused)
    await pass_days(stack, 89)
    assert (await state(stack, waiting))["status"] == "SCHEDULED"
    stack.clock.advance(DAY + timedelta(hours=1))
    await stack.app.scheduling.dispatch_due()
    await stack.drain()
    assert (await state(stack, waiting))["status"] == "FINISHED"

    await pass_days(stack, 120)
    assert (await state(stack, paused))["status"] == "PAUSED"
    await ask(stack, "resume_batch", paused)
    await stack.drain()
    assert (await state(stack, paused))["progress"]["outcomes"] == {"SENT": 2}


async def test_a_batch_ends_at_last(stack: Stack) -> None:
    """One that is paused for very long is cancelled, and its rows are told before they go."""
    await with_citizens(stack)
    id_ = await checked(stack, ROWS, rows_per_minute=1)
    await ask(stack, "send_batch", id_)
    await stack.drain()
    await ask(stack, "pause_batch", id_)
    await pass_days(stack, LONGEST_LIFE.days + 1)
    stack.clock.advance(CLOSING_DELAY)
    await stack.drain()

    found = await state(stack, id_)
    assert found["status"] == "CANCELLED"
    assert found["progress"]["outcomes"] == {"SENT": 1, "CANCELLED": 2}
    assert len(await table(stack, "read_batch_unreached_file", id_)) == 2
    await expire(stack, KEPT)
    assert (files(stack), await sets(stack)) == (0, [])


async def test_a_start_too_far_ahead_is_refused(stack: Stack) -> None:
    """A batch would end before it begins."""
    late = stack.clock.now() + MOST_AHEAD + DAY
    body = {"name": "x", "content": {"subject": "x" * 20, "markdown": "x" * 90}}
    reply = await stack.call("create_batch", {**body, "start_at": late.isoformat()})

    assert refusal(reply)[:2] == (400, "Start too late")


async def test_a_batch_is_too_old_for_a_retry(stack: Stack) -> None:
    """So no series of retries keeps its rows."""
    await with_citizens(stack)
    id_ = await sent(stack, ROWS)
    stack.clock.advance(LONGEST_LIFE)

    assert refusal(await ask(stack, "retry_batch", id_))[0] == 409
