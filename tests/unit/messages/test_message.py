"""The rules of a message that need nothing but the message."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from lib.domain.messages.acceptance import accepted
from lib.domain.messages.message import Message
from lib.domain.messages.message_parts import Category
from lib.domain.messages.message_reminders import LoggedReminder, MessageReminders, ReminderWish
from lib.domain.messages.new_message import NewMessage
from lib.domain.reminders.decision import ReminderOutcome
from lib.domain.reminders.plan import Step
from lib.domain.services.service import Service
from lib.domain.shared.identifiers import MessageId, OrganizationFiscalCode, RptId, ServiceId
from lib.domain.shared.values import timestamp

LATER = "2026-12-31T00:00:00.000Z"
ACCEPTED_AT = datetime(2026, 11, 20, 8, tzinfo=UTC)
DUE = "2026-12-10T22:59:59Z"
CITIZEN = "AAAAAA00A00A000A"
PAYEE = "01234567890"
SERVICE = Service(
    ServiceId("s1"),
    "Tassa sui rifiuti",
    "Tributi",
    "Comune di Esempio",
    OrganizationFiscalCode(PAYEE),
)


def a_message(**content: Any) -> Message:
    """Return a message that was just accepted."""
    written = {"subject": "Tassa sui rifiuti", "markdown": "Da pagare. " * 10, **content}
    return accepted(
        NewMessage.model_validate({"content": written}),
        SERVICE,
        user_id="u1",
        recipient=CITIZEN,
        id_=MessageId("01ARZ3NDEKTSV4RRFFQ69G5FAV"),
        created_at=timestamp(ACCEPTED_AT),
    )


@pytest.mark.parametrize(
    ("step", "days", "name"),
    [("20261203-7", 7, "7"), ("unread", None, "unread"), ("snooze-202611301430", None, "snooze")],
)
def test_the_last_reminder_sent_is_named_without_its_moment(
    step: str, days: int | None, name: str
) -> None:
    """The minute of a snooze would identify the citizen."""
    sent = LoggedReminder(step, days, "2026-11-30T14:30:00.000Z", ReminderOutcome.SENT)
    reminders = MessageReminders(log=(sent,))

    assert reminders.last_sent(LATER) == name
    assert reminders.last_sent("2026-11-01T00:00:00.000Z") is None
    assert (
        MessageReminders(log=(sent._replace(outcome=ReminderOutcome.PAID),)).last_sent(LATER)
        is None
    )


def test_a_payment_without_a_payee_is_the_sender_s_own() -> None:
    """Content and category name the payee from then on."""
    message = a_message(payment_data={"amount": 8450, "notice_number": "3" + "0" * 17})

    rpt_id = f"{PAYEE}3{'0' * 17}"
    assert message.rpt_id == rpt_id
    assert message.category == Category("PAYMENT", RptId(rpt_id))
    assert message.content is not None
    assert message.content.fields["payment_data"]["payee"] == {"fiscal_code": PAYEE}
    assert (message.amount, message.payment_status) == (8450, "NOT_PAID")


def test_a_message_shows_no_personal_data() -> None:
    """A log or a traceback has the message's name alone."""
    shown = repr(replace(a_message(), status="PROCESSED"))

    assert shown == "Message(id='01ARZ3NDEKTSV4RRFFQ69G5FAV')"


def test_a_pending_reminder_whose_moment_has_come_is_not_lost() -> None:
    """A new plan keeps it as the next step: it was put off, or is in its queue."""
    message = a_message(due_date=DUE)
    first = message.first_reminder(None, ACCEPTED_AT)
    assert first is not None
    now = first.at + timedelta(hours=1)
    pending = replace(message, reminders=MessageReminders(next=first, is_planned=True))

    assert pending.next_reminder(None, now) == first
    following = message.next_reminder(None, now)
    assert following is not None
    assert following.at > now


def test_a_citizen_who_is_done_has_no_reminder_to_come() -> None:
    """Another choice of the citizen undoes that."""
    done = a_message(due_date=DUE).wished(ReminderWish(is_done=True))

    assert done.next_reminder(None, ACCEPTED_AT) is None
    assert done.wished(ReminderWish()).next_reminder(None, ACCEPTED_AT) is not None


def test_only_the_next_step_is_due_at_its_moment() -> None:
    """A step that was planned for another moment has been given up since."""
    at = datetime(2026, 12, 3, 8, tzinfo=UTC)
    reminders = MessageReminders(next=Step.named("20261210-7", at))

    assert reminders.due_at(timestamp(at)) == Step("20261210-7", at, 7)
    assert reminders.due_at(LATER) is None
    assert MessageReminders().due_at(timestamp(at)) is None


@pytest.mark.parametrize(
    ("changes", "to_message", "to_due_date"),
    [
        ({}, True, True),
        ({"is_read": True}, False, True),
        ({"is_archived": True}, False, False),
        ({"payment_status": "PAID"}, True, False),
        ({"payment_status": "CANCELLED"}, True, False),
    ],
)
def test_reading_settles_a_message_and_paying_its_due_date(
    changes: Any, to_message: bool, to_due_date: bool
) -> None:
    """The archive settles both."""
    message = replace(a_message(), **changes)

    assert message.needs_attention(is_reminder=False) is to_message
    assert message.needs_attention(is_reminder=True) is to_due_date
