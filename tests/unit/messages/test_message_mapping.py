"""A message is stored and read again as it was."""

from dataclasses import replace
from typing import Any

import pytest

from lib.domain.messages.acceptance import accepted
from lib.domain.messages.message import Message
from lib.domain.messages.message_parts import PaymentUpdate, StatusChange
from lib.domain.messages.message_reminders import LoggedReminder, MessageReminders
from lib.domain.messages.new_message import NewMessage
from lib.domain.reminders.decision import ReminderOutcome
from lib.domain.reminders.plan import Step
from lib.domain.services.service import Service
from lib.domain.shared.identifiers import MessageId, OrganizationFiscalCode, ServiceId
from lib.domain.shared.values import parse_timestamp
from lib.ports.documents import Document
from lib.repositories.messages.message_mapping import (
    SUMMARY_FIELDS,
    document_of,
    message_of,
    summary_of,
)
from lib.repositories.messages.reminder_plans import logged

AT = "2026-11-20T08:00:00.000Z"
DUE_AT = "2026-12-03T08:00:00.000Z"
SERVICE = Service(
    ServiceId("s1"),
    "Tassa sui rifiuti",
    "Tributi",
    "Comune di Esempio",
    OrganizationFiscalCode("01234567890"),
)
CONTENTS: list[dict[str, Any]] = [
    {},
    {"due_date": "2026-12-11T00:00:00+01:00"},
    {"payment_data": {"amount": 8450, "notice_number": "3" + "0" * 17}},
    {"eu_covid_cert": {"auth_code": "x"}},
    {"third_party_data": {"id": "x", "has_precondition": "ONCE"}},
]


def a_message(content: dict[str, Any], **members: Any) -> Message:
    """Return a message that was just accepted."""
    written = {"subject": "Tassa sui rifiuti", "markdown": "Da pagare. " * 10, **content}
    return accepted(
        NewMessage.model_validate({"content": written, **members}),
        SERVICE,
        user_id="u1",
        recipient="AAAAAA00A00A000A",
        id_=MessageId("01ARZ3NDEKTSV4RRFFQ69G5FAV"),
        created_at=AT,
    )


@pytest.mark.parametrize("content", CONTENTS, ids=lambda one: ",".join(one) or "plain")
def test_a_new_message_is_read_as_it_was_stored(content: dict[str, Any]) -> None:
    """Its summary, read from the fields of the list alone, is the same."""
    message = a_message(content, reminders={"max": 2})
    document = document_of(message)
    listed: Document = {name: document[name] for name in SUMMARY_FIELDS if name in document}

    assert message_of(document) == message
    assert summary_of(listed).title == message.title
    assert summary_of(listed).category == message.category
    assert None not in document.values()


def test_a_notice_s_message_is_read_as_it_was_stored() -> None:
    """Version, language and times of the amendments are the same."""
    message = replace(a_message({}), notice_version=2, language="de_DE", amended_at=(AT,))

    assert message_of(document_of(message)) == message


def test_each_patched_field_of_a_message_is_read() -> None:
    """Each field that a patch writes is a member of the message."""
    document = document_of(a_message(CONTENTS[2])) | {
        "status": "PROCESSED",
        "status_history": [{"status": "ACCEPTED", "at": AT}, {"status": "PROCESSED", "at": DUE_AT}],
        "read_at": DUE_AT,
        "payment_status": "PAID",
        "payment_order": "o1",
        "payment_happened_at": AT,
        "payment_noted_at": DUE_AT,
        "payment_reopened": False,
        "reminder_at": DUE_AT,
        "reminder_step": "20261210-7",
        "reminder_log": [{"step": "unread", "days": None, "at": AT, "outcome": "SENT"}],
        "reminders_done": False,
        "reminders_until": DUE_AT,
    }

    message = message_of(document)

    assert message.status_history[-1] == StatusChange("PROCESSED", DUE_AT)
    assert (message.settled_at, message.read_at) == (DUE_AT, DUE_AT)
    assert message.payment_update == PaymentUpdate("o1", AT, DUE_AT, is_reopening=False)
    assert message.reminders == MessageReminders(
        next=Step("20261210-7", parse_timestamp(DUE_AT), 7),
        log=(LoggedReminder("unread", None, AT, ReminderOutcome.SENT),),
        is_planned=True,
        snoozed_until=DUE_AT,
    )


def test_a_plan_that_is_over_has_no_next_step() -> None:
    """The fields of the next step are stored as null."""
    document = document_of(a_message({})) | {
        "reminder_at": None,
        "reminder_step": None,
        "reminder_log": [],
    }

    assert message_of(document).reminders == MessageReminders(is_planned=True)


def test_a_message_that_an_earlier_version_rejected_has_no_content() -> None:
    """Such a message asks for no payment."""
    document = document_of(a_message(CONTENTS[2]))
    del document["content"]

    message = message_of(document)

    assert message.content is None
    assert message.rpt_id is None


def test_an_outcome_of_a_later_version_is_read_and_kept() -> None:
    """During a roll-back the message is still read, and a new outcome is logged beside it."""
    log = [{"step": "7", "days": 7, "at": AT, "outcome": "OF_A_LATER_VERSION"}]
    document = {**document_of(a_message({})), "reminder_log": log}

    reminders = message_of(document).reminders
    step = Step("3", parse_timestamp(DUE_AT), 3)
    patch = logged(reminders.log, [(step, ReminderOutcome.SENT)], AT)

    assert reminders.last_outcome == "OF_A_LATER_VERSION"
    assert [one["outcome"] for one in patch.value] == ["OF_A_LATER_VERSION", "SENT"]
