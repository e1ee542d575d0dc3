"""A new message replaces an earlier one."""

from infra.local.sandbox.seed import CITIZEN, LIMITED_KEY
from tests.builders.messages import a_message
from tests.functions.messages.inbox_calls import page
from tests.functions.messages.withdrawal_calls import opened, read, sent
from tests.stack import Stack


async def test_an_unread_message_makes_way(stack: Stack) -> None:
    """The citizen has the new message alone; the sender sees which message replaced the old one."""
    old = await stack.deliver()

    new = await stack.deliver(supersedes=old)

    assert [item["id"] for item in (await page(stack))["items"]] == [new]
    assert (await sent(stack, old))["withdrawal"]["superseded_by"] == new


async def test_a_read_message_names_its_successor(stack: Stack) -> None:
    """The old message stays, and says that a new message replaced it."""
    old = await stack.deliver()
    await read(stack, old)

    new = await stack.deliver(supersedes=old)

    body = (await opened(stack, old)).body
    assert body["superseded_by"] == new
    assert "sostituito" in body["content"]["markdown"]


async def test_only_an_own_message_is_superseded(stack: Stack) -> None:
    """An unknown message gets 404, and another service's message 403."""
    old = await stack.deliver()
    unknown = a_message(supersedes="01J0000000000000000000000A")
    foreign = a_message(supersedes=old, fiscal_code=CITIZEN)

    assert (await stack.call("submit_message", unknown)).status == 404
    assert (await stack.call("submit_message", foreign, key=LIMITED_KEY)).status == 403
