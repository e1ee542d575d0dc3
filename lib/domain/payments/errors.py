"""Errors of payments, and the categories of pagoPA's faults."""

from typing import Literal

from lib.domain.payments.brake import Brake
from lib.domain.shared.errors import (
    InvalidRequestError,
    LimitExceededError,
    StateConflictError,
    UpstreamRefusalError,
)

FaultCategory = Literal[
    "PAYMENT_UNKNOWN",
    "PAYMENT_DATA_ERROR",
    "PAYMENT_ONGOING",
    "PAYMENT_EXPIRED",
    "PAYMENT_CANCELED",
    "PAYMENT_DUPLICATED",
    "GENERIC_ERROR",
    "PAYMENT_UNAVAILABLE",
    "DOMAIN_UNKNOWN",
]
"""The reason why pagoPA does not accept a payment, by pagoPA's names.

PAYMENT_DUPLICATED: the payment is already made.
"""


class BrakedPaymentError(StateConflictError):
    """The service refuses one more message for a payment that is paid or asked for already."""

    def __init__(self, brake: Brake) -> None:
        super().__init__(brake.reason)
        self.brake = brake


class PaymentFaultError(UpstreamRefusalError):
    """pagoPA does not accept the payment now. `detail`: pagoPA's fault code, for IO's app."""

    def __init__(self, category: FaultCategory, detail: str) -> None:
        super().__init__(category)
        self.category = category
        self.detail = detail


class PaymentFromFutureError(InvalidRequestError):
    """The time of the payment event `event_id` is ahead of the clock."""

    def __init__(self, event_id: str) -> None:
        super().__init__("payment event from the future")
        self.event_id = event_id


class TooManyMessagesForPaymentError(LimitExceededError):
    """The service has sent as many messages for this payment as the limit allows."""
