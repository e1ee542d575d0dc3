"""Tell the messages of a payment what became of it."""

from lib import telemetry
from lib.domain.events import PaymentUpdated
from lib.ports.documents import DocumentStore
from lib.repositories.messages import Messages
from lib.repositories.payments import Payments
from lib.use_cases.schedule_reminder import ScheduleReminder


class MarkPayment:
    """One read, and one patch for each message; a repetition changes nothing.

    What is to be paid again is reminded of again.
    """

    def __init__(self, store: DocumentStore, schedule_reminder: ScheduleReminder) -> None:
        self._schedule_reminder = schedule_reminder
        self._messages = Messages(store)
        self._payments = Payments(store)

    async def __call__(self, item: PaymentUpdated) -> None:
        """Mark the messages that are still there, inbox or not yet, unless they know better."""
        payment = await self._payments.get(item.rpt_id)
        if payment is None or payment.event is None:
            return
        for one in payment.carriers:
            if await self._messages.mark_payment(
                one.fiscal_code, one.message_id, payment.status, payment.event.order
            ):
                telemetry.concerns(one.fiscal_code)
                telemetry.payment_marked(payment.status, one.message_id)
            if payment.status == "NOT_PAID":
                await self._schedule_reminder(one.fiscal_code, one.message_id)
