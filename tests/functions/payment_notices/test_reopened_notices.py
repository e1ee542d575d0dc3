"""A cancelled payment notice is made valid again, under the same notice number."""

import asyncio
from datetime import timedelta

from lib.domain.payments.payment import PaymentEvent
from lib.domain.shared.values import timestamp
from tests.builders.payment_notices import (
    INSTALMENTS,
    RPT_ID,
    a_notice,
    amend,
    an_amendment,
    cancel,
    inbox,
    number,
    reopen,
    send,
    tell,
)
from tests.builders.payments import PAYEE
from tests.functions.payment_notices.reopened import cancelled
from tests.functions.payment_notices.shown import (
    IN_MAY,
    entry,
    info,
    notice_text,
    plan,
    sent,
    take,
)
from tests.stack import Stack, refusal
from tests.stored import stored_markdown, stored_message, stored_payment

SECOND = PAYEE + number(12)


async def test_a_reopened_notice_is_valid_everywhere(stack: Stack) -> None:
    """Status, code, printed notice, calendar, payment info, reminders and text are back."""
    id_ = await cancelled(stack)
    before = await entry(stack, id_)
    pushes = len(stack.push.sent)
    assert await plan(stack, id_) == ("CANCELLED", 0)
    stack.clock.advance(timedelta(days=1))

    reply = await reopen(stack)
    await stack.drain()

    assert (reply.status, reply.body["payment_status"]) == (200, "NOT_PAID")
    assert "cancelled_at" not in reply.body
    assert reply.body["reopened_at"] == "2026-11-24T09:01:00.000Z"
    assert reply.body["version"] == 2
    assert reply.body["amendments"][-1]["changed"] == ["reopened"]
    (listed,) = await inbox(stack)
    assert (listed["id"], listed["payment_status"]) == (id_, "NOT_PAID")
    said = await stored_markdown(stack, id_)
    assert "dal 24 novembre 2026 è di nuovo valido" in said
    assert await plan(stack, id_) == (None, 4)
    assert (await info(stack, RPT_ID)).status == 200
    assert (await take(stack, "read_payment_qr_png", id_)).status == 200
    text, has_code = await notice_text(stack, id_)
    assert has_code
    assert "annullato" not in text
    after = await entry(stack, id_)
    assert ("VALARM" in after, after["STATUS"]) == (True, "CONFIRMED")
    assert int(after["SEQUENCE"]) > int(before["SEQUENCE"])
    assert len(stack.push.sent) == pushes


async def test_a_repeated_reopening_changes_nothing(stack: Stack) -> None:
    """A repeated reopening, and one of a notice that is open, change nothing."""
    await sent(stack, instalments=None)
    assert (await reopen(stack)).body["version"] == 1
    await cancel(stack)
    await stack.drain()

    replies = await asyncio.gather(*(reopen(stack) for _ in range(4)))
    await stack.drain()
    again = await reopen(stack)

    assert {one.status for one in replies} == {200}
    assert again.body["version"] == 2
    assert again.body["payment_status"] == "NOT_PAID"


async def test_a_payment_survives_cancellation_and_reopening(stack: Stack) -> None:
    """A payment before the cancellation, and one told after the reopening, both count."""
    await cancelled(stack)
    paid_at = timestamp(stack.clock.now() + timedelta(minutes=1))
    stack.clock.advance(timedelta(minutes=5))
    assert (await reopen(stack)).body["payment_status"] == "NOT_PAID"
    event = PaymentEvent("late", "PAID", paid_at, "pagopa", paid_at)

    await stack.app.payments.record([(RPT_ID, event)])
    await stack.drain()

    assert (await reopen(stack)).body["payment_status"] == "PAID"
    assert (await inbox(stack))[0]["payment_status"] == "PAID"


async def test_an_instalment_that_was_paid_is_not_asked_for_again(stack: Stack) -> None:
    """A paid instalment stays paid, and the others come as messages."""
    await sent(stack)
    await tell(stack, rpt_id=PAYEE + number(11))
    stack.clock.advance(timedelta(minutes=1))
    await cancel(stack)
    await stack.drain()
    stack.clock.advance(timedelta(minutes=1))

    view = (await reopen(stack)).body
    await stack.drain()

    assert view["payment_status"] == "PARTLY_PAID"
    statuses = [one["payment_status"] for one in view["instalments"]]
    assert statuses == ["PAID", "NOT_PAID", "NOT_PAID"]
    stack.clock.moment = IN_MAY + timedelta(hours=9)
    await stack.tick()
    assert [one["category"]["rptId"] for one in await inbox(stack)] == [SECOND, RPT_ID]


async def test_an_instalment_whose_time_came_meanwhile_is_sent(stack: Stack) -> None:
    """An instalment that was due during the cancellation is sent after the reopening."""
    await sent(stack)
    await cancel(stack)
    stack.clock.moment = IN_MAY + timedelta(hours=9)
    await stack.tick()
    assert len(await inbox(stack)) == 1

    await reopen(stack)
    await stack.tick()

    assert SECOND in {one["category"]["rptId"] for one in await inbox(stack)}


async def test_a_reopened_notice_can_be_amended(stack: Stack) -> None:
    """A cancelled notice refuses amendments and names the way; after it they are accepted."""
    await cancelled(stack)
    refused = await send(stack)
    await reopen(stack)

    amended = await amend(stack, an_amendment(2, due_date="2027-07-31"))

    assert refusal(refused)[:2] == (409, "Payment notice closed")
    assert "/reopening" in refused.body["detail"]
    assert (amended.status, amended.body["changed"]) == (200, ["due_date"])
    (listed,) = await inbox(stack)
    said = await stored_markdown(stack, listed["id"])
    assert "di nuovo valido" in said
    assert "ha aggiornato" in said


async def test_a_reopening_is_not_counted_as_a_reversal(stack: Stack) -> None:
    """The sender's statistics count no reversal."""
    id_ = await cancelled(stack)
    await reopen(stack)
    await stack.drain()

    update = (await stored_message(stack, id_)).payment_update
    assert update is not None
    assert update.is_reopening
    event = (await stored_payment(stack, RPT_ID)).event
    assert event is not None
    assert event.outcome == "REVERSED"
    reply = await stack.call("read_payment_statistics")
    # a few would be null
    assert {one["reversed"] for one in reply.body["days"]} == {0}


async def test_an_instalment_is_not_reopened_by_itself(stack: Stack) -> None:
    """The number of an instalment gets 409, and an unknown number 404."""
    await send(stack, a_notice(instalments=list(INSTALMENTS)))

    assert refusal(await reopen(stack, SECOND))[:2] == (409, "Conflict")
    assert (await reopen(stack, PAYEE + number(99))).status == 404
