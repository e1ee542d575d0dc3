"""The payment notice of a row with instalments."""

from dataclasses import replace
from typing import Any, get_args

import pytest

from lib.domain.batches.batch import Batch
from lib.domain.batches.recipients.row import Row, RowPayment
from lib.domain.batches.rows.row_message import MAX_TEXT_OF_NOTICE, row_notice
from lib.domain.messages.withdrawals.message_owner import MessageOwner
from lib.domain.messages.words.text_rules import MARKDOWN_LENGTH
from lib.domain.payment_notices.notice import Amendment, Notice
from lib.domain.payment_notices.notice_request import MAX_INSTALMENTS, Term
from lib.domain.profiles.choices import Language
from lib.domain.shared.deadline import DueMoment
from lib.domain.shared.identifiers import (
    BatchId,
    FiscalCode,
    MessageId,
    NoticeNumber,
    OrganizationFiscalCode,
    Reference,
    ServiceId,
)
from lib.rendering.texts.notice import render_notice
from tests.functions.batches.batch_calls import a_number
from tests.unit.batches.support import ROSSI

PAYEE = OrganizationFiscalCode("01234567890")
DUE = "2027-09-30T21:59:59.000Z"
ID = MessageId("01M83T4CM02RX96K0PGKNMZRV6")
AT = "2026-11-23T12:00:00.000Z"
MOST_CENTS = 9_999_999_999


def a_batch(**content: Any) -> Batch:
    """Return a batch of a service."""
    return Batch(
        id=BatchId("01M83T4CM02RX96K0PGKNMZRV5"),
        owner=MessageOwner(ServiceId("service")),
        sender_user_id="user",
        subscription_id="subscription",
        name="TARI",
        created_at=AT,
        changed_at=AT,
        form={"message": {"time_to_live": 7200}, "content": content, "due_day": None},
    )


def a_row(instalments: int, *, whole: bool = True) -> Row:
    """Return a row with so many instalments."""
    terms = tuple(
        Term(NoticeNumber(a_number(number)), MOST_CENTS, DUE, "2027-09-30")
        for number in range(1, instalments + 1)
    )
    number, amount = (NoticeNumber(a_number(99)), MOST_CENTS) if whole else (None, None)
    due = DueMoment(DUE, "2027-09-30") if whole else None
    payment = RowPayment(number, amount, invalid_after_due_date=True, instalments=terms)
    return Row(1, 2, FiscalCode(ROSSI), Reference("R-1"), {}, due, payment)


def notice_of(row: Row, batch: Batch | None = None, markdown: str = "x") -> Notice:
    """Return the notice of a row."""
    return row_notice(
        batch or a_batch(), row, ID, AT, payee=PAYEE, subject="Tassa 2027", markdown=markdown
    )


@pytest.mark.parametrize("whole", [True, False])
def test_a_notice_has_the_sums_of_its_row(*, whole: bool) -> None:
    """The whole sum first, where the row has it."""
    row = a_row(2, whole=whole)
    notice = notice_of(row)
    assert row.is_notice
    assert (notice.has_whole, len(notice.terms)) == (whole, 2 + whole)
    assert row.payment is not None
    assert notice.instalments == row.payment.instalments
    assert notice.message_ids == (ID, *[None] * (len(notice.terms) - 1))
    assert (notice.payee, notice.reference, notice.description) == (PAYEE, "R-1", None)


@pytest.mark.parametrize("content", [{}, {"require_secure_channels": True}])
def test_a_notice_has_the_settings_of_its_batch(content: dict[str, bool]) -> None:
    """A setting that the batch does not have is that of the service."""
    notice = notice_of(a_row(2), a_batch(due_date=DUE, **content), "x" * 80)
    assert notice.settings == {"time_to_live": 7200, **content}
    new = render_notice(notice, 1, "Comune")
    assert new.time_to_live == 7200
    assert new.content.require_secure_channels == content.get("require_secure_channels")


def test_a_row_without_instalments_is_no_notice() -> None:
    """It is a message with a payment."""
    row = a_row(0)
    assert not row.is_notice
    with pytest.raises(ValueError, match="no instalments"):
        notice_of(row)


@pytest.mark.parametrize("language", get_args(Language))
def test_the_longest_text_leaves_room_for_all_instalments(language: Language) -> None:
    """In each language, for a notice that was amended and reopened."""
    notice = replace(
        notice_of(a_row(MAX_INSTALMENTS), markdown="x" * MAX_TEXT_OF_NOTICE),
        language=language,
        version=3,
        amendments=(Amendment(3, AT, ("due_date",)),),
        reopened_at=AT,
        version_reopened=2,
    )
    text = render_notice(notice, 0, "(Comune) " * 40).content.markdown
    assert text.startswith("x" * MAX_TEXT_OF_NOTICE)
    assert f"{MAX_INSTALMENTS}. " in text
    MARKDOWN_LENGTH.check(text)
