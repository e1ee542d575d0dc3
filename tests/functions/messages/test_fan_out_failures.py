"""A fan-out that is repeated, interrupted or impossible loses no message."""

from datetime import timedelta
from typing import Any

import pytest

from functions.queues.contract import FailedItemError
from functions.queues.messages import fan_out_message
from infra.local.sandbox.seed import CITIZEN
from lib.domain.shared.identifiers import MessageId
from lib.ports.documents import Document
from lib.ports.errors import UnavailableError
from lib.ports.queue import POISON_SUFFIX
from lib.ports.queueing import delays as waits
from lib.ports.queueing.delays import delay_before
from lib.ports.queueing.names import MESSAGE_SUBMITTED, NOTIFICATION_REQUESTED
from lib.ports.schema.messages import MESSAGES
from lib.repositories.messages.messages import Messages
from lib.repositories.operations.dead_letters import DeadLetters
from lib.use_cases.messages.fan_out_message import MAX_READ_ATTEMPTS
from tests.builders.messages import submitted
from tests.doubles.slow_push import queue_pushes
from tests.stack import Stack, take
from tests.stored import stored_message


async def test_an_item_that_comes_again_changes_nothing(stack: Stack) -> None:
    """A repeated item leaves the same message and sends one push."""
    id_ = await stack.deliver()
    before = await Messages(stack.store).stored(CITIZEN, id_)

    await fan_out_message.consume(stack.app, submitted(id_).text(), last=False)
    await stack.drain()

    assert before == await Messages(stack.store).stored(CITIZEN, id_)
    assert len(stack.push.sent) == 1


async def test_a_run_that_died_after_its_write_is_completed_by_the_next(stack: Stack) -> None:
    """The next run queues the notification that was not queued."""
    queue_pushes(stack.app)
    id_ = await stack.submit()
    await fan_out_message.consume(stack.app, submitted(id_).text(), last=False)
    (lost,) = await take(stack.queue, NOTIFICATION_REQUESTED)
    await stack.queue.delete(NOTIFICATION_REQUESTED, lost)

    await fan_out_message.consume(stack.app, submitted(id_).text(), last=False)
    await stack.drain()

    assert [id_] == [push.message_id for push in stack.push.sent]


async def test_an_item_without_its_message_is_given_up(stack: Stack) -> None:
    """The message is looked for three times more, and then the item is dropped."""
    await stack.queue.put(
        MESSAGE_SUBMITTED, submitted(MessageId("01J0000000000000000000000A")).text()
    )

    for attempt in range(MAX_READ_ATTEMPTS):
        await stack.drain()
        assert await stack.queue.length(MESSAGE_SUBMITTED) == 1
        stack.clock.advance(timedelta(seconds=delay_before(attempt + 1)))
    await stack.drain()

    assert await stack.queue.length(MESSAGE_SUBMITTED) == 0
    assert await stack.queue.length(NOTIFICATION_REQUESTED) == 0


async def test_a_message_that_is_seen_late_arrives_all_the_same(stack: Stack) -> None:
    """A message that a lagging replica shows late arrives later."""
    id_ = await stack.submit()
    messages = Messages(stack.store)
    unseen = await messages.get(CITIZEN, id_)
    await stack.store.delete(MESSAGES, CITIZEN, id_)
    await stack.drain()

    await messages.create(unseen)
    stack.clock.advance(timedelta(seconds=delay_before(1)))
    await stack.drain()

    assert (await stored_message(stack, id_)).status == "PROCESSED"


