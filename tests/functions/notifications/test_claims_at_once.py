"""The claim of a push that is sent at once says SENT from the start; what differs is written."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest

from functions.queues.messages import fan_out_message
from functions.queues.reminders import process_due_reminder
from functions.timers.operations import sweep
from infra.local.sandbox.seed import OPERATOR_KEY
from lib.ports.documents import Container
from lib.ports.errors import UnavailableError
from lib.ports.queueing.items.notifications import ReminderDue
from lib.ports.queueing.names import MESSAGE_SUBMITTED
from lib.ports.schema.messages import SENT_MESSAGES
from lib.ports.schema.notifications import NOTIFICATIONS
from lib.ports.send_errors import NotSentError
from lib.repositories.messages.reminder_plans import ReminderPlans
from tests.builders.former_claims import with_former_claim
from tests.builders.messages import submitted
from tests.functions.reminders.support import notice
from tests.stack import Stack, take
from tests.stored import delivery_status, next_reminder


async def died_while_sending(stack: Stack) -> tuple[str, str]:
    """Let a process die while it sends a push; return the message's id and the queue item."""
    id_ = await stack.submit()
    (item,) = await take(stack.queue, MESSAGE_SUBMITTED)
    await stack.queue.delete(MESSAGE_SUBMITTED, item)
    stack.push.failure = asyncio.CancelledError()
    with pytest.raises(asyncio.CancelledError):
        await fan_out_message.consume(stack.app, item.text, last=False)
    stack.push.failure = None
    return id_, item.text


async def test_the_next_run_tells_that_a_push_is_in_doubt(stack: Stack) -> None:
    """Sender and operators learn that nobody knows whether the push went out."""
    id_, item = await died_while_sending(stack)

    await fan_out_message.consume(stack.app, item, last=False, again=True)
    await stack.drain()

    assert not stack.push.sent
    assert await delivery_status(stack, id_) == "UNCONFIRMED"
    stack.clock.advance(timedelta(minutes=20))
    await sweep.tick(stack.app)
    reply = await stack.call("list_doubtful_claims", key=OPERATOR_KEY)
    assert [one["message_id"] for one in reply.body["items"]] == [id_]


async def test_a_copy_of_an_item_leaves_the_claim_to_the_run_that_has_it(stack: Stack) -> None:
    """A copy that was never run before comes beside the run with the claim, or after it."""
    id_, item = await died_while_sending(stack)

    await fan_out_message.consume(stack.app, item, last=False)
    assert await delivery_status(stack, id_) == "SENT"

    await fan_out_message.consume(stack.app, item, last=False, again=True)
    assert await delivery_status(stack, id_) == "UNCONFIRMED"


async def test_the_run_with_the_claim_has_the_last_word(stack: Stack) -> None:
    """A run that was taken for dead and was refused by the push service records the refusal."""
    id_ = await stack.submit()
    (item,) = await take(stack.queue, MESSAGE_SUBMITTED)

    async def send(_: object) -> None:
        await fan_out_message.consume(stack.app, item.text, last=False, again=True)
        assert await delivery_status(stack, id_) == "UNCONFIRMED"
        raise ValueError

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stack.push, "send", send)
        await fan_out_message.consume(stack.app, item.text, last=False)

    assert await delivery_status(stack, id_) == "FAILED"


async def test_an_outcome_that_could_not_be_stored_comes_with_the_item(stack: Stack) -> None:
    """The next attempt stores the refusal, without a second send."""
    asked: list[object] = []

    async def refuse(notification: object) -> None:
        asked.append(notification)
        raise ValueError

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stack.push, "send", refuse)
        fail(patch, stack, "patch", NOTIFICATIONS)
        id_ = await stack.deliver()
    assert await delivery_status(stack, id_) == "SENT"

    stack.clock.advance(timedelta(minutes=1))
    await stack.drain()

    assert await delivery_status(stack, id_) == "FAILED"
    assert len(asked) == 1
    assert not stack.push.sent


async def test_a_push_that_was_certainly_not_sent_is_sent_in_spite_of_a_doubt(stack: Stack) -> None:
    """A repeated run that does not know of the waiting push calls it UNCONFIRMED."""
    id_ = await stack.submit()
    (item,) = await take(stack.queue, MESSAGE_SUBMITTED)
    await stack.queue.delete(MESSAGE_SUBMITTED, item)
    stack.push.failure = NotSentError("away")
    with pytest.MonkeyPatch.context() as patch:
        fail(patch, stack, "patch", NOTIFICATIONS)
        await fan_out_message.consume(stack.app, item.text, last=False)
    stack.push.failure = None

    # the process died before the item was deleted
    await fan_out_message.consume(stack.app, item.text, last=False, again=True)
    assert await delivery_status(stack, id_) == "UNCONFIRMED"
    stack.clock.advance(timedelta(minutes=1))
    await stack.drain()

    assert len(stack.push.sent) == 1
    assert await delivery_status(stack, id_) == "SENT"


