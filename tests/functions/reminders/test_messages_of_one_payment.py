"""Of several messages that ask for one payment, one reminds."""

from datetime import timedelta

import pytest

from infra.local.sandbox.seed import CITIZEN, LIMITED_SERVICE_ID
from tests.builders.altered import with_message
from tests.builders.payments import a_payment
from tests.builders.profiles import with_preference
from tests.functions.reminders.support import DUE, jump, log, notice
from tests.stack import Stack

pytestmark = pytest.mark.slow


async def test_two_messages_of_one_notice_remind_once(stack: Stack) -> None:
    """The newer message reminds; the older one logs why it does not."""
    first = await notice(stack)
    stack.clock.advance(timedelta(hours=1))
    second = await notice(stack)
    await jump(stack, 26, 10)

    assert await log(stack, first) == [("20261203-7", "OTHER_MESSAGE")]
    assert await log(stack, second) == [("20261203-7", "SENT")]
    assert [push.message_id for push in stack.push.sent] == [second]


async def test_a_newer_message_without_a_due_date_leaves_the_reminders_to_the_older(
    stack: Stack,
) -> None:
    """The older message reminds where the newer one has no plan."""
    first = await notice(stack)
    stack.clock.advance(timedelta(hours=1))
    await stack.deliver(content={"payment_data": a_payment()})
    await jump(stack, 26, 10)

    assert await log(stack, first) == [("20261203-7", "SENT")]


@pytest.mark.parametrize("how", ["archived", "undated", "another service's"])
async def test_a_silent_newer_message_leaves_the_reminders_to_the_older(
    stack: Stack, how: str
) -> None:
    """The older message reminds where the newer one is archived, undated or switched off."""
    first = await notice(stack)
    stack.clock.advance(timedelta(hours=1))
    content = {"due_date": DUE, "payment_data": a_payment()}
    if how == "undated":
        del content["due_date"]
    second = await stack.deliver(content=content, reminders={"unread_after_days": 1})
    if how == "archived":
        body = {"change_type": "archiving", "is_archived": True}
        await stack.call("change_message_status", body, path={"id": second}, citizen=CITIZEN)
    if how == "another service's":
        await with_message(stack, second, sender_service_id=LIMITED_SERVICE_ID)
        await with_preference(stack, id=LIMITED_SERVICE_ID, is_reminder_enabled=False)
    await jump(stack, 26, 10)

    assert await log(stack, first) == [("20261203-7", "SENT")]


async def test_a_newer_message_silences_the_older_only_while_it_reminds(stack: Stack) -> None:
    """The older message takes over when the newer one is archived."""
    first = await notice(stack)
    stack.clock.advance(timedelta(hours=1))
    second = await notice(stack)
    await jump(stack, 26, 10)
    body = {"change_type": "archiving", "is_archived": True}
    await stack.call("change_message_status", body, path={"id": second}, citizen=CITIZEN)
    await jump(stack, 30, 10)

    assert await log(stack, first) == [("20261203-7", "OTHER_MESSAGE"), ("20261203-3", "SENT")]
