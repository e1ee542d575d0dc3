"""Make a cancelled payment notice valid again, under its printed notice number."""

from collections.abc import Sequence

from lib.domain.payment_notices.notice import Notice
from lib.domain.payments.payment import Payment, PaymentEvent
from lib.domain.services.service import Sender
from lib.domain.shared.identifiers import RptId
from lib.domain.shared.values import just_after, timestamp
from lib.ports.clock import Clock
from lib.repositories.payment_notices.notices import Notices
from lib.repositories.shared.optimistic import until_written
from lib.use_cases.payment_notices.amend_payment_notice import (
    check_amounts,
    check_notice,
    own_notice,
)
from lib.use_cases.payment_notices.apply_payment_notice import ApplyPaymentNotice, NoticeState
from lib.use_cases.payment_notices.read_sent_notice import ReadSentNotice
from lib.use_cases.payments.record_payment import RecordPayment
from lib.use_cases.payments.standings import Standings


class ReopenPaymentNotice:
    """Reopen a payment notice as a new version, then its payments, messages and plans.

    Cost: two reads of the notice and of each payment, then the cost of RecordPayment and of
    ApplyPaymentNotice.
    Concurrency: a repeated call completes an earlier call, and makes no other version.
    """

    def __init__(
        self,
        notices: Notices,
        standings: Standings,
        clock: Clock,
        record_payment: RecordPayment,
        carry: ApplyPaymentNotice,
        read: ReadSentNotice,
    ) -> None:
        self._notices = notices
        self._standings = standings
        self._clock = clock
        self._record = record_payment
        self._carry = carry
        self._read = read

    async def __call__(self, sender: Sender, rpt_id: RptId) -> NoticeState:
        """Reopen the cancelled terms; a notice that is open or paid stays unchanged.

        Raise NoticeNotFoundError, the refusals of `check_notice` and `check_amounts`, and
        NoticeConflictError for the number of a later instalment.
        """
        notice, payments = await until_written("a notice", lambda: self._reopen(sender, rpt_id))
        if notice.reopened_at is not None and notice.cancelled_at is None:
            # the payments come first: an instalment that is planned before them would be skipped
            await self._record(_events(notice, payments))
            begins = payments[0] is None or payments[0].status != "PAID"
            await self._carry(notice, sender, begins=begins)
        return await self._read(sender, rpt_id)

    async def _reopen(
        self, sender: Sender, rpt_id: RptId
    ) -> tuple[Notice, Sequence[Payment | None]]:
        """Return the reopened notice, and the payments of its terms as they were before."""
        notice, etag = await own_notice(self._notices, sender, rpt_id)
        check_notice(sender, notice)
        check_amounts(sender.service, notice.terms, whole=notice.has_whole)
        payments = await self._standings.payments(notice)
        last = max(_cancelled_at(notice, payment) for payment in payments)
        if last <= (notice.reopened_at or ""):
            return notice, payments
        at = max(timestamp(self._clock.now()), just_after(last))
        reopened = notice.reopened(at, undoes=last)
        await self._notices.replace(reopened, etag)
        return reopened, payments


def _cancelled_at(notice: Notice, payment: Payment | None) -> str:
    """Return the time at which the sender or pagoPA's side cancelled a term; "" if neither did."""
    event = payment.event if payment is not None and payment.status == "CANCELLED" else None
    return max(notice.cancelled_at or "", event.occurred_at if event else "")


def _events(notice: Notice, payments: Sequence[Payment | None]) -> list[tuple[RptId, PaymentEvent]]:
    """Return the events that undo the cancellation of each term, and no later event.

    The time of each event is right after the cancellation. So a payment that was made since then
    and is reported later still counts.
    """
    events = []
    for index, payment in enumerate(payments):
        if payment is not None and payment.status == "PAID":
            continue
        event = payment.event if payment else None
        id_ = f"reopened-{notice.message_id}-{notice.version_reopened}"
        if event is None or event.id != id_:
            at = just_after(max(notice.undone_at or "", _cancelled_at(notice, payment)))
            event = PaymentEvent(
                id=id_,
                outcome="REVERSED",
                occurred_at=at,
                source=notice.service_id,
                notice_id=notice.message_id,
            )
        events.append((notice.rpt_id_of(index), event))
    return events
