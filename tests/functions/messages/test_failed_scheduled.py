"""A scheduled message that cannot be sent becomes FAILED, and an operator replays it."""

from typing import Any

import pytest

from functions.queues.contract import FailedItemError
from functions.queues.messages import fan_out_message
from lib.ports.queueing.names import MESSAGE_SUBMITTED
from tests.builders.services import with_service
from tests.functions.messages.scheduled_calls import (
    SET_TIME,
    cancel,
    inbox,
    schedule,
    wait_until,
)
from tests.stack import Stack, take
from tests.stored import stored_message


async def fail(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> str:
    """Schedule a message whose item fails until it is poisoned; return its id."""
    id_ = await schedule(stack, fiscal_code="RSSMRA80A01H501U")

    async def broken(*_: object) -> None:
        raise KeyError("x")

    with monkeypatch.context() as patched:
        patched.setattr(stack.app.repositories.key_holders, "present", broken)
        with pytest.raises(FailedItemError):
            await wait_until(stack, SET_TIME)
    stack.clock.moment = SET_TIME.replace(minute=10)
    (item,) = await take(stack.queue, MESSAGE_SUBMITTED)
    with monkeypatch.context() as patched:
        patched.setattr(stack.app.repositories.key_holders, "present", broken)
        with pytest.raises(FailedItemError):
            await fan_out_message.consume(stack.app, item.text, last=True)
    await stack.queue.delete(MESSAGE_SUBMITTED, item)
    await fan_out_message.dead_letter(stack.app, item.text)
    assert (await stored_message(stack, id_, "RSSMRA80A01H501U")).status == "FAILED"
    return id_


async def replay(stack: Stack) -> None:
    """Replay the dead letter."""
    operator: dict[str, Any] = {"key": "sandbox-operator-key", "path": {"queue": MESSAGE_SUBMITTED}}
    (letter,) = (await stack.call("list_dead_letters", **operator)).body["items"]
    operator["path"] = {"queue": MESSAGE_SUBMITTED, "id": letter["id"]}
    assert (await stack.call("replay_dead_letter", body=b"", **operator)).status == 202
    await stack.drain()


async def test_a_replay_sends_it(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is sent once."""
    id_ = await fail(stack, monkeypatch)
    await replay(stack)
    assert await inbox(stack, "RSSMRA80A01H501U") == [id_]


async def test_a_replay_checks_the_rights(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    """A message whose rights were not checked before it failed is not sent without them."""
    id_ = await fail(stack, monkeypatch)
    await stack.app.repositories.subscriptions.suspend(
        (await stored_message(stack, id_, "RSSMRA80A01H501U")).sender.service_id
    )
    await replay(stack)
    message = await stored_message(stack, id_, "RSSMRA80A01H501U")
    assert (message.status, message.rejection) == ("REJECTED", "SENDER_NOT_ALLOWED")


async def test_a_failed_message_can_be_cancelled(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A replay after that sends nothing."""
    id_ = await fail(stack, monkeypatch)
    await with_service(stack)
    assert (await cancel(stack, id_)).status == 204
    await replay(stack)
    assert await inbox(stack, "RSSMRA80A01H501U") == []