async def test_an_outage_puts_the_item_back_with_a_growing_delay(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The delay grows from 30 seconds to 10 minutes, for seven days."""
    monkeypatch.setattr(waits, "LEAST_SHARE", 1)
    id_ = await stack.submit()
    (item,) = await take(stack.queue, MESSAGE_SUBMITTED)
    await stack.queue.delete(MESSAGE_SUBMITTED, item)

    async def away(_fiscal_code: str, _id: str) -> Document:
        raise UnavailableError("throttled")

    monkeypatch.setattr(stack.app.repositories.messages, "get", away)
    text, delays = item.text, []
    for _ in range(9):
        await fan_out_message.consume(stack.app, text, last=False)
        waited = 0
        while not (items := await take(stack.queue, MESSAGE_SUBMITTED)):
            stack.clock.advance(timedelta(seconds=30))
            waited += 30
        await stack.queue.delete(MESSAGE_SUBMITTED, items[0])
        text = items[0].text
        delays.append(waited)

    assert delays == [30, 60, 120, 240, 480, 600, 600, 600, 600]
    stack.clock.advance(timedelta(days=7))
    with pytest.raises(UnavailableError):
        await fan_out_message.consume(stack.app, text, last=True)
    monkeypatch.undo()
    await fan_out_message.consume(stack.app, text, last=False)
    assert (await stored_message(stack, id_)).status == "PROCESSED"


async def test_a_message_that_cannot_be_processed_fails_and_can_be_replayed(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sender sees FAILED, and the operator replays the dead letter with its reason."""
    id_ = await stack.submit()
    (item,) = await take(stack.queue, MESSAGE_SUBMITTED)
    await stack.queue.delete(MESSAGE_SUBMITTED, item)

    async def broken(_fiscal_code: str, _id: str) -> Document:
        raise KeyError(CITIZEN)

    monkeypatch.setattr(stack.app.repositories.messages, "get", broken)
    with pytest.raises(FailedItemError, match="KeyError at broken") as caught:
        await fan_out_message.consume(stack.app, item.text, last=True)
    assert CITIZEN not in repr(caught.value)
    assert caught.value.__cause__ is None
    await fan_out_message.dead_letter(stack.app, item.text)
    monkeypatch.undo()

    assert (await stored_message(stack, id_)).status == "FAILED"
    operator: dict[str, Any] = {"key": "sandbox-operator-key", "path": {"queue": MESSAGE_SUBMITTED}}
    listed = await stack.call("list_dead_letters", **operator)
    (letter,) = listed.body["items"]
    assert letter["reason"].startswith("KeyError at broken ")
    assert CITIZEN not in str(listed.body)

    operator["path"] = {"queue": MESSAGE_SUBMITTED, "id": letter["id"]}
    replayed = await stack.call("replay_dead_letter", body=b"", **operator)
    await stack.drain()

    assert replayed.status == 202
    message = await stored_message(stack, id_)
    assert message.status == "PROCESSED"
    assert [one.status for one in message.status_history] == [
        "ACCEPTED",
        "FAILED",
        "ACCEPTED",
        "PROCESSED",
    ]
    assert (await stack.call("replay_dead_letter", body=b"", **operator)).status == 404


async def test_a_retry_that_succeeds_leaves_no_dead_letter(stack: Stack) -> None:
    """The failure of the last attempt alone makes a dead letter."""
    with pytest.raises(Exception, match="is not a MessageSubmitted"):
        await fan_out_message.consume(stack.app, '{"fiscal_code": "x"}', last=False)

    listed = await stack.call(
        "list_dead_letters", key="sandbox-operator-key", path={"queue": MESSAGE_SUBMITTED}
    )
    assert listed.body["items"] == []


@pytest.mark.parametrize("text", ["", "not json", "{}", '{"fiscal_code": "AAAAAA00A00A000A"}'])
async def test_an_unreadable_item_is_kept_without_being_quoted(stack: Stack, text: str) -> None:
    """The dead letter keeps the item, and the exception does not quote it."""
    with pytest.raises(Exception, match="an item of message-submitted is not") as caught:
        await fan_out_message.consume(stack.app, text, last=True)
    await fan_out_message.dead_letter(stack.app, text)

    assert "AAAAAA" not in str(caught.value)
    listed = await stack.call(
        "list_dead_letters", key="sandbox-operator-key", path={"queue": MESSAGE_SUBMITTED}
    )
    (letter,) = listed.body["items"]
    assert letter["reason"].startswith("UnreadableItemError")
    kept = await DeadLetters(stack.store).get(MESSAGE_SUBMITTED, letter["id"])
    assert kept is not None
    assert text == kept.text


async def test_a_message_in_the_inbox_is_never_failed(stack: Stack) -> None:
    """A poisoned item does not mark a message FAILED that the citizen sees."""
    id_ = await stack.deliver()

    await fan_out_message.dead_letter(stack.app, submitted(id_).text())

    assert (await stored_message(stack, id_)).status == "PROCESSED"
    assert POISON_SUFFIX == "-poison"
