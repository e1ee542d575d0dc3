"""The status of a payment does not depend on the order of its updates."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.domain.payments.payment import (
    MAX_OF_CITIZEN,
    MAX_OF_SERVICE,
    Carrier,
    Payment,
    PaymentEvent,
    PaymentOutcome,
)
from lib.domain.shared.identifiers import FiscalCode, MessageId, RptId, ServiceId

RPT_ID = RptId("01234567890301000000000000017")
EARLY, LATE = "2026-11-23T09:00:00.000Z", "2026-11-23T09:00:00.001Z"
OUTCOMES: st.SearchStrategy[PaymentOutcome] = st.sampled_from(("PAID", "CANCELLED", "REVERSED"))


def an_event(id_: str, outcome: PaymentOutcome, at: str = EARLY) -> PaymentEvent:
    """Return an event of the payment."""
    return PaymentEvent(id_, outcome, at, "a-service")


def carrier(number: int) -> Carrier:
    """Return a message whose place in time the number says."""
    return Carrier(MessageId(f"{number:026}"), FiscalCode("AAAAAA00A00A000A"))


def test_events_are_ordered_by_time_then_outcome_then_id() -> None:
    """Each is later than the one before."""
    events = (
        an_event("z", "REVERSED"),
        an_event("z", "CANCELLED"),
        an_event("a", "PAID"),
        an_event("b", "PAID"),
        an_event("a", "REVERSED", LATE),
    )

    assert all(before.order < after.order for before, after in pairwise(events))


@pytest.mark.parametrize(
    ("outcomes", "status"),
    [
        ((), "NOT_PAID"),
        (("PAID",), "PAID"),
        (("CANCELLED",), "CANCELLED"),
        (("PAID", "REVERSED"), "NOT_PAID"),
        (("PAID", "CANCELLED"), "CANCELLED"),
        (("CANCELLED", "PAID"), "PAID"),
    ],
)
def test_the_last_event_says_where_a_payment_stands(
    outcomes: tuple[PaymentOutcome, ...], status: str
) -> None:
    """PAID holds until something that is later takes it back."""
    payment = Payment(RPT_ID)
    for outcome, at in zip(outcomes, (EARLY, LATE), strict=False):
        payment = payment.after(an_event("e", outcome, at))

    assert payment.status == status


@given(data=st.data())
def test_any_order_and_any_repetition_give_the_same(data: st.DataObject) -> None:
    """Messages and events, shuffled and doubled."""
    drawn = data.draw(st.lists(st.tuples(OUTCOMES, st.sampled_from((EARLY, LATE))), max_size=5))
    changes: list[PaymentEvent | Carrier] = [
        *(an_event(f"e{number}", *one) for number, one in enumerate(drawn)),
        *(carrier(number) for number in range(data.draw(st.integers(0, 5)))),
    ]

    def applied(order: list[PaymentEvent | Carrier]) -> Payment:
        payment = Payment(RPT_ID)
        for one in order:
            if isinstance(one, PaymentEvent):
                payment = payment.after(one)
            else:
                payment = payment.carried_by(one, int(one.message_id), one.message_id)
        return payment

    shuffled = data.draw(st.permutations(changes * 2))

    assert applied(changes) == applied(shuffled)


def test_amount_and_due_date_are_the_newest_message_s() -> None:
    """In whatever order they come."""
    numbers = range(MAX_OF_CITIZEN)
    upwards = downwards = Payment(RPT_ID)
    for number in numbers:
        upwards = upwards.carried_by(carrier(number), number, None)
    for number in reversed(numbers):
        downwards = downwards.carried_by(carrier(number), number, None)

    assert upwards == downwards
    assert upwards.amount == numbers[-1]
    assert "AAAAAA" not in repr(upwards)


def test_no_message_is_dropped_for_another() -> None:
    """A service that sends too many loses its own surplus; others' and the notice's stay."""
    notice = Carrier(
        MessageId(f"{1:026}"), FiscalCode("AAAAAA00A00A000A"), ServiceId("a"), is_notice=True
    )
    other = Carrier(MessageId(f"{2:026}"), FiscalCode("AAAAAA00A00A000A"), ServiceId("b"))
    payment = Payment(RPT_ID).carried_by(notice, 1, None).carried_by(other, 1, None)
    for number in range(3, 3 + MAX_OF_SERVICE * 2):
        citizen = FiscalCode(f"AAAAAA00A00A{number % 9}00A")
        payment = payment.carried_by(
            Carrier(MessageId(f"{number:026}"), citizen, ServiceId("c")), 1, None
        )

    late = Carrier(
        MessageId(f"{0:026}"), FiscalCode("AAAAAA00A00A000A"), ServiceId("c"), is_notice=True
    )
    assert payment.names(notice.message_id)
    assert payment.names(other.message_id)
    assert len(payment.carriers) == 2 + MAX_OF_SERVICE
    assert payment.carried_by(late, 1, None).names(late.message_id)
    assert payment.has_room(ServiceId("d"), "AAAAAA00A00A000A")


def test_a_service_asks_one_citizen_so_often_at_most() -> None:
    """Another citizen, or another service, has room still."""
    payment = Payment(RPT_ID)
    for number in range(MAX_OF_CITIZEN + 5):
        payment = payment.carried_by(carrier(number), 1, None)

    assert len(payment.carriers) == MAX_OF_CITIZEN
    assert not payment.has_room(ServiceId(""), "AAAAAA00A00A000A")
    assert payment.has_room(ServiceId(""), "RSSMRA80A01H501U")
    assert payment.has_room(ServiceId("a"), "AAAAAA00A00A000A")
