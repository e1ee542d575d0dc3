"""Let a sender see a payment notice it sent, and what became of it."""

import asyncio

from lib.domain.payment import PaymentStatus
from lib.domain.service import Sender
from lib.ports.documents import DocumentStore
from lib.repositories.notice_messages import NoticeMessages
from lib.repositories.notices import Notices
from lib.repositories.payments import Payments
from lib.use_cases.amend_payment_notice import own_notice
from lib.use_cases.carry_notice import NoticeState


class ReadSentNotice:
    """Three point reads: notice, then payment and message."""

    def __init__(self, store: DocumentStore) -> None:
        self._notices = Notices(store)
        self._payments = Payments(store)
        self._messages = NoticeMessages(store)

    async def __call__(self, sender: Sender, rpt_id: str) -> NoticeState:
        """Raise NoticeNotFoundError, NoticeConflictError for a later instalment's number."""
        notice, _ = await own_notice(self._notices, sender, rpt_id)
        payment, message = await asyncio.gather(
            self._payments.get(rpt_id),
            self._messages.get(notice.fiscal_code, notice.message_id),
        )
        status: PaymentStatus = "CANCELLED" if notice.cancelled_at else "NOT_PAID"
        # what nobody carries is forgotten some day, that the notice was cancelled is not
        if payment is not None and payment.event is not None:
            status = payment.status
        return NoticeState(notice, message.document["status"] if message else None, status)
