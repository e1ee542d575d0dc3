"""Tell the messages of a payment what became of it."""

from lib import telemetry
from lib.domain.events import PaymentUpdated
from lib.ports.documents import DocumentStore
from lib.repositories.messages import Messages
from lib.repositories.payments import Payments


class MarkPayment:
    """One read, and one patch for each message; a repetition changes nothing."""

    def __init__(self, store: DocumentStore) -> None:
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
