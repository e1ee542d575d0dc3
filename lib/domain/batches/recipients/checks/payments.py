"""Check what a row asks to pay: the whole sum, its due date and its instalments."""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from pydantic import ConfigDict, TypeAdapter, ValidationError

from lib.domain.batches.recipients.checks.columns import Layout, SumPlaces
from lib.domain.batches.recipients.checks.due_dates import DueDates
from lib.domain.batches.recipients.checks.sums import PARTS, Finding, Sum, read_sum
from lib.domain.batches.recipients.row import RowPayment
from lib.domain.payment_notices.notice_request import Term, contradictions
from lib.domain.shared.deadline import DueMoment
from lib.domain.shared.identifiers import CheckedOrganizationFiscalCode, OrganizationFiscalCode
from lib.domain.shared.values import Flag, rule_of

_I_WITH_GRAVE: Final = chr(0xEC)

FLAGS: Final = {
    "": False,
    **dict.fromkeys(("0", "false", "falso", "no"), False),
    **dict.fromkeys(("1", "true", "vero", "yes", "si", f"s{_I_WITH_GRAVE}"), True),
}

_OF_INSTALMENT: Final = re.compile(r"/instalments/([0-9]+)/(.+)")
_PAYEE: Final = TypeAdapter[OrganizationFiscalCode](
    CheckedOrganizationFiscalCode, config=ConfigDict(defer_build=True)
)


class PaymentCheck:
    """Reads the payment of each row of a file."""

    def __init__(self, due_dates: DueDates) -> None:
        self._due_dates = due_dates

    def read(
        self, layout: Layout, cells: Sequence[str], found: list[Finding]
    ) -> tuple[DueMoment | None, RowPayment | None]:
        """Return due date and payment of a row; add each broken rule to `found`."""
        whole = read_sum(layout.whole, cells, self._due_dates, found)
        is_final = _flag(cells[layout.invalid_after_due_date], found)
        payee = _payee(cells[layout.payee], found)
        instalments = self._instalments(layout, cells, found) if layout.instalments else ()
        if instalments:
            _check_together(layout.whole, whole, instalments, found)
        else:
            _check_single(layout.whole, whole, found)
        due = whole.due.moment if whole.due else None
        if not instalments and whole.number is None:
            return due, None
        terms = tuple(term for one in instalments if (term := one.term) is not None)
        return due, RowPayment(whole.number, whole.amount, is_final, payee, terms)

    def _instalments(
        self, layout: Layout, cells: Sequence[str], found: list[Finding]
    ) -> tuple[Sum, ...]:
        """Return the instalments up to the last one that has a value."""
        read = [read_sum(places, cells, self._due_dates, found) for places in layout.instalments]
        while read and read[-1].missing == PARTS:
            read.pop()
        for places, instalment in zip(layout.instalments, read, strict=False):
            _check_instalment(places, instalment, found)
        if len(read) == 1:
            rule = "is the only instalment; a single sum stands in the columns without a number"
            found.append(Finding("notice_number_1", "INSTALMENTS", rule))
        return tuple(read)


def _flag(text: str, found: list[Finding]) -> bool:
    flag = FLAGS.get(text.strip().casefold())
    if flag is None:
        found.append(Finding("invalid_after_due_date", "FLAG", f"{rule_of(Flag)}, si or no", text))
    return bool(flag)


def _payee(text: str, found: list[Finding]) -> OrganizationFiscalCode | None:
    if not (code := text.strip()):
        return None
    try:
        return _PAYEE.validate_python(code)
    except ValidationError:
        rule = rule_of(CheckedOrganizationFiscalCode) + ", the last one the check digit"
        found.append(Finding("payee_fiscal_code", "PAYEE", rule, code))
        return None


def _check_single(places: SumPlaces, whole: Sum, found: list[Finding]) -> None:
    """Check the sum of a row without instalments; a due date may stand alone."""
    for part, other in (("notice_number", "amount"), ("amount", "notice_number")):
        if part in whole.missing and other not in whole.missing:
            rule = f"is needed beside {other}"
            found.append(Finding(places.name_of(part), "INCOMPLETE_PAYMENT", rule))


def _check_instalment(places: SumPlaces, read: Sum, found: list[Finding]) -> None:
    if read.missing == PARTS:
        column = places.name_of("notice_number")
        rule = "is missing, and there is a later instalment"
        found.append(Finding(column, "INSTALMENTS", rule))
        return
    rule = "is needed: each instalment has a notice number, an amount and a due date"
    for part in read.missing:
        found.append(Finding(places.name_of(part), "INCOMPLETE_PAYMENT", rule))  # noqa: PERF401


def _check_together(
    places: SumPlaces, whole: Sum, instalments: Sequence[Sum], found: list[Finding]
) -> None:
    """Check the rules about several sums, where each sum is complete and sound."""
    has_whole = whole.missing != PARTS
    if has_whole and whole.missing:
        rule = "is needed beside the other two of notice_number, amount and due_date"
        found.extend(
            Finding(places.name_of(part), "INCOMPLETE_PAYMENT", rule) for part in whole.missing
        )
    sums = (whole, *instalments) if has_whole else instalments
    if any(one.missing or not one.is_sound for one in sums):
        return
    terms = tuple(term for one in sums if (term := one.term) is not None)
    if _is_in_order(instalments, terms, has_whole=has_whole):
        return
    for contradiction in contradictions(terms, int(has_whole)):
        at = _OF_INSTALMENT.fullmatch(contradiction.pointer)
        column = f"{at[2]}_{int(at[1]) + 1}" if at else places.name_of("amount")
        rule = contradiction.detail if at else "is more than the sum of the instalments"
        found.append(Finding(column, "INSTALMENTS", rule))


def _is_in_order(instalments: Sequence[Sum], terms: Sequence[Term], *, has_whole: bool) -> bool:
    """Tell whether there is no contradiction; it costs a tenth of listing them."""
    ends = [one.due.end for one in instalments if one.due is not None]
    return (
        len({term.notice_number for term in terms}) == len(terms)
        and all(before < after for before, after in pairwise(ends))
        and (not has_whole or sum(term.amount for term in terms[1:]) >= terms[0].amount)
    )
