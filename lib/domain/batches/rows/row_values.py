"""The values of a row of a batch for the template of its message."""

from collections.abc import Mapping
from typing import Any

from lib.domain.batches.recipients.row import Row
from lib.domain.batches.templates.row_values import reserved_values
from lib.domain.shared.deadline import DueMoment


def values_of(row: Row, form: Mapping[str, Any]) -> dict[str, str]:
    """Return the values of a row, with those that every template may use.

    `form`: that of the batch, whose due date counts where the row has none.
    """
    payment, due = row.payment, row.due_date
    if due is None and (common := form["content"].get("due_date")):
        due = DueMoment(common, form["due_day"])
    reserved = reserved_values(
        row.fiscal_code,
        reference=row.reference,
        notice_number=payment.notice_number if payment else None,
        amount=payment.amount if payment else None,
        due_date=due,
        instalments=payment.instalments if payment else (),
    )
    return {**row.values, **reserved}
