"""See where the payment of a message stands, where the message does not say it yet."""

from typing import Final

from lib.ports.documents import Document, DocumentStore
from lib.repositories.messages.message_documents import rpt_id_of
from lib.repositories.payments.payments import Payments

_UNPAID: Final = "NOT_PAID"


class KnownPayment:
    """Correct the payment status of a message by the payment's own document.

    The payment's document is current at once; its messages are updated after it, and it may not
    know all of them.
    Cost: one point read for a message whose payment is not marked as paid, else none.
    """

    def __init__(self, store: DocumentStore) -> None:
        self._payments = Payments(store)

    async def __call__(self, message: Document) -> Document:
        """Return the message with the payment's status as it is now."""
        if message.get("payment_status") != _UNPAID:
            return message
        rpt_id = rpt_id_of(message) if "content" in message else None
        payment = None if rpt_id is None else await self._payments.get(rpt_id)
        if payment is None or payment.status == _UNPAID:
            return message
        return {**message, "payment_status": payment.status}
