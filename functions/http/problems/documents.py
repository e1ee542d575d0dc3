"""How the API answers the errors of documents."""

from collections.abc import Mapping
from typing import Any, Final

from functions.http.contract.problem_row import Row
from lib.domain.documents.errors import (
    NoDueDateError,
    NoPaymentError,
    NothingToPayError,
    NotPaidError,
    WithdrawnError,
)

_SETTLED: Final[Mapping[str, str]] = {
    "PAID": "The payment is made, so there is no code to pay it.",
    "CANCELLED": "The notice was cancelled, so there is no code to pay it.",
    "PAID_OTHERWISE": (
        "The sum is paid in instalments, or the instalment with the whole sum, so there is no code "
        "to pay it."
    ),
}

PROBLEMS: Final[tuple[Row[Any], ...]] = (
    Row(
        NoPaymentError,
        404,
        "No payment",
        "The message has no payment, so there is no code, notice or receipt of it.",
    ),
    Row(
        NothingToPayError,
        409,
        "Nothing to pay",
        lambda error: _SETTLED[error.status],
        members=lambda error: {"payment_status": error.status},
        samples=(NothingToPayError("PAID"),),
    ),
    Row(
        WithdrawnError,
        404,
        "Message withdrawn",
        "The sender withdrew the message, so there is no code, notice or calendar entry of it.",
    ),
    Row(
        NotPaidError,
        404,
        "Not paid",
        "The payment is not known to be paid, so there is no receipt of it.",
    ),
    Row(
        NoDueDateError,
        404,
        "No due date",
        "The message has no due date, so there is nothing for a calendar.",
    ),
)
