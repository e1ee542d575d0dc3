"""How the API answers the errors of payments."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final, get_args

from functions.http.contract.problem_row import Row, field_error
from functions.http.contract.problems import Problem, unavailable
from lib.domain.payments.brake import Brake
from lib.domain.payments.errors import (
    BrakedPaymentError,
    FaultCategory,
    PaymentFaultError,
    PaymentFromFutureError,
    TooManyMessagesForPaymentError,
)
from lib.domain.payments.payment import MAX_OF_CITIZEN, MAX_OF_SERVICE
from lib.domain.shared.identifiers import MessageId

_FAULTS: Final[Mapping[FaultCategory, tuple[int, str]]] = {
    "PAYMENT_UNKNOWN": (404, "Payment not found"),
    "PAYMENT_DATA_ERROR": (404, "Payment not found"),
    "PAYMENT_ONGOING": (409, "Payment not possible"),
    "PAYMENT_EXPIRED": (409, "Payment not possible"),
    "PAYMENT_CANCELED": (409, "Payment not possible"),
    "PAYMENT_DUPLICATED": (409, "Payment not possible"),
    "GENERIC_ERROR": (502, "pagoPA failed"),
    "PAYMENT_UNAVAILABLE": (502, "pagoPA failed"),
    "DOMAIN_UNKNOWN": (503, "Payee not reachable"),
}
_MESSAGES: Final = f"at most {MAX_OF_CITIZEN} for one citizen, {MAX_OF_SERVICE} altogether"


def _braked(error: BrakedPaymentError) -> str:
    reason, message_id = error.brake
    if reason == "ALREADY_PAID":
        named = f" (the message {message_id} asked for it)" if message_id else ""
        return f"the payment is already made{named}"
    return f"{f'the message {message_id}' if message_id else 'another message'} already asks for it"


PROBLEMS: Final[tuple[Row[Any], ...]] = (
    Row(
        PaymentFaultError,
        lambda error: _FAULTS[error.category][0],
        lambda error: _FAULTS[error.category][1],
        None,
        members=lambda error: {
            "faultCodeCategory": error.category,
            "faultCodeDetail": error.detail,
        },
        samples=tuple(PaymentFaultError(category, "") for category in get_args(FaultCategory)),
    ),
    Row(
        PaymentFromFutureError,
        422,
        "Payment event from the future",
        lambda error: (
            f"The event {error.event_id} is more than five minutes ahead of our clock; "
            "no update of the request is recorded."
        ),
        samples=(PaymentFromFutureError("an-event"),),
    ),
    Row(
        TooManyMessagesForPaymentError,
        400,
        "Error while sending payment metadata",
        f"Too many messages of this service ask for the payment: {_MESSAGES}. Amend or cancel a "
        "payment notice instead of sending it again.",
        field_error("/content/payment_data/notice_number", _MESSAGES, "PAYMENT_TAKEN"),
    ),
    Row(
        BrakedPaymentError,
        409,
        "Conflict",
        lambda error: f"Your service refuses a second message for a payment: {_braked(error)}.",
        lambda error: field_error(
            "/content/payment_data/notice_number", _braked(error), "PAYMENT_TAKEN"
        ),
        samples=(
            BrakedPaymentError(Brake("ALREADY_SENT", MessageId("01ARZ3NDEKTSV4RRFFQ69G5FAV"))),
        ),
    ),
)


def payment_unavailable(retry_after: float | None) -> Problem:
    """Return the answer while pagoPA cannot be reached, with the fault code that IO's app knows.

    `retry_after`: the seconds to wait, None if they are not known.
    """
    category: FaultCategory = "DOMAIN_UNKNOWN"
    status, title = _FAULTS[category]
    members = {"faultCodeCategory": category, "faultCodeDetail": "PPT_STAZIONE_INT_PA_TIMEOUT"}
    return replace(unavailable(retry_after), status=status, title=title, members=members)
