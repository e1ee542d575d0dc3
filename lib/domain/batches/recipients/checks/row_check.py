"""Check the rows of a file, one by one, and gather the good ones and the problems."""

import re
from array import array
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from pydantic import ValidationError

from lib.domain.batches.recipients.checks.characters import damage, is_plain
from lib.domain.batches.recipients.checks.columns import Layout
from lib.domain.batches.recipients.checks.due_dates import DueDates
from lib.domain.batches.recipients.checks.payments import PaymentCheck
from lib.domain.batches.recipients.checks.seen import Seen
from lib.domain.batches.recipients.checks.sums import Finding
from lib.domain.batches.recipients.problem import (
    MAX_FIELD,
    MAX_ROWS,
    RowCode,
    RowProblem,
    UnreadableError,
    shape_of,
)
from lib.domain.batches.recipients.row import Row, RowPayment
from lib.domain.messages.words.about import ABOUT_RULES, about_of_row, column_of
from lib.domain.shared.check_characters import SAMPLE_CITIZEN, has_right_check_character
from lib.domain.shared.identifiers import (
    FISCAL_CODE_PATTERN,
    REFERENCE_PATTERN,
    FiscalCode,
    FiscalCodeField,
    Reference,
    ReferenceField,
    is_company,
    is_owner,
)
from lib.domain.shared.values import rule_of

_FISCAL_CODE: Final = re.compile(FISCAL_CODE_PATTERN[1:-1])
_REFERENCE: Final = re.compile(REFERENCE_PATTERN[1:-1])
_FISCAL_CODE_RULE: Final = rule_of(FiscalCodeField)
_REFERENCE_RULE: Final = rule_of(ReferenceField)
_BETWEEN: Final = "\x1f"
"""A character that no good cell has."""


class Checked(NamedTuple):
    """The rows and problems of a part of the file. A row with a problem is not among the rows."""

    rows: list[Row]
    problems: list[RowProblem]


class RowCheck:
    """Checks the rows of one file, in their order.

    Cost: about 10 microseconds a row. Memory: what was seen of the rows before, at most 60 bytes
    for each reference and notice number.
    """

    def __init__(self, now: datetime) -> None:
        self._payments = PaymentCheck(DueDates(now))
        self._seen = Seen()
        self._lines = array("I")
        self._rows: list[Row] = []
        self._problems: list[RowProblem] = []
        self.wrong = 0

    @property
    def count(self) -> int:
        """The number of rows so far, good and wrong."""
        return len(self._lines)

    def take(self) -> Checked:
        """Return what was checked since the last call."""
        taken = Checked(self._rows, self._problems)
        self._rows, self._problems = [], []
        return taken

    def refuse(self, line: int, code: RowCode, message: str, column: str = "") -> None:
        """Count a row that has no cells, with its problem. Raise UnreadableError."""
        self._begin(line)
        self.wrong += 1
        self._problems.append(RowProblem(line, self.count, column, code, message))

    def add(
        self, line: int, layout: Layout, cells: list[str], found: Sequence[Finding] = ()
    ) -> None:
        """Check a row. `cells`: the values in the layout's order. Raise UnreadableError.

        `found`: the rules that it broke before its values were texts.
        """
        number = self._begin(line)
        cells.append("")
        found = [*found]
        _check_texts(layout, cells, found)
        fiscal_code = _fiscal_code(cells[layout.fiscal_code], found)
        reference = _reference(cells[layout.reference], found)
        due_date, payment = None, None
        if layout.has_payments:
            due_date, payment = self._payments.read(layout, cells, found)
        if reference is not None:
            self._check_reference(reference, number, found)
        if payment is not None:
            self._check_numbers(payment, number, found)
        elif reference is None and fiscal_code:
            self._check_equal(layout, cells, fiscal_code, found)
        values = {name: cells[place] for name, place in layout.placeholders}
        _check_about(values, found)
        if found:
            self._refuse(line, layout, cells, found)
            return
        row = Row(number, line, FiscalCode(fiscal_code), reference, values, due_date, payment)
        self._rows.append(row)

    def _begin(self, line: int) -> int:
        number = len(self._lines) + 1
        if number > MAX_ROWS:
            rule = f"has more than {MAX_ROWS} rows; send the rest in another batch"
            raise UnreadableError(line, "TOO_MANY_ROWS", rule)
        self._lines.append(line)
        return number

    def _check_reference(self, reference: Reference, number: int, found: list[Finding]) -> None:
        if row := self._seen.earlier(f"r{reference}", number):
            rule = f"is the reference of {self._place(row)} too"
            found.append(Finding("reference", "DUPLICATE_REFERENCE", rule, reference))

    def _check_numbers(self, payment: RowPayment, number: int, found: list[Finding]) -> None:
        numbers = [term.notice_number for term in payment.instalments]
        for index, notice_number in enumerate((payment.notice_number, *numbers)):
            if notice_number is None:
                continue
            row = self._seen.earlier(f"n{payment.payee or ''}:{notice_number}", number)
            # a number that comes twice within the row breaks another rule
            if row and row != number:
                column = f"notice_number_{index}" if index else "notice_number"
                rule = f"is the notice number of {self._place(row)} too"
                found.append(Finding(column, "DUPLICATE_NOTICE_NUMBER", rule, notice_number))

    def _check_equal(
        self, layout: Layout, cells: Sequence[str], fiscal_code: str, found: list[Finding]
    ) -> None:
        """Compare rows that have no key of their own; all others differ in their keys."""
        cells = [*cells]
        cells[layout.fiscal_code] = fiscal_code
        key = _BETWEEN.join((*sorted(layout.names), *layout.in_order(cells)))
        if row := self._seen.earlier(f"e{key}", len(self._lines)):
            found.append(Finding("", "DUPLICATE_ROW", f"is equal to {self._place(row)}"))

    def _place(self, row: int) -> str:
        return f"row {row} (line {self._lines[row - 1]})"

    def _refuse(
        self, line: int, layout: Layout, cells: Sequence[str], found: Sequence[Finding]
    ) -> None:
        self.wrong += 1
        reference = Reference(cells[layout.reference][:100])
        self._problems.extend(
            RowProblem(
                line,
                self.count,
                layout.column(one.column),
                one.code,
                one.message,
                shape_of(one.value),
                reference,
            )
            for one in found
        )


