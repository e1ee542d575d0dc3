"""The status of a payment shows to its sender and to its citizen."""

from dataclasses import asdict
from datetime import timedelta
from typing import Any

import pytest

from functions.queues.messages import fan_out_message, update_payment_status
from infra.local.sandbox.seed import CITIZEN, PAYMENTS_SERVICE_ID, SERVICE_ID
from lib.domain.payments.payment import Carrier, Payment, PaymentEvent
from lib.ports.documents import DAY_SECONDS
from lib.ports.queueing.items.messages import PaymentUpdated
from lib.ports.queueing.names import MESSAGE_SUBMITTED, PAYMENT_UPDATED
from lib.ports.schema.messages import MESSAGES, PAYMENTS
from lib.repositories.payments import payments
from tests.builders.altered import with_payment
from tests.builders.payments import RPT_ID, an_update, payable, send_update
from tests.builders.profiles import OTHER_CITIZEN
from tests.stack import Stack, take
from tests.stored import is_payment_known, stored_message, stored_payment, time_to_live


async def seen_by_sender(stack: Stack, id_: str) -> Any:
    """Return the payment status that the sender reads; None where it reads none."""
    path = {"fiscal_code": CITIZEN, "id": id_}
    return (await stack.call("read_sent_message", path=path)).body.get("payment_status")


async def seen_by_citizen(stack: Stack, id_: str) -> Any:
    """Return the payment status in the list and in the opened message, which must agree."""
    page = await stack.call("list_inbox", query={"enrich_result_data": "true"}, citizen=CITIZEN)
    (listed,) = (one for one in page.body["items"] if one["id"] == id_)
    opened = await stack.call(
        "read_message", path={"id": id_}, query={"public_message": "true"}, citizen=CITIZEN
    )
    assert listed.get("payment_status") == opened.body.get("payment_status")
    return listed.get("payment_status")


async def test_a_delivered_message_is_named_by_its_payment(stack: Stack) -> None:
    """The payment stores its message, the citizen, amount and due date."""
    id_ = await stack.deliver(content=payable())

    assert await stored_payment(stack) == Payment(
        RPT_ID,
        carriers=(Carrier(id_, CITIZEN, SERVICE_ID),),
        amount=8450,
        due_date="2027-06-30T21:59:59.000Z",
    )
    assert await time_to_live(stack, PAYMENTS, RPT_ID, "payment") is None


async def test_a_rejected_message_stores_no_payment(stack: Stack) -> None:
    """A rejected message, and one without a payment, store nothing of a payment."""
    rejected = await stack.deliver(fiscal_code="INBOFF00A00A000A", content=payable())
    plain = await stack.deliver()

    assert not await is_payment_known(stack)
    assert rejected != plain
    assert await seen_by_citizen(stack, plain) is None


async def test_a_payment_shows_to_sender_and_citizen(stack: Stack) -> None:
    """Sender and citizen see NOT_PAID, then PAID, and the answer has time and amount."""
    id_ = await stack.deliver(content=payable(), feature_level_type="ADVANCED")
    before = await seen_by_sender(stack, id_), await seen_by_citizen(stack, id_)

    reply = await send_update(
        stack, an_update(3, paid_at="2026-11-23T08:55:00Z", amount_cents=8400)
    )
    await stack.drain()

    assert before == ("NOT_PAID", "NOT_PAID")
    assert (await seen_by_sender(stack, id_), await seen_by_citizen(stack, id_)) == ("PAID", "PAID")
    assert (reply.status, reply.body) == (
        200,
        {
            "rpt_id": RPT_ID,
            "payment_status": "PAID",
            "event_id": "event-3",
            "occurred_at": "2026-11-23T08:57:00.000Z",
            "paid_at": "2026-11-23T08:55:00.000Z",
            "amount_cents": 8400,
        },
    )
    event = (await stored_payment(stack)).event
    assert event is not None
    assert event.source == PAYMENTS_SERVICE_ID


async def test_the_sender_of_a_standard_message_sees_no_payment_status(stack: Stack) -> None:
    """The payment status is for ADVANCED messages, as in IO."""
    id_ = await stack.deliver(content=payable())
    await send_update(stack, an_update())
    await stack.drain()

    assert await seen_by_sender(stack, id_) is None


