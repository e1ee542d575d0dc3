"""A stored event of a payment is read as this version and as an earlier one wrote it."""

import pytest

from lib.domain.payments.payment import Payment, PaymentEvent
from lib.domain.shared.identifiers import NO_MESSAGE_ID, MessageId, RptId
from tests.builders.altered import without_event_field
from tests.stack import Stack
from tests.stored import stored_payment

RPT_ID = RptId("77777777777301000000000000017")
NOTICE_ID = MessageId("01HZZZZZZZZZZZZZZZZZZZZZZZ")


def _event(id_: str, notice_id: MessageId = NO_MESSAGE_ID) -> PaymentEvent:
    return PaymentEvent(
        id=id_,
        outcome="REVERSED",
        occurred_at="2027-03-01T08:00:00.000Z",
        source="s",
        notice_id=notice_id,
    )


async def _stored(stack: Stack, event: PaymentEvent, *, drop: str = "") -> PaymentEvent | None:
    payments = stack.app.repositories.payments
    await payments.change(RPT_ID, lambda payment: payment.after(event, event.occurred_at))
    await without_event_field(stack, RPT_ID, drop)
    return (await stored_payment(stack, RPT_ID)).event


async def test_a_reopening_is_stored_by_a_field_of_its_own(stack: Stack) -> None:
    """A field marks a reopening, whatever the id of the event."""
    event = await _stored(stack, _event("any", notice_id=NOTICE_ID))

    assert event == _event("any", notice_id=NOTICE_ID)
    assert event.is_reopening


@pytest.mark.parametrize(
    ("id_", "notice_id"),
    [(f"reopened-{NOTICE_ID}-2", NOTICE_ID), (f"cancelled-{NOTICE_ID}", NOTICE_ID), ("paid-1", "")],
)
async def test_an_earlier_version_named_the_notice_in_the_id(
    stack: Stack, id_: str, notice_id: str
) -> None:
    """Where the field is missing, the id names the notice."""
    event = await _stored(stack, _event(id_), drop="notice_id")

    assert event is not None
    assert event.notice_id == notice_id


async def test_an_id_that_looks_like_ours_is_no_reopening(stack: Stack) -> None:
    """An id that a sender chose does not make a reopening."""
    event = await _stored(stack, _event(f"reopened-{NOTICE_ID}-2"))

    assert event is not None
    assert not event.is_reopening


def test_a_displaced_notice_cancels_nothing() -> None:
    """An event of a displaced notice is ignored, and those of others count."""
    payment = Payment(RPT_ID, displaced=(NOTICE_ID,))

    assert payment.after(_event("any", notice_id=NOTICE_ID)) is payment
    assert payment.after(_event("any")).event == _event("any")
