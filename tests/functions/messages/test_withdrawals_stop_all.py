"""Nothing goes out for a withdrawn message, whatever was on its way."""

from datetime import timedelta
from typing import Any

import pytest

from functions.queues.messages import fan_out_message
from infra.local.sandbox.seed import CITIZEN
from lib.ports.queueing.names import MESSAGE_SUBMITTED, NOTIFICATION_REQUESTED
from tests.doubles.slow_push import queue_pushes
from tests.functions.messages.inbox_calls import page
from tests.functions.messages.withdrawal_calls import (
    PAYABLE,
    RPT_ID,
    read,
    sent,
    withdraw,
)
from tests.stack import Stack, take
from tests.stored import stored_message


async def test_a_message_that_waits_for_its_fan_out_is_never_delivered(stack: Stack) -> None:
    """The withdrawal comes first: nothing is shown, announced or planned."""
    id_ = await stack.submit(content=PAYABLE)

    assert (await withdraw(stack, id_)).status == 200
    await stack.drain()

    assert (await page(stack))["items"] == []
    assert stack.push.sent == []
    assert (await sent(stack, id_))["status"] == "REJECTED"
    payment = await stack.app.repositories.payments.get(RPT_ID)
    assert payment is None or not payment.names(id_)


async def test_a_withdrawal_in_the_middle_of_the_fan_out_wins(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The message is withdrawn after the fan-out joined the payment and before its delivery."""
    id_ = await stack.submit(content=PAYABLE)
    deliver = stack.app.repositories.messages.deliver

    async def late(*args: Any, **kwargs: Any) -> Any:
        assert (await withdraw(stack, id_)).status == 200
        return await deliver(*args, **kwargs)

    monkeypatch.setattr(stack.app.repositories.messages, "deliver", late)
    await stack.drain()

    assert (await page(stack))["items"] == []
    assert stack.push.sent == []
    payment = await stack.app.repositories.payments.get(RPT_ID)
    assert payment is not None
    assert not payment.names(id_)


async def test_a_notification_that_waits_is_not_sent(stack: Stack) -> None:
    """The fan-out has queued the notification; the withdrawal comes before its send."""
    queue_pushes(stack.app)
    id_ = await stack.submit()
    (item,) = await take(stack.queue, MESSAGE_SUBMITTED)
    await fan_out_message.consume(stack.app, item.text, last=False)
    assert await stack.queue.length(NOTIFICATION_REQUESTED) == 1

    await withdraw(stack, id_)
    await stack.drain()

    assert stack.push.sent == []


@pytest.mark.parametrize("is_read", [True, False])
async def test_no_reminder_follows(stack: Stack, *, is_read: bool) -> None:
    """The plan of a withdrawn message is over, for citizen and sender."""
    id_ = await stack.deliver(content=PAYABLE)
    if is_read:
        await read(stack, id_)
    stack.push.sent.clear()

    await withdraw(stack, id_)
    await stack.live_until(stack.clock.moment + timedelta(days=3))

    assert stack.push.sent == []
    message = await stored_message(stack, id_)
    assert message.reminders.next is None
    path = {"fiscal_code": CITIZEN, "id": id_}
    plan = (await stack.call("read_sent_reminders", path=path)).body
    assert (plan["ended"], plan["to_come"]) == ("WITHDRAWN", [])
    if is_read:
        plan = (await stack.call("read_reminders", path={"id": id_}, citizen=CITIZEN)).body
        assert (plan["ended"], plan["to_come"]) == ("WITHDRAWN", [])


async def test_another_message_of_the_payment_goes_on(stack: Stack) -> None:
    """The payment forgets the withdrawn message alone, and the other message reminds."""
    other, id_ = await stack.deliver(content=PAYABLE), await stack.deliver(content=PAYABLE)
    stack.push.sent.clear()

    await withdraw(stack, id_)
    payment = await stack.app.repositories.payments.get(RPT_ID)
    await stack.live_until(stack.clock.moment + timedelta(days=3))

    assert payment is not None
    assert [carrier.message_id for carrier in payment.carriers] == [other]
    assert stack.push.sent


async def test_a_failed_message_cannot_come_back(stack: Stack) -> None:
    """An operator who processes the message again does not deliver it."""
    id_ = await stack.submit()
    messages = stack.app.repositories.messages
    await messages.fail(CITIZEN, id_, "2026-11-23T09:00:01.000Z")

    await withdraw(stack, id_)

    assert (await stored_message(stack, id_)).status == "WITHDRAWN"
    await stack.drain()
    assert (await page(stack))["items"] == []
