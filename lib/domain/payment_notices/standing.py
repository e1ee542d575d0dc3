"""The status of a sum: by its own payment, and by the other payments that settle it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from lib.domain.payment_notices.notice import Notice
from lib.domain.payments.payment import Payment, PaymentStatus

StandingStatus = Literal[PaymentStatus, "PAID_OTHERWISE"]
"""PAID_OTHERWISE: an instalment of the whole sum is paid, or the whole sum of an instalment."""
NoticePaymentStatus = Literal[PaymentStatus, "PARTLY_PAID"]
"""PARTLY_PAID: some instalments are paid, and not all."""


@dataclass(frozen=True, slots=True)
class Standing:
    """The status of a sum. `payment` is its own payment, None where nothing is known of it.

    `changes` counts the changes of all payments that decide, and never goes down; `changed_at` is
    the time at which the last one was recorded, as in `values.timestamp`. `is_instalment`: the sum
    is an instalment of a whole sum that can also be paid at once.
    """

    status: StandingStatus
    payment: Payment | None = None
    changes: int = 0
    changed_at: str | None = None
    is_instalment: bool = False


def standing(
    own: Payment | None, others: Sequence[Payment | None] = (), *, is_instalment: bool = False
) -> Standing:
    """Return the status of a sum by its own payment and by the other payments that settle it."""
    known = [one for one in (own, *others) if one is not None]
    status: StandingStatus = own.status if own is not None else "NOT_PAID"
    if status == "NOT_PAID" and any(one is not None and one.status == "PAID" for one in others):
        status = "PAID_OTHERWISE"
    return Standing(
        status,
        own,
        sum(one.changes for one in known),
        max((one.changed_at for one in known if one.changed_at), default=None),
        is_instalment,
    )


def deciding(notice: Notice, index: int) -> tuple[int, ...]:
    """Return the terms that settle this one: the instalments of the whole sum, or the whole sum."""
    if not notice.has_whole or not notice.instalments:
        return ()
    return (0,) if index else tuple(range(1, len(notice.terms)))


def status_of(notice: Notice, payments: Sequence[Payment | None]) -> NoticePaymentStatus:
    """Return the status of a notice by the payments of its terms, in their order."""
    statuses = [one.status if one is not None else "NOT_PAID" for one in payments]
    parts = statuses[notice.has_whole :]
    if notice.has_whole and statuses[0] == "PAID":
        return "PAID"
    if "PAID" in parts:
        return "PARTLY_PAID" if set(parts) != {"PAID"} else "PAID"
    # a payment without a message expires some day; the notice itself stays cancelled
    is_told = payments[0] is not None and payments[0].event is not None
    if not is_told and notice.cancelled_at is not None:
        return "CANCELLED"
    return statuses[0]
