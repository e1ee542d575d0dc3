"""The list of sent messages and its changes follow each withdrawal."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest

from infra.local.sandbox.seed import CITIZEN
from lib.ports.errors import UnavailableError
from lib.ports.queueing.items.messages import MessageSubmitted
from lib.ports.queueing.names import MESSAGE_SUBMITTED
from tests.builders.profiles import with_profile
from tests.functions.messages.held_calls import OTHER, hold_one
from tests.functions.messages.held_calls import listed as held
from tests.functions.messages.withdrawal_calls import REASON, read, withdraw
from tests.stack import Stack, take

LATER = timedelta(seconds=11)


async def delivered(stack: Stack) -> str:
    """Send a message that reaches the inbox."""
    return await stack.deliver()


async def was_read(stack: Stack) -> str:
    """Send a message that the citizen reads."""
    id_ = await stack.deliver()
    await read(stack, id_)
    return id_


async def waiting(stack: Stack) -> str:
    """Send a message that waits for its fan-out, and is listed."""
    id_ = await stack.submit()
    await stack.list_accepted()
    return id_


async def unlisted(stack: Stack) -> str:
    """Send a message that waits for its fan-out, and is not listed yet."""
    return await stack.submit()


async def rejected(stack: Stack) -> str:
    """Send a message that the citizen does not take."""
    await with_profile(stack, is_inbox_enabled=False)
    return await stack.deliver()


async def failed(stack: Stack) -> str:
    """Send a message that cannot be processed."""
    id_ = await stack.submit()
    (item,) = await take(stack.queue, MESSAGE_SUBMITTED)
    message = MessageSubmitted.model_validate_json(item.text)
    await stack.app.operations.keep_dead_letter(MESSAGE_SUBMITTED, item.text, message)
    return id_


async def all_changes(stack: Stack) -> list[Any]:
    """Return each message among the changes: id, status, and whether it is withdrawn."""
    stack.clock.moment += LATER
    reply = await stack.call("list_sent_changes")
    assert reply.status == 200
    return [(one["id"], one["status"], "withdrawn_at" in one) for one in reply.body["items"]]


async def listed(stack: Stack, name: str, body: Any) -> list[Any]:
    """Return each message of a list: status, and when it was withdrawn."""
    reply = await stack.call(name, body)
    assert reply.status == 200
    return [(one["status"], one.get("withdrawn_at")) for one in reply.body["items"]]


@pytest.mark.parametrize(
    ("send", "status"),
    [
        (delivered, "PROCESSED"),
        (was_read, "PROCESSED"),
        (waiting, "REJECTED"),
        (unlisted, "REJECTED"),
        (rejected, "REJECTED"),
        (failed, "FAILED"),
    ],
)
async def test_a_withdrawal_is_a_change(
    stack: Stack, send: Callable[[Stack], Awaitable[str]], status: str
) -> None:
    """A withdrawn message is among the changes, and all lists agree with the message."""
    other = await stack.deliver()
    stack.clock.advance(timedelta(seconds=1))
    id_ = await send(stack)

    at = (await withdraw(stack, id_)).body["withdrawn_at"]
    changed = await all_changes(stack)
    await stack.drain()

    path = {"fiscal_code": CITIZEN, "id": id_}
    assert (await stack.call("read_sent_message", path=path)).body["status"] == status
    assert changed == [(other, "PROCESSED", False), (id_, status, True)]
    assert await all_changes(stack) == changed
    for name, body in (
        ("list_sent_messages", None),
        ("search_sent_messages", {"fiscal_code": CITIZEN}),
    ):
        found = await listed(stack, name, body)
        assert found == [(status, at), ("PROCESSED", None)]


async def test_a_superseded_message_is_a_change(stack: Stack) -> None:
    """The earlier message is withdrawn when the new one is processed, and the changes say so."""
    earlier = await stack.deliver()
    new = await stack.deliver(supersedes=earlier)

    assert sorted(await all_changes(stack)) == [
        (earlier, "PROCESSED", True),
        (new, "PROCESSED", False),
    ]


async def test_a_recall_is_a_change_of_each_message(stack: Stack) -> None:
    """A client that follows the changes sees each message that was withdrawn."""
    ids = [await stack.deliver() for _ in range(3)]
    body = {"reason": REASON, "messages": [f"{CITIZEN}/{id_}" for id_ in ids]}
    await stack.call("withdraw_messages", body)
    await stack.drain()

    assert sorted(await all_changes(stack)) == [(id_, "PROCESSED", True) for id_ in ids]


async def test_a_withdrawal_that_died_is_completed(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The list was away after the message was withdrawn; the sender calls again."""
    id_ = await stack.deliver()
    with monkeypatch.context() as patch:
        patch.setattr(stack.app.repositories.sent_entries, "put", away)
        assert (await withdraw(stack, id_)).status == 503
    assert await all_changes(stack) == [(id_, "PROCESSED", False)]

    assert (await withdraw(stack, id_)).status == 200

    assert await all_changes(stack) == [(id_, "PROCESSED", True)]


async def away(*_: Any, **__: Any) -> None:
    """Fail as a store that is away."""
    raise UnavailableError("the store is away")


async def test_a_held_message_that_is_withdrawn_leaves_the_list_of_held_messages(
    stack: Stack,
) -> None:
    """The sender can decide no more about it, so the list does not name it."""
    _, id_ = await hold_one(stack)
    path = {"fiscal_code": OTHER, "id": id_}

    assert (await stack.call("withdraw_message", {"reason": REASON}, path=path)).status == 200

    assert await held(stack) == []
    assert (id_, "REJECTED", True) in await all_changes(stack)