@pytest.mark.parametrize(
    ("outcome", "sender", "citizen"),
    [("CANCELLED", "NOT_PAID", "CANCELLED"), ("REVERSED", "NOT_PAID", "NOT_PAID")],
)
async def test_a_later_event_takes_a_payment_back(
    stack: Stack, outcome: str, sender: str, citizen: str
) -> None:
    """A later event takes a payment back, and an earlier one does not."""
    id_ = await stack.deliver(content=payable(), feature_level_type="ADVANCED")
    await send_update(stack, an_update(2))

    for minute, expected in ((3, ("PAID", "PAID")), (1, (sender, citizen))):
        reply = await send_update(stack, an_update(minute, outcome=outcome))
        await stack.drain()
        assert reply.body["event_id"] == ("event-2" if minute == 3 else "event-1")
        assert (await seen_by_sender(stack, id_), await seen_by_citizen(stack, id_)) == expected


async def test_a_payment_may_come_before_its_message(stack: Stack) -> None:
    """A payment before its message is remembered, and then kept for good."""
    await send_update(stack, an_update())
    ttl = await time_to_live(stack, PAYMENTS, RPT_ID, "payment")
    assert ttl == payments.UNCLAIMED_TTL

    id_ = await stack.submit(content=payable(), feature_level_type="ADVANCED")
    (item,) = await take(stack.queue, MESSAGE_SUBMITTED)
    await fan_out_message.consume(stack.app, item.text, last=False)

    assert await seen_by_sender(stack, id_) == "PAID"
    assert await stack.queue.length(PAYMENT_UPDATED) == 0
    stack.clock.advance(timedelta(days=3650))
    assert await time_to_live(stack, PAYMENTS, RPT_ID, "payment") is None
    assert (await stored_payment(stack)).status == "PAID"


async def test_a_payment_that_nobody_asks_for_is_forgotten(stack: Stack) -> None:
    """A payment that no message asks for expires after ninety days."""
    await send_update(stack, an_update())
    stack.clock.advance(timedelta(seconds=90 * DAY_SECONDS + 1))

    assert not await is_payment_known(stack)


async def test_a_payment_marks_each_of_its_messages(stack: Stack) -> None:
    """Messages of two citizens are marked; the amount is that of the newest message."""
    first = await stack.deliver(content=payable(amount=1))
    stack.clock.advance(timedelta(seconds=1))
    second = await stack.deliver(content=payable(amount=2), fiscal_code=OTHER_CITIZEN)
    await send_update(stack, an_update())
    await stack.drain()

    assert (await stored_message(stack, first)).payment_status == "PAID"
    assert (await stored_message(stack, second, OTHER_CITIZEN)).payment_status == "PAID"
    assert (await stored_payment(stack)).amount == 2


async def test_a_deleted_message_does_not_stop_the_marks_of_others(stack: Stack) -> None:
    """The other messages of the payment are marked."""
    gone = await stack.deliver(content=payable())
    stack.clock.advance(timedelta(seconds=1))
    id_ = await stack.deliver(content=payable())
    await stack.store.delete(MESSAGES, CITIZEN, gone)
    await send_update(stack, an_update())
    await stack.drain()

    assert (await stored_message(stack, id_)).payment_status == "PAID"


async def test_a_mark_that_comes_late_does_not_undo_a_newer_one(stack: Stack) -> None:
    """A message keeps the later of two events."""
    id_ = await stack.deliver(content=payable())
    await send_update(stack, an_update())
    await stack.drain()

    old = PaymentEvent("old", "REVERSED", "2020-01-01T00:00:00.000Z", "x")
    await with_payment(stack, event={**asdict(old), "of_a_later_version": True})
    await update_payment_status.consume(stack.app, PaymentUpdated(rpt_id=RPT_ID).text(), last=False)

    assert (await stored_message(stack, id_)).payment_status == "PAID"


async def test_a_payment_without_an_event_marks_no_message(stack: Stack) -> None:
    """An item whose payment is unknown, or has no event, marks nothing."""
    await update_payment_status.consume(stack.app, PaymentUpdated(rpt_id=RPT_ID).text(), last=False)
    id_ = await stack.deliver(content=payable())
    await update_payment_status.consume(stack.app, PaymentUpdated(rpt_id=RPT_ID).text(), last=False)

    assert (await stored_message(stack, id_)).payment_status == "NOT_PAID"
