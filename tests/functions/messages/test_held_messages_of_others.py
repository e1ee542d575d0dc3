"""Held messages of intermediaries, withdrawn ones, and corrections."""

from typing import Any

from infra.local.sandbox.seed import SERVICE_ID
from lib.domain.services.service import Group
from tests.builders.messages import a_message
from tests.builders.payments import an_update, payable, send_update
from tests.builders.services import with_groups, with_service
from tests.functions.messages.held_calls import OTHER, act, hold_one, listed
from tests.stack import Stack
from tests.stored import stored_message


async def test_an_intermediary_decides_about_its_own_messages(stack: Stack) -> None:
    """The service sees all held messages, and an intermediary those that it sent."""
    _, of_service = await hold_one(stack)
    groups = (Group.MESSAGE_WRITE, Group.MESSAGE_READ)
    key = await with_groups(
        stack, *groups, service_id=SERVICE_ID, intermediary="i", duplicate_policy="HOLD"
    )
    body = a_message(content=payable(), fiscal_code=OTHER)
    own = (await stack.call("submit_message", body, key=key)).body["id"]

    assert [one["id"] for one in await listed(stack, key)] == [own]
    assert {one["id"] for one in await listed(stack)} == {own, of_service}
    for name in ("release_held_message", "drop_held_message"):
        assert (await stack.call(name, path={"id": of_service}, key=key)).status == 404
    assert (await stack.call("drop_held_message", path={"id": own}, key=key)).status == 204


async def test_a_withdrawn_message_cannot_be_released(stack: Stack) -> None:
    """The withdrawal holds, and the entry goes away with the next request."""
    _, id_ = await hold_one(stack)
    path = {"fiscal_code": OTHER, "id": id_}
    withdrawn = await stack.call("withdraw_message", {"reason": "Errore"}, path=path)

    released = await act(stack, "release_held_message", id_)
    await stack.drain()

    assert (withdrawn.status, released.status) == (200, 404)
    assert await listed(stack) == []
    assert (await stored_message(stack, id_, OTHER)).status == "WITHDRAWN"


async def test_a_correction_is_no_second_message(stack: Stack) -> None:
    """A message that replaces another may ask for the same payment, and the other goes away."""
    await with_service(stack, duplicate_policy="HOLD")
    first = await stack.deliver(content=payable())
    correction = await stack.deliver(content=payable(amount=9000), supersedes=first)

    assert await listed(stack) == []
    assert (await stored_message(stack, correction)).status == "PROCESSED"
    assert (await stored_message(stack, first)).status == "WITHDRAWN"


async def test_a_held_correction_leaves_the_message_that_it_replaces(stack: Stack) -> None:
    """The earlier message is withdrawn only when its correction is sent."""
    await with_service(stack, duplicate_policy="HOLD")
    first = await stack.deliver(content=payable())
    correction = await stack.submit(content=payable(), supersedes=first)
    await send_update(stack, an_update())
    await stack.drain()
    assert (await stored_message(stack, correction)).status == "HELD"
    assert (await stored_message(stack, first)).status == "PROCESSED"

    await act(stack, "release_held_message", correction)
    await stack.drain()

    assert (await stored_message(stack, correction)).status == "PROCESSED"
    assert (await stored_message(stack, first)).status == "WITHDRAWN"


async def test_the_list_of_sent_messages_shows_the_decision(stack: Stack) -> None:
    """A held message is listed as ACCEPTED, and a dropped one as REJECTED."""
    await with_service(stack, duplicate_policy="HOLD")
    ids = [await stack.submit(content=payable()) for _ in range(2)]
    await stack.drain()
    assert await statuses(stack, ids) == ["PROCESSED", "ACCEPTED"]

    await act(stack, "drop_held_message", ids[1])

    assert await statuses(stack, ids) == ["PROCESSED", "REJECTED"]


async def statuses(stack: Stack, ids: list[Any]) -> list[str]:
    """Return the statuses in the list of sent messages."""
    found = (await stack.call("list_sent_messages")).body["items"]
    by_id = {one["id"]: one["status"] for one in found}
    return [by_id[id_] for id_ in ids]
