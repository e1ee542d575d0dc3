"""Complete a message with the current status of its payment."""

from dataclasses import replace

from lib.domain.messages.message import Message
from lib.repositories.payments.payments import Payments


class KnownPayment:
    """Correct the payment status of a message by the payment's own document.

    The payment's document is updated first, its messages later. And the payment may not list all of
    its messages.
    Cost: one point read for a message whose payment is not marked as paid, else none.
    """

    def __init__(self, payments: Payments) -> None:
        self._payments = payments

    async def __call__(self, message: Message) -> Message:
        """Return the message with the payment's current status."""
        rpt_id = message.rpt_id
        if message.payment_status != "NOT_PAID" or rpt_id is None:
            return message
        payment = await self._payments.get(rpt_id)
        if payment is None or payment.status == "NOT_PAID":
            return message
        return replace(message, payment_status=payment.status)
