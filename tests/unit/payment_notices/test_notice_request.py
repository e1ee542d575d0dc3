"""The rules of a payment notice's due date and numbers."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from lib.domain.payment_notices.errors import NoticeInvalidError
from lib.domain.payment_notices.notice_request import SoundNoticeNumber, Term, check_deadline
from lib.domain.payments.notice_number import check_digits_of
from lib.domain.payments.payment import Carrier, Payment
from lib.domain.shared.countdown import days_left
from lib.domain.shared.deadline import ROME, deadline_at
from lib.domain.shared.due_date import DueDate
from lib.domain.shared.identifiers import MessageId, NoticeNumber, RptId
from lib.domain.shared.values import parse_timestamp

DUE_DATE: TypeAdapter[str] = TypeAdapter(DueDate)
NUMBER: TypeAdapter[str] = TypeAdapter(SoundNoticeNumber)
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@given(st.dates(min_value=date(1900, 1, 1)))
def test_a_day_ends_at_its_midnight_in_italy(day: date) -> None:
    """The citizen sees that same day, whatever the change of the clocks."""
    moment = parse_timestamp(DUE_DATE.validate_python(str(day)))

    deadline = deadline_at(moment)
    assert (deadline.day, deadline.at) == (day, None)
    assert moment.astimezone(ROME).strftime("%H:%M:%S") == "23:59:59"


@pytest.mark.parametrize(
    "text", ["", "2027-6-30", "20270630", "2027-W26-3", "2027-06-31", "0000-01-01", "2027-06-30 "]
)
def test_what_is_no_day_is_refused(text: str) -> None:
    """The error names the form of a date."""
    with pytest.raises(ValidationError, match="must be a"):
        DUE_DATE.validate_python(text)


@pytest.mark.parametrize(("days", "fine"), [(0, False), (1, True), (1826, True), (1827, False)])
def test_a_due_date_is_plausible(days: int, fine: bool) -> None:
    """In the future, and in the five years to come."""
    due = deadline_at(NOW + timedelta(days=days))
    if fine:
        check_deadline(due, NOW, "/due_date")
        return
    with pytest.raises(NoticeInvalidError) as raised:
        check_deadline(due, NOW, "/due_date")
    assert raised.value.pointer == "/due_date"


TODAY = (
    "2026-11-23",
    "2026-11-23T00:00:00Z",
    "2026-11-23T00:00:00+01:00",
    "2026-11-23T00:00:00+02:00",
    "2026-11-23T23:59:59+01:00",
    "2026-11-23T23:59:59+02:00",
    "2026-11-22T23:00:00Z",
    "2026-11-23T22:59:59Z",
)
"""The day of NOW, in each way that senders write it."""


@pytest.mark.parametrize("text", TODAY)
def test_a_due_date_of_today_is_not_past_in_any_spelling(text: str) -> None:
    """Until Italy's midnight; one definition for what is refused, reminded of and counted down."""
    due = DUE_DATE.validate_python(text)
    term = Term(NoticeNumber(""), 1, str(due), getattr(due, "day", None))
    last = datetime(2026, 11, 23, 22, 59, 59, tzinfo=UTC)

    for now in (NOW, last):
        check_deadline(term.deadline, now, "/due_date")
        assert days_left(term.deadline, now) == 0
    with pytest.raises(NoticeInvalidError, match="past"):
        check_deadline(term.deadline, last + timedelta(seconds=1), "/due_date")
    assert days_left(term.deadline, last + timedelta(seconds=1)) is None


def test_a_time_of_day_without_a_zone_is_refused() -> None:
    """The API is ours, and nobody can tell UTC from Italy's time."""
    with pytest.raises(ValidationError, match="must say its zone"):
        DUE_DATE.validate_python("2027-06-30T10:00:00")
    assert DUE_DATE.validate_python("2027-06-30T12:00:00+02:00") == "2027-06-30T10:00:00.000Z"


@given(st.sampled_from("023"), st.integers(0, 10**15 - 1), st.integers(0, 99))
def test_check_digits_must_be_right_where_there_are_any(aux: str, base: int, digits: int) -> None:
    """The refusal names the right ones."""
    text = f"{aux}{base:015}"
    right = check_digits_of(text)
    assert NUMBER.validate_python(text + right) == text + right
    if f"{digits:02}" != right:
        with pytest.raises(ValidationError, match=f"check digits {right}, not {digits:02}"):
            NUMBER.validate_python(f"{text}{digits:02}")


def test_a_number_of_the_form_without_check_digits_is_taken() -> None:
    """Aux digit 1 has none."""
    assert NUMBER.validate_python("1" + "7" * 17) == "1" + "7" * 17


CHANGES = st.lists(
    st.tuples(st.sampled_from("ABC"), st.integers(0, 3)), unique=True, min_size=1, max_size=6
)


@given(CHANGES, st.randoms(use_true_random=False))
def test_the_newest_notice_version_wins_in_any_order(
    changes: list[tuple[str, int]], random: object
) -> None:
    """Messages of no notice are version 0; of two of a version the newest message's counts."""
    shuffled = list(changes)
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis's own Random

    def after(order: list[tuple[str, int]]) -> Payment:
        payment = Payment(RptId("x"))
        for id_, version in order:
            amount = 100 * version + 1
            payment = payment.carried_by(
                Carrier(MessageId(id_ + str(version)), "x"), amount, None, version
            )
            payment = payment.asking(amount, "", version)
        return payment

    forward, backward = after(changes), after(shuffled)
    newest = max(version for _, version in changes)
    assert forward.notice_version == backward.notice_version == newest
    assert forward.amount == backward.amount == 100 * newest + 1
    assert forward.carriers == backward.carriers
