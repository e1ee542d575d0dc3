"""Warnings about an accepted request, in the answer to its sender."""

from collections.abc import Iterable
from typing import Annotated

from lib.domain.messages.checks.warning import SubmissionWarning, WarningCode
from lib.domain.payments.brake import Brake
from lib.domain.shared.described import says
from lib.domain.shared.model import Model


class RequestWarning(Model):
    """A value in an accepted request that its sender probably did not intend."""

    pointer: Annotated[
        str,
        says(
            "Where the odd value is: a JSON pointer into the body, or `#/query/name` "
            "for a query parameter."
        ),
    ]
    code: Annotated[
        WarningCode, says("The kind of the warning, for programs. There may be more kinds later.")
    ]
    detail: Annotated[str, says("Why the value is odd, and what was probably intended.")]


def warnings_view(warnings: Iterable[SubmissionWarning]) -> list[RequestWarning]:
    """Return the warnings of an answer."""
    return [
        RequestWarning(pointer=one.pointer, code=one.code, detail=one.detail) for one in warnings
    ]


def held_warning(brake: Brake) -> SubmissionWarning:
    """Return the warning that a message is held, as the service has chosen."""
    named = f"; the message {brake.message_id} asked for it" if brake.message_id else ""
    is_paid = brake.reason == "ALREADY_PAID"
    reason = "paid" if is_paid else "asked for"
    return SubmissionWarning(
        "/content/payment_data/notice_number",
        "HELD_PAID" if is_paid else "HELD_ASKED",
        f"the message is held: the payment is already {reason}{named}",
    )
