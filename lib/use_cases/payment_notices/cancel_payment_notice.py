"""Cancel a payment notice, so that no part of it is to be paid."""

import asyncio
from dataclasses import replace

from lib.domain.payment_notices.errors import NoticeClosedError
from lib.domain.payment_notices.notice import Notice
from lib.domain.payments.payment import PaymentEvent
from lib.domain.services.service import Sender
from lib.domain.shared.identifiers import RptId
from lib.domain.shared.values import just_after, timestamp
from lib.ports.clock import Clock
from lib.repositories.payment_notices.notices import Notices
from lib.repositories.payments.payments import Payments
from lib.repositories.shared.optimistic import until_written
from lib.use_cases.payment_notices.amend_payment_notice import check_notice, own_notice
from lib.use_cases.payment_notices.apply_payment_notice import NoticeState
from lib.use_cases.payment_notices.read_sent_notice import ReadSentNotice
from lib.use_cases.payments.record_payment import RecordPayment


class CancelPaymentNotice:
    """Cancel a payment notice, then record the cancellation in its payments, as pagoPA would.

    The notice stores the time of the cancellation first.
    Concurrency: a repeated call records the same event with the same time, which changes nothing.
    """

    def __init__(
        self,
        notices: Notices,
        payments: Payments,
        clock: Clock,
        record_payment: RecordPayment,
        read: ReadSentNotice,
    ) -> None:
        self._notices = notices
        self._payments = payments
        self._clock = clock
        self._record = record_payment
        self._read = read

    async def __call__(self, sender: Sender, rpt_id: RptId) -> NoticeState:
        """Cancel the terms that are not paid; raise NoticeClosedError if all terms are paid.

        Raise NoticeNotFoundError, the refusals of `check_notice`, and NoticeConflictError for the
        number of a later instalment.
        """
        notice, unpaid = await until_written("a notice", lambda: self._cancel(sender, rpt_id))
        event = PaymentEvent(
            id=f"cancelled-{notice.message_id}",
            outcome="CANCELLED",
            occurred_at=notice.cancelled_at or "",
            source=notice.service_id,
            notice_id=notice.message_id,
        )
        await self._record([(notice.rpt_id_of(index), event) for index in unpaid])
        return await self._read(sender, rpt_id)

    async def _cancel(self, sender: Sender, rpt_id: RptId) -> tuple[Notice, list[int]]:
        """Return the cancelled notice, and the indexes of its terms that are not paid."""
        notice, etag = await own_notice(self._notices, sender, rpt_id)
        check_notice(sender, notice)
        unpaid = await self._unpaid(notice)
        if notice.cancelled_at is not None:
            return notice, unpaid
        if 0 not in unpaid and (notice.has_whole or not unpaid):
            raise NoticeClosedError("PAID")
        at = timestamp(self._clock.now())
        if notice.reopened_at is not None:
            # the cancellation must be the last event, even with a clock that is behind
            at = max(at, just_after(notice.reopened_at))
        cancelled = replace(notice, cancelled_at=at)
        await self._notices.replace(cancelled, etag)
        return cancelled, unpaid

    async def _unpaid(self, notice: Notice) -> list[int]:
        indexes = range(len(notice.terms))
        payments = await asyncio.gather(
            *(self._payments.get(notice.rpt_id_of(index)) for index in indexes)
        )
        return [
            index
            for index, payment in zip(indexes, payments, strict=True)
            if payment is None or payment.status != "PAID"
        ]
