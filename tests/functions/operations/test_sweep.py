"""A timer finds items and reminders that were lost."""

from datetime import timedelta
from typing import Any, Final

import pytest

from functions.timers.contract import FailedTickError
from functions.timers.operations import sweep
from infra.local.sandbox.seed import CITIZEN
from lib.ports.errors import UnavailableError
from lib.ports.queueing.names import (
    MESSAGE_SUBMITTED,
)
from lib.repositories.scheduling.schedule import slots_of, this_hour
from lib.use_cases.operations import sweep_messages
from tests.builders.messages import a_message
from tests.doubles.clock import START
from tests.stack import Stack, take
from tests.stored import stored_message, stored_messages

DUE: Final = "2026-12-03T22:59:59Z"
HOUR: Final = timedelta(hours=1)


async def lose(stack: Stack, queue: str) -> None:
    """Clear a queue."""
    while items := await take(stack.queue, queue):
        for item in items:
            await stack.queue.delete(queue, item)
    assert await stack.queue.length(queue) == 0


async def lose_entries(stack: Stack) -> None:
    """Remove all entries of the schedule in two weeks."""
    schedule, end = stack.app.repositories.schedule, START + timedelta(days=15)
    for hour in (this_hour(START) + number * HOUR for number in range(-24, 24 * 14)):
        for slot in slots_of(hour):
            await schedule.remove(await schedule.due(slot, end, limit=10))


async def test_an_accepted_message_without_an_item_arrives(stack: Stack) -> None:
    """A message whose item was lost is queued again after an hour, and not before."""
    ids = [await stack.submit(time_to_live=86400) for _ in range(3)]
    await lose(stack, MESSAGE_SUBMITTED)
    stack.clock.advance(HOUR)
    await sweep.tick(stack.app)
    assert await stack.queue.length(MESSAGE_SUBMITTED) == 0

    stack.clock.advance(timedelta(minutes=15))
    await sweep.tick(stack.app)
    await stack.drain()

    assert {(await stored_message(stack, id_)).status for id_ in ids} == {"PROCESSED"}
    assert sorted(push.message_id for push in stack.push.sent) == sorted(ids)


async def test_a_scheduled_message_without_an_entry_is_sent(stack: Stack) -> None:
    """It is queued an hour after its set time, and its sender's rights count as usual."""
    at = "2026-11-24T09:00:00Z"
    ids = [await stack.submit(send_at=at, time_to_live=86400) for _ in range(3)]
    await lose_entries(stack)
    stack.clock.advance(timedelta(days=1) + HOUR)
    await stack.tick()
    assert {(await stored_message(stack, id_)).status for id_ in ids} == {"SCHEDULED"}

    stack.clock.advance(timedelta(minutes=15))
    await sweep.tick(stack.app)
    await stack.drain()

    assert {(await stored_message(stack, id_)).status for id_ in ids} == {"PROCESSED"}
    assert sorted(push.message_id for push in stack.push.sent) == sorted(ids)


async def test_a_message_that_still_waits_is_queued_again_a_day_later(stack: Stack) -> None:
    """A long outage makes one item a day, not one at each sweep."""
    await stack.submit()
    await lose(stack, MESSAGE_SUBMITTED)
    stack.clock.advance(2 * HOUR)
    for _ in range(10):
        await sweep.tick(stack.app)
        stack.clock.advance(timedelta(minutes=15))
    assert await stack.queue.length(MESSAGE_SUBMITTED) == 1
    stack.clock.advance(timedelta(days=1))
    await sweep.tick(stack.app)
    assert await stack.queue.length(MESSAGE_SUBMITTED) == 2


async def test_lost_messages_are_queued_while_the_queue_is_short(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A sweep stops where the queue is long, and the next one goes on."""
    monkeypatch.setattr(sweep_messages, "MESSAGES_PER_QUERY", 10)
    monkeypatch.setattr(sweep_messages, "MOST_QUEUED", 20)
    for _ in range(35):
        await stack.submit()
    await lose(stack, MESSAGE_SUBMITTED)
    stack.clock.advance(2 * HOUR)
    await sweep.tick(stack.app)
    assert await stack.queue.length(MESSAGE_SUBMITTED) == 20
    await stack.drain()
    await sweep.tick(stack.app)
    await stack.drain()
    assert await stack.app.operations.sweep_messages() == 0


@pytest.mark.parametrize("key", [None, "a-key"])
async def test_a_refused_submission_is_swept_only_under_a_key(
    stack: Stack, monkeypatch: pytest.MonkeyPatch, key: str | None
) -> None:
    """A refused submission without a key is not swept, since its sender sends it again."""
    headers = {} if key is None else {"idempotency-key": key}

    async def away(*_: Any, **__: Any) -> None:
        raise UnavailableError("away")

    with monkeypatch.context() as patch:
        patch.setattr(stack.queue, "put", away)
        assert (await stack.call("submit_message", a_message(), headers=headers)).status != 201
    again = await stack.call("submit_message", a_message(), headers=headers)
    assert again.status == 201
    await stack.drain()
    stack.clock.advance(2 * HOUR)
    await sweep.tick(stack.app)
    await stack.drain()

    assert [one.id for one in await stored_messages(stack)] == [again.body["id"]]


async def test_a_reminder_whose_entry_is_lost_is_sent(stack: Stack) -> None:
    """A reminder whose entry was lost is sent once, two hours late."""
    id_ = await stack.deliver(content={"due_date": DUE})
    stack.push.sent.clear()
    await lose_entries(stack)
    stack.clock.moment = START + timedelta(days=3, hours=3)

    for _ in range(3):
        await sweep.tick(stack.app)
        await stack.drain()

    assert [push.message_id for push in stack.push.sent] == [id_]
    assert (await stored_message(stack, id_)).reminders.log[0].outcome == "SENT"


async def test_a_fault_of_one_step_does_not_keep_the_others_from_their_end(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A batch that cannot be read must not keep deleted messages with their citizens."""

    async def broken() -> None:
        raise ValueError("a fault")

    id_ = await stack.deliver()
    change = {"change_type": "binning", "is_binned": True}
    await stack.call("change_message_status", change, path={"id": id_}, citizen=CITIZEN)
    stack.clock.advance(timedelta(days=stack.app.settings.days_in_bin))
    monkeypatch.setattr(stack.app.batches, "wake", broken)

    with pytest.raises(FailedTickError, match="ValueError at broken"):
        await sweep.tick(stack.app)

    assert (await stored_message(stack, id_)).status == "REMOVED"
