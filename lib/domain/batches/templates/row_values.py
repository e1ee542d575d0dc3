"""The values of a row under the names of RESERVED, in the form that templates read."""

from collections.abc import Mapping, Sequence
from functools import lru_cache

from lib.domain.batches.templates.names import canonical, is_in_cents
from lib.domain.payment_notices.notice_request import Term
from lib.domain.shared.deadline import DueMoment, deadline_at
from lib.domain.shared.identifiers import (
    FiscalCode,
    NoticeNumber,
    OrganizationFiscalCode,
    Reference,
)
from lib.domain.shared.values import parse_timestamp


def reserved_values(
    fiscal_code: FiscalCode,
    *,
    reference: Reference | None = None,
    notice_number: NoticeNumber | None = None,
    amount: int | None = None,
    due_date: DueMoment | None = None,
    payee: OrganizationFiscalCode | None = None,
    instalments: Sequence[Term] = (),
) -> dict[str, str]:
    """Return the values of a row that every template may use; absent ones are left out.

    `amount`: in euro cents. `due_date`: as `values.timestamp` writes it, with its day.
    """
    values: dict[str, str | None] = {
        "fiscal_code": str(fiscal_code),
        "reference": reference,
        "notice_number": notice_number,
        "amount_euro": None if amount is None else _in_euros(amount),
        "due_date": None if due_date is None else _due_day(str(due_date), due_date.day),
        "payee_fiscal_code": payee,
        "instalments": str(len(instalments)) if instalments else None,
    }
    for number, term in enumerate(instalments, 1):
        values[f"notice_number_{number}"] = term.notice_number
        values[f"amount_euro_{number}"] = _in_euros(term.amount)
        values[f"due_date_{number}"] = _due_day(term.due_date, term.due_day)
    return {name: value for name, value in values.items() if value is not None}


def sample_values(sent: Mapping[str, str | float]) -> dict[str, str]:
    """Return the values that a sender gives for a preview, by their canonical names.

    A member `amount` is in euro cents, as in a row.
    """
    return {
        canonical(name): _in_euros(value)
        if is_in_cents(name) and isinstance(value, int)
        else str(value)
        for name, value in sent.items()
    }


def _in_euros(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"


@lru_cache(maxsize=1024)
def _due_day(due_date: str, due_day: str | None) -> str:
    # cached, since the rows of a list have few due dates
    return deadline_at(parse_timestamp(due_date), due_day).day.isoformat()
