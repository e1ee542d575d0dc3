"""How the API answers the errors of payment notices."""

from collections.abc import Mapping
from typing import Any, Final

from functions.http.contract.problem_row import Row, field_error
from lib.domain.payment_notices.errors import (
    DuplicateNoticeError,
    NoticeClosedError,
    NoticeConflictError,
    NoticeInvalidError,
    NoticeNotFoundError,
)

_CLOSED: Final[Mapping[str, str]] = {
    "PAID": "The notice is paid already: nothing is sent, and nothing changes.",
    "CANCELLED": (
        "The notice was cancelled: reopen it with POST /api/v1/payment-notices/{rpt_id}/reopening, "
        "or send a new one under a notice number of its own."
    ),
}

PROBLEMS: Final[tuple[Row[Any], ...]] = (
    Row(
        NoticeInvalidError,
        400,
        "Invalid PaymentNotice",
        lambda error: f"{error.pointer}: {error.detail}",
        lambda error: field_error(error.pointer, error.detail),
        samples=(NoticeInvalidError("/due_date", "is past"),),
    ),
    Row(
        NoticeNotFoundError,
        404,
        "Payment notice not found",
        "Your service sent no payment notice of this rpt_id.",
    ),
    Row(
        DuplicateNoticeError,
        409,
        "Duplicate payment notice",
        lambda error: f"{error.detail} Nothing is sent.",
        samples=(DuplicateNoticeError("It is another debtor's."),),
    ),
    Row(
        NoticeClosedError,
        409,
        "Payment notice closed",
        lambda error: _CLOSED[error.status],
        members=lambda error: {"payment_status": error.status},
        samples=(NoticeClosedError("PAID"),),
    ),
    Row(
        NoticeConflictError,
        409,
        "Conflict",
        lambda error: error.detail,
        samples=(NoticeConflictError("Version 1 is not the latest."),),
    ),
)
