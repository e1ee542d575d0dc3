"""Give a citizen what is known of the payment of a message, once it is paid."""

from lib.domain.deadline import in_rome
from lib.domain.errors import NoPaymentError, NotPaidError
from lib.domain.papers import PaymentReceipt
from lib.domain.values import parse_timestamp
from lib.ports.documents import DocumentStore
from lib.repositories.message_documents import rpt_id_of
from lib.repositories.payments import Payments
from lib.use_cases.read_message import ReadMessage


class ReadPaymentReceipt:
    """Two point reads: the message may not say yet what became of its payment."""

    def __init__(self, store: DocumentStore) -> None:
        self._read_message = ReadMessage(store)
        self._payments = Payments(store)

    async def __call__(self, fiscal_code: str, message_id: str) -> PaymentReceipt:
        """Raise MessageNotFoundError, NoPaymentError, NotPaidError."""
        message = await self._read_message(fiscal_code, message_id)
        rpt_id = rpt_id_of(message)
        if rpt_id is None:
            raise NoPaymentError
        known = await self._payments.get(rpt_id)
        event = known.event if known else None
        if event is None or event.outcome != "PAID":
            raise NotPaidError
        asked = message["content"]["payment_data"]
        return PaymentReceipt(
            organization=message["organization_name"],
            subject=message["content"]["subject"],
            payee_fiscal_code=asked["payee"]["fiscal_code"],
            notice_number=asked["notice_number"],
            amount=asked["amount"] if event.amount is None else event.amount,
            is_amount_told=event.amount is not None,
            paid_at=in_rome(parse_timestamp(event.paid_at or event.occurred_at)),
            event_id=event.id,
            source=event.source,
        )