def _check_texts(layout: Layout, cells: Sequence[str], found: list[Finding]) -> None:
    text = "".join(cells)
    is_sound, is_short = is_plain(text) or damage(text) is None, len(text) <= MAX_FIELD
    if is_sound and is_short:
        return
    for name, written, cell in zip(layout.names, layout.written, cells, strict=False):
        if not is_sound and (damaged := damage(cell)):
            found.append(Finding(name or written, *damaged))
        if len(cell) > MAX_FIELD:
            rule = f"has {len(cell)} characters; at most {MAX_FIELD} are allowed"
            found.append(Finding(name or written, "TOO_LONG", rule))


def _fiscal_code(text: str, found: list[Finding]) -> str:
    """Return the code in capitals; "" where it is wrong."""
    code = text if _FISCAL_CODE.fullmatch(text) else text.strip().upper()
    if text.isascii() and is_company(code) and is_owner(code):
        return code
    if not (text.isascii() and _FISCAL_CODE.fullmatch(code)):
        rule = "is missing" if not code else _FISCAL_CODE_RULE
        found.append(Finding("fiscal_code", "FISCAL_CODE", rule, text))
        return ""
    if not has_right_check_character(code) and code != SAMPLE_CITIZEN:
        rule = "the last letter is not the check character of the rest: is there a typo?"
        found.append(Finding("fiscal_code", "CHECK_CHARACTER", rule, text))
    return code


def _check_about(values: Mapping[str, str], found: list[Finding]) -> None:
    try:
        about_of_row(values)
    except ValidationError as error:
        for one in error.errors(include_url=False):
            member = str(one["loc"][0])
            column = column_of(member)
            value = values.get(column, "")
            found.append(Finding(column, "ABOUT", ABOUT_RULES[member], value))


def _reference(text: str, found: list[Finding]) -> Reference | None:
    reference = text.strip()
    if not reference:
        return None
    if _REFERENCE.fullmatch(reference):
        return Reference(reference)
    found.append(Finding("reference", "REFERENCE", _REFERENCE_RULE, text))
    return None
