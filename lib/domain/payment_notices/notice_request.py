"""A payment notice as a PA sends or amends it, and the rules for its fields.

The type of a field contains the rules of this one field. Rules about several fields, or about the
current date, raise NoticeInvalidError with the field's JSON pointer.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Final, NamedTuple

from pydantic import AfterValidator, Field

from lib.domain.messages.content import ContentModel, DefaultFalse
from lib.domain.messages.words.about import NewAbout
from lib.domain.messages.words.text_rules import SUBJECT_LENGTH, one_line
from lib.domain.payment_notices.errors import NoticeInvalidError
from lib.domain.payments.notice_number import parse_notice_number
from lib.domain.shared.deadline import Deadline, DueMoment, deadline_at
from lib.domain.shared.described import AMOUNT_CENTS, INVALID_AFTER_DUE_DATE, REFERENCE, says
from lib.domain.shared.due_date import LATEST_DUE, DueDate
from lib.domain.shared.identifiers import (
    FiscalCodeField,
    NoticeNumber,
    NoticeNumberField,
    OrganizationFiscalCodeField,
    ReferenceField,
)
from lib.domain.shared.plain_text import shows_nothing
from lib.domain.shared.values import INTEGRAL, NOT_NULL, Cents, TextOf, parse_timestamp

MAX_INSTALMENTS: Final = 24


def with_right_check_digits(number: NoticeNumber) -> NoticeNumber:
    """Return the notice number; raise ValueError where its form or its check digits are wrong."""
    parts = parse_notice_number(number)
    if parts.is_sound is False:
        msg = f"must end in the check digits {parts.right_check_digits}, not {parts.check_digits}"
        raise ValueError(msg)
    return number


SoundNoticeNumber = Annotated[NoticeNumberField, AfterValidator(with_right_check_digits)]


def _with_visible_text(text: str) -> str:
    if shows_nothing(text):
        raise ValueError("must have characters that a reader can see")
    return text


class Instalment(ContentModel):
    """A part of the sum, under a notice number of its own; the amount is in euro cents."""

    notice_number: Annotated[
        SoundNoticeNumber,
        says(
            "The notice number of the instalment. Its last two digits must be the "
            "right check digits."
        ),
    ]
    amount_cents: Annotated[Cents, AMOUNT_CENTS]
    due_date: Annotated[
        DueDate,
        says(
            "When the instalment is due, later than the one before: a day in "
            "Europe/Rome, at whose end it is due, or a date and time with its zone. "
            "At most five years ahead, since a farther date stands for none."
        ),
    ]


class NoticeTerms(ContentModel):
    """The fields that may change: the texts, and the sum (euro cents) with due date or instalments.

    A notice may have both a whole sum and instalments. `description` is plain text: each line
    becomes a paragraph.
    """

    amount_cents: Annotated[
        Cents | None,
        NOT_NULL,
        says("The whole sum, in euro cents. Absent: there are instalments alone."),
    ] = None
    due_date: Annotated[
        DueDate | None,
        NOT_NULL,
        says(
            "When the whole sum is due: a day in Europe/Rome, at whose end it is due, "
            "or a date and time with its zone. Not in the past, and at most five "
            "years ahead, since a farther date stands for none. Absent: there are "
            "instalments alone."
        ),
    ] = None
    instalments: Annotated[
        Annotated[list[Instalment], Field(min_length=2, max_length=MAX_INSTALMENTS)] | None,
        NOT_NULL,
        says(
            "The instalments, each due later than the one before. Together they are "
            "no less than the whole sum. Absent: there are none."
        ),
    ] = None
    subject: Annotated[
        str,
        SUBJECT_LENGTH,
        AfterValidator(one_line),
        AfterValidator(_with_visible_text),
        says("The subject of the message: one line of plain text with something to see in it."),
    ]
    description: Annotated[
        Annotated[str, TextOf(1, 2000)] | None,
        NOT_NULL,
        says(
            "What the payment is for, in plain text; each line becomes a paragraph. "
            "Absent: the message says nothing more."
        ),
    ] = None
    invalid_after_due_date: Annotated[DefaultFalse, INVALID_AFTER_DUE_DATE] = False


class NewPaymentNotice(NoticeTerms):
    """A notice to send. `payee`: by default the sender's own organisation.

    A notice keeps `reference` and `about` of its first submission.
    """

    fiscal_code: Annotated[
        FiscalCodeField, says("The fiscal code of the debtor, to whom the message goes.")
    ]
    notice_number: Annotated[
        SoundNoticeNumber | None,
        NOT_NULL,
        says(
            "The notice number of the whole sum. Its last two digits must be the "
            "right check digits. Absent: there are instalments alone."
        ),
    ] = None
    reference: Annotated[ReferenceField | None, NOT_NULL, REFERENCE] = None
    about: Annotated[
        NewAbout | None,
        NOT_NULL,
        says(
            "Whom or what the payment is about, beside the debtor, such as a vehicle. Absent: it "
            "is not told."
        ),
    ] = None
    payee: Annotated[
        OrganizationFiscalCodeField | None,
        NOT_NULL,
        says(
            "The fiscal code of the organisation that is paid. It must be your own, or on the "
            "list of your service. Absent: your own."
        ),
    ] = None


class NoticeAmendment(NoticeTerms):
    """The new state of the notice. `version`: the version of the notice that the sender read."""

    version: Annotated[
        int,
        Field(strict=True, ge=1),
        INTEGRAL,
        says(
            "The version of the notice as you last read it. With another the answer "
            "is 409, so that no change is lost."
        ),
    ]


class Term(NamedTuple):
    """A sum to pay under a notice number, in euro cents.

    `due_date`: as `values.timestamp` writes it. `due_day`: as in DueMoment.
    """

    notice_number: NoticeNumber
    amount: int
    due_date: str
    due_day: str | None = None

    @property
    def deadline(self) -> Deadline:
        """The due date as the citizen reads it."""
        return deadline_at(parse_timestamp(self.due_date), self.due_day)


def _term(notice_number: NoticeNumber, amount: int, due_date: str) -> Term:
    day = due_date.day if isinstance(due_date, DueMoment) else None
    return Term(notice_number, amount, str(due_date), day)


def terms_of(requested: NoticeTerms, notice_number: NoticeNumber | None) -> tuple[Term, ...]:
    """Return the whole sum, if the notice asks for it, and then the instalments.

    Raise NoticeInvalidError.
    """
    whole = (("notice_number", notice_number), ("amount_cents", requested.amount_cents))
    given = [
        name for name, value in (*whole, ("due_date", requested.due_date)) if value is not None
    ]
    instalments = tuple(
        _term(instalment.notice_number, instalment.amount_cents, instalment.due_date)
        for instalment in requested.instalments or ()
    )
    if not given and instalments:
        return _checked(instalments, 0)
    if notice_number is None or requested.amount_cents is None or requested.due_date is None:
        missing = next(
            name for name in ("notice_number", "amount_cents", "due_date") if name not in given
        )
        rule = "is needed beside the other two of notice_number, amount_cents and due_date"
        raise NoticeInvalidError(f"/{missing}", rule if given else "is needed, or instalments")
    whole_sum = _term(notice_number, requested.amount_cents, requested.due_date)
    return _checked((whole_sum, *instalments), 1)


def _checked(terms: tuple[Term, ...], whole: int) -> tuple[Term, ...]:
    for contradiction in contradictions(terms, whole):
        raise contradiction
    return terms


def contradictions(terms: tuple[Term, ...], whole: int) -> Iterator[NoticeInvalidError]:
    """Yield each rule about several terms that they break. `whole`: 1 if the first is the sum."""
    instalments, numbers = terms[whole:], {term.notice_number for term in terms[:whole]}
    for index, instalment in enumerate(instalments):
        if instalment.notice_number in numbers:
            yield NoticeInvalidError(
                f"/instalments/{index}/notice_number", "is the number of another sum of this notice"
            )
        numbers.add(instalment.notice_number)
        if index and instalment.deadline.end <= instalments[index - 1].deadline.end:
            yield NoticeInvalidError(
                f"/instalments/{index}/due_date",
                "must be later than the due date of the instalment before",
            )
    total = sum(instalment.amount for instalment in instalments)
    if whole and instalments and total < terms[0].amount:
        yield NoticeInvalidError(
            "/instalments", f"sum up to {total} cents, less than amount_cents ({terms[0].amount})"
        )


def pointers(terms: tuple[Term, ...], *, whole: bool) -> Iterator[tuple[str, Term]]:
    """Return each term with its JSON pointer in the request: "" or "/instalments/0"."""
    if whole:
        yield "", terms[0]
    for index, instalment in enumerate(terms[whole:]):
        yield f"/instalments/{index}", instalment


def check_deadline(due: Deadline, now: datetime, pointer: str) -> None:
    """Raise NoticeInvalidError for a due date that is past, or more than five years ahead."""
    if due.is_past(now):
        raise NoticeInvalidError(pointer, "is past; a notice is sent before it is due")
    if due.moment > now + LATEST_DUE:
        raise NoticeInvalidError(
            pointer,
            "is more than five years ahead: a date that stands for none, such as 2099-12-31, "
            "would never be reminded of; send the real one",
        )
