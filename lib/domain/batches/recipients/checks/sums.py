"""Read one sum of a row: its notice number, amount and due date."""

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from lib.domain.batches.recipients.checks.amounts import AmountError, cents, cents_of_euro
from lib.domain.batches.recipients.checks.columns import SumPlaces
from lib.domain.batches.recipients.checks.due_dates import Due, DueDates
from lib.domain.batches.recipients.problem import RowCode
from lib.domain.payment_notices.notice_request import Term, with_right_check_digits
from lib.domain.payments.notice_number import is_sound_number
from lib.domain.shared.identifiers import NoticeNumber

PARTS: Final = ("notice_number", "amount", "due_date")

_WITHOUT_ZERO: Final = 17
_SHORTENED: Final = re.compile(r"[0-9]([.,][0-9]+)?E\+?[0-9]+", re.IGNORECASE)


class Finding(NamedTuple):
    """A rule that a row breaks. `column`: in Recapito's words. `value`: the wrong one."""

    column: str
    code: RowCode
    message: str
    value: str = ""


class Sum(NamedTuple):
    """A sum as read. `missing`: the parts whose cell is empty. `is_sound`: no other is wrong."""

    number: NoticeNumber | None
    amount: int | None
    due: Due | None
    missing: tuple[str, ...]
    is_sound: bool

    @property
    def term(self) -> Term | None:
        """The sum as a term of a payment notice; None where a part is missing or wrong."""
        if self.number is None or self.amount is None or self.due is None:
            return None
        return Term(self.number, self.amount, str(self.due.moment), self.due.moment.day)


NOTHING: Final = Sum(None, None, None, PARTS, is_sound=True)


def read_sum(
    places: SumPlaces, cells: Sequence[str], due_dates: DueDates, found: list[Finding]
) -> Sum:
    """Return a sum of a row; add each broken rule to `found`."""
    number, in_cents = cells[places.notice_number].strip(), cells[places.amount].strip()
    in_euro, day = cells[places.amount_euro].strip(), cells[places.due_date].strip()
    if not (number or in_cents or in_euro or day):
        return NOTHING
    before = len(found)
    is_complete = number and (in_cents or in_euro) and day
    return Sum(
        _notice_number(places, number, found) if number else None,
        _amount(places, in_cents, in_euro, found),
        _due(places, day, due_dates, found) if day else None,
        () if is_complete else _missing(number, in_cents or in_euro, day),
        is_sound=len(found) == before,
    )


def _missing(*given: str) -> tuple[str, ...]:
    return tuple(part for part, text in zip(PARTS, given, strict=True) if not text)


def _due(places: SumPlaces, text: str, due_dates: DueDates, found: list[Finding]) -> Due | None:
    due = due_dates.read(text)
    if isinstance(due, Due):
        return due
    found.append(Finding(places.name_of("due_date"), "DUE_DATE", due, text))
    return None


def _notice_number(places: SumPlaces, text: str, found: list[Finding]) -> NoticeNumber | None:
    if is_sound_number(text):
        return NoticeNumber(text)
    try:
        return with_right_check_digits(NoticeNumber(text))
    except ValueError as error:
        rule = str(error)
        if _SHORTENED.fullmatch(text):
            rule += "; a spreadsheet shortened it: the column must have the format of a text"
        elif len(text) == _WITHOUT_ZERO and text.isdecimal():
            rule += "; did a spreadsheet drop its first 0?"
        found.append(Finding(places.name_of("notice_number"), "NOTICE_NUMBER", rule, text))
        return None


def _amount(places: SumPlaces, in_cents: str, in_euro: str, found: list[Finding]) -> int | None:
    if in_cents and in_euro:
        rule = "stands beside amount_euro; only one of the two may have a value"
        found.append(Finding(places.name_of("amount"), "AMOUNT", rule, in_cents))
        return None
    try:
        if in_cents:
            return cents(in_cents)
        return cents_of_euro(in_euro) if in_euro else None
    except AmountError as error:
        column = places.name_of("amount" if in_cents else "amount_euro")
        found.append(Finding(column, error.code, str(error), in_cents or in_euro))
        return None
