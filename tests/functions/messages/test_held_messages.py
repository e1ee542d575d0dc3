"""A service may hold a second message for a payment, and decide about it later."""

from typing import Any

import pytest

from infra.local.sandbox.seed import CITIZEN, LIMITED_KEY, SERVICE_ID
from lib.domain.messages.message import Message
from lib.domain.services.service import Group
from lib.domain.shared.identifiers import MessageId
from lib.ports.errors import UnavailableError
from lib.repositories.messages.messages import Messages
from tests.builders.messages import a_message
from tests.builders.payments import an_update, payable, send_update
from tests.builders.services import with_configuration, with_groups, with_service
from tests.functions.messages.held_calls import OTHER, act, hold_one, listed, status_of
from tests.stack import Stack
from tests.stored import stored_message


async def test_a_second_message_is_held_and_reported(stack: Stack) -> None:
    """The answer has a warning, the list has an entry, and no citizen sees the message."""
    await with_service(stack, duplicate_policy="HOLD")
    first = await stack.deliver(content=payable())

    headers = {"prefer": "include=warnings"}
    body = a_message(content=payable(), fiscal_code=OTHER)
    reply = await stack.call("submit_message", body, headers=headers)
    await stack.drain()

    id_ = reply.body["id"]
    assert reply.status == 201
    assert any("is held" in one["detail"] for one in reply.body["warnings"])
    (entry,) = await listed(stack)
    assert (entry["id"], entry["earlier_message_id"]) == (id_, first)
    assert (entry["reason"], entry["fiscal_code"]) == ("ALREADY_SENT", OTHER)
    assert (await status_of(stack, id_))["status"] == "ACCEPTED"
    history = (await status_of(stack, id_, prefer="include=history"))["status_history"]
    assert [one["status"] for one in history] == ["ACCEPTED", "HELD"]
    assert (await stack.call("list_inbox", citizen=OTHER)).body["items"] == []


async def test_a_held_message_is_listed_as_sent(stack: Stack) -> None:
    """Also where the messages after it have been fanned out, so that nobody is late."""
    _, id_ = await hold_one(stack)
    await stack.deliver()
    await stack.list_accepted()

    items = (await stack.call("list_sent_messages")).body["items"]
    assert id_ in {one["id"] for one in items}


async def test_a_released_message_is_sent(stack: Stack) -> None:
    """It is delivered although its payment was asked for, and leaves the list."""
    _, id_ = await hold_one(stack)

    reply = await act(stack, "release_held_message", id_)
    await stack.drain()

    assert reply.status == 204
    assert (await status_of(stack, id_))["status"] == "PROCESSED"
    assert await listed(stack) == []
    assert (await act(stack, "release_held_message", id_)).status == 404


async def test_a_dropped_message_is_rejected(stack: Stack) -> None:
    """Its sender reads the reason, and it cannot be released any more."""
    _, id_ = await hold_one(stack)

    reply = await act(stack, "drop_held_message", id_)
    released = await act(stack, "release_held_message", id_)
    await stack.drain()

    assert (reply.status, released.status) == (204, 404)
    answer = await status_of(stack, id_, prefer="include=rejection")
    assert (answer["status"], answer["rejection_reason"]) == ("REJECTED", "DROPPED")
    assert await listed(stack) == []


async def test_of_messages_at_the_same_time_one_is_sent(stack: Stack) -> None:
    """The fan-out holds the others; released ones are all sent."""
    await with_service(stack, duplicate_policy="HOLD")
    ids = [await stack.submit(content=payable()) for _ in range(4)]
    await stack.drain()

    statuses = sorted([(await stored_message(stack, id_)).status for id_ in ids])
    assert statuses == ["HELD", "HELD", "HELD", "PROCESSED"]
    for entry in await listed(stack):
        await act(stack, "release_held_message", entry["id"])
    await stack.drain()
    assert {(await stored_message(stack, id_)).status for id_ in ids} == {"PROCESSED"}


async def test_a_payment_before_the_fan_out_holds_the_message(stack: Stack) -> None:
    """The entry says that the payment is made, and by no message of the service."""
    await with_service(stack, duplicate_policy="HOLD")
    await stack.submit(content=payable())
    await send_update(stack, an_update())
    await stack.drain()

    (entry,) = await listed(stack)
    assert entry["reason"] == "ALREADY_PAID"
    assert "earlier_message_id" not in entry


async def test_the_same_submission_again_holds_one_message(stack: Stack) -> None:
    """A repeated request gets the same id, and a released message is not held again."""
    await with_service(stack, duplicate_policy="HOLD")
    await stack.deliver(content=payable())
    body, headers = a_message(content=payable()), {"idempotency-key": "k"}
    first = await stack.call("submit_message", body, headers=headers)
    again = await stack.call("submit_message", body, headers=headers)
    assert first.body == again.body
    assert len(await listed(stack)) == 1

    await act(stack, "release_held_message", first.body["id"])
    await stack.drain()
    await stack.call("submit_message", body, headers=headers)
    await stack.drain()

    assert await listed(stack) == []
    assert (await stored_message(stack, first.body["id"])).status == "PROCESSED"


