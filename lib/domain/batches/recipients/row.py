"""A checked row of the recipients, and its form in stored chunks."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from lib.domain.payment_notices.notice_request import Term
from lib.domain.shared.deadline import DueMoment
from lib.domain.shared.identifiers import (
    FiscalCode,
    NoticeNumber,
    OrganizationFiscalCode,
    Reference,
)


@dataclass(frozen=True, slots=True)
class RowPayment:
    """The sum that a row asks for, in euro cents; its due date is the row's.

    A payment with instalments is that of a payment notice, whose rules the row keeps.

    `notice_number` and `amount`: None where there are instalments alone. `payee`: None where it is
    the sender's own organisation.
    """

    notice_number: NoticeNumber | None
    amount: int | None
    invalid_after_due_date: bool = False
    payee: OrganizationFiscalCode | None = None
    instalments: tuple[Term, ...] = ()


@dataclass(frozen=True, slots=True, repr=False)
class Row:
    """A good row. `number`: its place among the rows, from 1. `line`: its first line in the file.

    `values`: the texts for the placeholders, by the names of `columns.plain_name`.
    """

    number: int
    line: int
    fiscal_code: FiscalCode
    reference: Reference | None
    values: Mapping[str, str]
    due_date: DueMoment | None = None
    payment: RowPayment | None = None

    @property
    def is_notice(self) -> bool:
        """Whether the row becomes a payment notice, since it has instalments."""
        return self.payment is not None and bool(self.payment.instalments)

    def __repr__(self) -> str:
        """Return the place of the row only: the rest is personal data."""
        return f"Row(number={self.number}, line={self.line})"


def dump(row: Row) -> bytes:
    """Return the row as a line of JSON, without the line end; absent members are left out."""
    line: dict[str, Any] = {
        "number": row.number,
        "line": row.line,
        "fiscal_code": str(row.fiscal_code),
    }
    if row.reference is not None:
        line["reference"] = row.reference
    if row.values:
        line["values"] = row.values
    if row.due_date is not None:
        line["due_date"] = str(row.due_date)
        if row.due_date.day is not None:
            line["due_day"] = row.due_date.day
    if row.payment is not None:
        line["payment"] = _dumped(row.payment)
    return orjson.dumps(line)


def _dumped(payment: RowPayment) -> dict[str, Any]:
    members = {
        "notice_number": payment.notice_number,
        "amount": payment.amount,
        "invalid_after_due_date": payment.invalid_after_due_date or None,
        "payee": payment.payee,
        "instalments": [term._asdict() for term in payment.instalments] or None,
    }
    return {name: value for name, value in members.items() if value is not None}


def load(line: bytes | str) -> Row:
    """Return the row that `dump` wrote."""
    members = orjson.loads(line)
    due_date, payment = members.get("due_date"), members.get("payment")
    return Row(
        number=members["number"],
        line=members["line"],
        fiscal_code=FiscalCode(members["fiscal_code"]),
        reference=members.get("reference"),
        values=members.get("values", {}),
        due_date=None if due_date is None else DueMoment(due_date, members.get("due_day")),
        payment=None if payment is None else _loaded(payment),
    )


def _loaded(members: dict[str, Any]) -> RowPayment:
    return RowPayment(
        notice_number=members.get("notice_number"),
        amount=members.get("amount"),
        invalid_after_due_date=members.get("invalid_after_due_date", False),
        payee=members.get("payee"),
        instalments=tuple(Term(**term) for term in members.get("instalments", ())),
    )
