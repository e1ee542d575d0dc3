"""A validated address that leaves a profile is told so."""

import asyncio
from datetime import timedelta

import pytest

from functions.queues.profiles import notify_former_address
from infra.local.sandbox.seed import EMAIL_CITIZEN
from lib.ports.queueing.names import EMAIL_ADDRESS_CHANGED
from lib.ports.schema.citizens import PROFILES
from lib.ports.send_errors import NotSentError
from lib.repositories.profiles.profiles import PROFILE_ID
from tests.functions.profiles.mail_links import (
    NEW,
    change_address,
    do,
    token_of,
    with_new_address,
)
from tests.stack import Stack, take
from tests.stored import stored_profile, stored_text


async def with_validated_address(stack: Stack, email: str) -> None:
    """Give the citizen an address and validate it by its link."""
    stack.clock.advance(timedelta(minutes=2))
    await with_new_address(stack, email)
    done = await do(stack, await token_of(stack), "validate_email")
    assert done.status == 200
    stack.mailer.sent.clear()


@pytest.mark.parametrize("new", ["newer@example.org", None])
async def test_a_validated_address_that_leaves_is_told_once(stack: Stack, new: str | None) -> None:
    """A former address gets one e-mail, which names neither the citizen nor the new address."""
    await with_validated_address(stack, NEW)
    version = (await stored_profile(stack, EMAIL_CITIZEN)).version
    body = {"version": version, "email": new}
    for _ in range(2):
        reply = await stack.call("update_profile", body, citizen=EMAIL_CITIZEN)
        assert reply.status == 200
    assert reply.body.get("email") == new
    items = await take(stack.queue, EMAIL_ADDRESS_CHANGED)
    assert not any("@" in item.text for item in items)
    for item in items:
        for _ in range(2):
            await notify_former_address.consume(stack.app, item.text, last=False)

    (mail,) = stack.mailer.sent
    assert mail.to == NEW
    assert not any(said in mail.text for said in (EMAIL_CITIZEN, "newer", "http"))
    assert NEW not in await stored_text(stack, PROFILES, EMAIL_CITIZEN, PROFILE_ID)


async def test_a_former_address_is_told_where_two_items_meet(stack: Stack) -> None:
    """A second item does not lose the e-mail of a first one whose mail server fails."""
    await with_validated_address(stack, NEW)
    await change_address(stack, "newer@example.org")
    (item,) = await take(stack.queue, EMAIL_ADDRESS_CHANGED)
    is_sending, goes_on = asyncio.Event(), asyncio.Event()

    async def slow(_: object) -> None:
        is_sending.set()
        await goes_on.wait()
        raise NotSentError("away")

    send, stack.mailer.send = stack.mailer.send, slow  # type: ignore[method-assign,assignment]
    first = asyncio.create_task(notify_former_address.consume(stack.app, item.text, last=False))
    await is_sending.wait()
    await notify_former_address.consume(stack.app, item.text, last=False)
    goes_on.set()
    await first
    stack.mailer.send = send  # type: ignore[method-assign]
    stack.clock.advance(timedelta(hours=1))
    await stack.drain()

    assert [mail.to for mail in stack.mailer.sent] == [NEW]
    assert NEW not in await stored_text(stack, PROFILES, EMAIL_CITIZEN, PROFILE_ID)


async def test_a_former_address_is_told_after_a_lost_item(stack: Stack) -> None:
    """The next update of the profile queues the item that was lost."""
    await with_validated_address(stack, NEW)
    await change_address(stack, "newer@example.org")
    for lost in await take(stack.queue, EMAIL_ADDRESS_CHANGED):
        await stack.queue.delete(EMAIL_ADDRESS_CHANGED, lost)

    version = (await stored_profile(stack, EMAIL_CITIZEN)).version
    await stack.call("update_profile", {"version": version}, citizen=EMAIL_CITIZEN)
    await stack.drain()

    assert [mail.to for mail in stack.mailer.sent] == [NEW]


async def test_an_address_that_was_never_validated_is_not_told(stack: Stack) -> None:
    """An address that was never validated gets no e-mail, since it may be anybody's."""
    await with_new_address(stack)
    await change_address(stack, "newer@example.org")
    await stack.drain()

    assert not stack.mailer.sent