async def test_a_release_that_died_is_completed_by_the_same_request(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The entry stays until the message is queued."""
    _, id_ = await hold_one(stack)

    async def away(*_: object, **__: object) -> None:
        raise UnavailableError("away")

    with monkeypatch.context() as patched:
        patched.setattr(stack.queue, "put", away)
        failed = await act(stack, "release_held_message", id_)
    again = await act(stack, "release_held_message", id_)
    await stack.drain()

    assert (failed.status, again.status) == (503, 204)
    assert (await status_of(stack, id_))["status"] == "PROCESSED"


async def test_a_held_message_is_its_services_alone(stack: Stack) -> None:
    """Another service neither lists, releases nor drops it; a limited key may not release it."""
    _, id_ = await hold_one(stack)
    key = await with_groups(stack, Group.MESSAGE_WRITE, Group.MESSAGE_READ)

    assert await listed(stack, key) == []
    for name in ("release_held_message", "drop_held_message"):
        assert (await stack.call(name, path={"id": id_}, key=key)).status == 404
        limited = await stack.call(name, path={"id": id_}, key=LIMITED_KEY)
        assert limited.status in {403, 404}
    assert len(await listed(stack)) == 1


async def test_a_release_needs_the_rights_of_a_submission(stack: Stack) -> None:
    """The service's present limit counts, and the key's rights; a refused message stays held."""
    _, id_ = await hold_one(stack)
    content = {**payable(), "third_party_data": await with_configuration(stack)}
    remote = await stack.deliver(content=content, fiscal_code=OTHER)
    # a key is remembered with its service, so each check has a key of its own
    rights: dict[str, Any] = {"service_id": SERVICE_ID, "max_allowed_payment_amount": 1}
    low = await with_groups(stack, Group.MESSAGE_WRITE, key="sandbox-low-key", **rights)
    too_high = await stack.call("release_held_message", path={"id": id_}, key=low)
    rights["max_allowed_payment_amount"] = 1_000_000
    plain = await with_groups(stack, Group.MESSAGE_WRITE, key="sandbox-plain-key", **rights)
    refused = await stack.call("release_held_message", path={"id": remote}, key=plain)

    assert (too_high.status, "exceeds the maximum" in too_high.body["detail"]) == (400, True)
    assert (refused.status, "third party" in refused.body["detail"]) == (403, True)
    assert {one["id"] for one in await listed(stack)} == {id_, remote}

    for held in (id_, remote):
        assert (await act(stack, "release_held_message", held)).status == 204
    await stack.drain()
    assert (await status_of(stack, remote))["status"] == "PROCESSED"


async def test_an_entry_without_its_message_goes_away(stack: Stack) -> None:
    """The message may have expired: then there is nothing to release."""
    _, id_ = await hold_one(stack)
    message = await stored_message(stack, id_, OTHER)
    await stack.app.repositories.messages.discard(
        OTHER, message.id, (await stack.app.repositories.messages.stored(OTHER, message.id)).etag
    )

    assert (await act(stack, "release_held_message", id_)).status == 404
    assert await listed(stack) == []


async def test_a_dry_run_tells_of_the_hold(stack: Stack) -> None:
    """Its warning is that of the submission, and no entry is made."""
    await with_service(stack, duplicate_policy="HOLD")
    await stack.deliver(content=payable())

    run = await stack.call("dry_run_message", a_message(content=payable()))

    assert any("is held" in one["detail"] for one in run.body["warnings"])
    assert await listed(stack) == []
    assert CITIZEN not in str(run.body)


@pytest.mark.parametrize("decision", ["release_held_message", "drop_held_message"])
async def test_a_decision_while_the_message_becomes_held(
    stack: Stack, monkeypatch: pytest.MonkeyPatch, decision: str
) -> None:
    """The fan-out enters the message into the list, and holds it a moment later.

    A decision between the two is asked for again, and the entry stays: without it the message
    would be held for ever, and nobody could see it.
    """
    await with_service(stack, duplicate_policy="HOLD")
    first = await stack.submit(content=payable())
    second = await stack.submit(content=payable(), fiscal_code=OTHER)
    between = []
    hold = Messages.hold

    async def decided(messages: Messages, fiscal_code: str, id_: MessageId, at: str) -> Message:
        between.append(await stack.call(decision, path={"id": id_}))
        return await hold(messages, fiscal_code, id_, at)

    with monkeypatch.context() as patched:
        patched.setattr(Messages, "hold", decided)
        await stack.drain()

    assert [one.status for one in between] == [503]
    (entry,) = await listed(stack)
    assert entry["id"] in {first, second}
    assert (await stack.call(decision, path={"id": entry["id"]})).status == 204
    await stack.drain()
    assert await listed(stack) == []
