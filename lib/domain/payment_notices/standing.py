"""The status of a sum, by its own payment and by the other payments that settle it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from lib.domain.payment_notices.notice import Notice
from lib.domain.payments.payment import Payment, PaymentStatus

StandingStatus = Literal[PaymentStatus, "PAID_OTHERWISE"]
"""PAID_OTHERWISE: of a whole sum an instalment is paid; of an instalment the whole sum is paid."""
NoticePaymentStatus = Literal[PaymentStatus, "PARTLY_PAID"]
"""PARTLY_PAID: some instalments are paid, but not all."""


@dataclass(frozen=True, slots=True)
class Standing:
    """The status of a sum.

    `payment`: the sum's own payment, None where no event or message of the payment is stored.
    `changes`: the number of changes of all payments that decide; it never goes down. `changed_at`:
    the time of the last recorded change, as in `values.timestamp`. `is_instalment`: the sum is an
    instalment of a whole sum that can also be paid at once.
    """

    status: StandingStatus
    payment: Payment | None = None
    changes: int = 0
    changed_at: str | None = None
    is_instalment: bool = False


def standing(
    own: Payment | None, others: Sequence[Payment | None] = (), *, is_instalment: bool = False
) -> Standing:
    """Return the status of a sum, by its own payment and by the other payments that settle it."""
    payments = [payment for payment in (own, *others) if payment is not None]
    status: StandingStatus = own.status if own is not None else "NOT_PAID"
    if status == "NOT_PAID" and any(
        payment is not None and payment.status == "PAID" for payment in others
    ):
        status = "PAID_OTHERWISE"
    return Standing(
        status,
        own,
        sum(payment.changes for payment in payments),
        max((payment.changed_at for payment in payments if payment.changed_at), default=None),
        is_instalment,
    )


def deciding(notice: Notice, index: int) -> tuple[int, ...]:
    """Return the indexes of the other terms that settle this term.

    Instalments settle the whole sum, and the whole sum settles each instalment.
    """
    if not notice.has_whole or not notice.instalments:
        return ()
    return (0,) if index else tuple(range(1, len(notice.terms)))


def status_of(notice: Notice, payments: Sequence[Payment | None]) -> NoticePaymentStatus:
    """Return the status of a notice by the payments of its terms, in their order."""
    statuses = [payment.status if payment is not None else "NOT_PAID" for payment in payments]
    parts = statuses[notice.has_whole :]
    if notice.has_whole and statuses[0] == "PAID":
        return "PAID"
    if "PAID" in parts:
        return "PARTLY_PAID" if set(parts) != {"PAID"} else "PAID"
    # a payment without a message expires some day; the notice itself stays cancelled
    has_event = payments[0] is not None and payments[0].event is not None
    if not has_event and notice.cancelled_at is not None:
        return "CANCELLED"
    return statuses[0]