async def test_an_outage_after_the_push_leaves_no_doubt(stack: Stack) -> None:
    """The item that comes back tells that its notifications were sent."""
    with pytest.MonkeyPatch.context() as patch:
        fail(patch, stack, "batch", SENT_MESSAGES)
        id_ = await stack.deliver()
    assert len(stack.push.sent) == 1

    stack.clock.advance(timedelta(minutes=1))
    await stack.drain()

    assert len(stack.push.sent) == 1
    assert await delivery_status(stack, id_) == "SENT"
    sent = await stack.call("list_sent_messages")
    assert [one["status"] for one in sent.body["items"]] == ["PROCESSED"]


async def test_an_outage_after_a_reminder_leaves_no_doubt(stack: Stack) -> None:
    """The same is so for a reminder whose record could not be stored."""
    id_ = await notice(stack)
    item = await due(stack, id_)
    with pytest.MonkeyPatch.context() as patch:

        async def away(*_: Any) -> None:
            raise UnavailableError("away")

        patch.setattr(ReminderPlans, "record", away)
        await process_due_reminder.consume(stack.app, item.text(), last=False)
    assert len(stack.push.sent) == 1

    stack.clock.advance(timedelta(minutes=1))
    await stack.drain()

    assert len(stack.push.sent) == 1
    assert await delivery_status(stack, id_, "REMINDER-20261203-7-PUSH") == "SENT"


async def test_a_repeated_reminder_tells_that_its_push_is_in_doubt(stack: Stack) -> None:
    """A process that died before it recorded the reminder may have sent its push."""
    id_ = await notice(stack)
    item = await due(stack, id_)
    stack.push.failure = asyncio.CancelledError()
    with pytest.raises(asyncio.CancelledError):
        await process_due_reminder.consume(stack.app, item.text(), last=False)
    stack.push.failure = None

    await process_due_reminder.consume(stack.app, item.text(), last=False, again=True)

    assert not stack.push.sent
    assert await delivery_status(stack, id_, "REMINDER-20261203-7-PUSH") == "UNCONFIRMED"


@pytest.mark.parametrize(
    ("status", "pushes", "now"),
    [("SENT", 0, "SENT"), ("IN_PROGRESS", 0, "IN_PROGRESS"), ("RELEASED", 1, "SENT")],
)
async def test_a_claim_of_the_release_before_counts_for_a_repeated_run(
    stack: Stack, status: str, pushes: int, now: str
) -> None:
    """What the release 2026.11.0 sent before the upgrade is not sent again after it."""
    id_ = await stack.submit()
    await with_former_claim(stack, id_, status, "2026-11-23T08:00:00.000Z")

    await fan_out_message.consume(stack.app, submitted(id_).text(), last=False, again=True)

    assert len(stack.push.sent) == pushes
    assert await delivery_status(stack, id_) == now


async def test_a_replayed_item_counts_the_claims_of_the_release_before(stack: Stack) -> None:
    """A dead letter of the release 2026.11.0 that is replayed after the upgrade sends no more."""
    id_ = await stack.submit()
    (item,) = await take(stack.queue, MESSAGE_SUBMITTED)
    await stack.queue.delete(MESSAGE_SUBMITTED, item)
    await with_former_claim(stack, id_, "SENT", "2026-11-23T08:00:00.000Z")
    await fan_out_message.dead_letter(stack.app, item.text, last=True)

    operator: dict[str, Any] = {"key": OPERATOR_KEY, "path": {"queue": MESSAGE_SUBMITTED}}
    (letter,) = (await stack.call("list_dead_letters", **operator)).body["items"]
    operator["path"]["id"] = letter["id"]
    assert (await stack.call("replay_dead_letter", body=b"", **operator)).status == 202
    await stack.drain()

    assert not stack.push.sent
    assert await delivery_status(stack, id_) == "SENT"


async def due(stack: Stack, id_: str) -> ReminderDue:
    """Go to the moment of the message's next reminder, and return its item."""
    item = await next_reminder(stack, id_)
    stack.clock.moment = datetime.fromisoformat(item.due_at)
    return item


def fail(patch: pytest.MonkeyPatch, stack: Stack, method: str, container: Container) -> None:
    """Let the store be away for a method of a container."""
    call = getattr(stack.store, method)

    async def failing(*args: Any, **kwargs: Any) -> Any:
        if args[0] is container:
            raise UnavailableError("away")
        return await call(*args, **kwargs)

    patch.setattr(stack.store, method, failing)
