"""Give a citizen the payment of a message, paid or not: a notice stays readable."""

from lib.domain.errors import NoPaymentError
from lib.domain.papers import PaymentNotice
from lib.ports.documents import DocumentStore
from lib.repositories.message_documents import deadline_of
from lib.use_cases.read_message import ReadMessage


class ReadPaymentNotice:
    """One point read."""

    def __init__(self, store: DocumentStore) -> None:
        self._read_message = ReadMessage(store)

    async def __call__(self, fiscal_code: str, message_id: str) -> PaymentNotice:
        """Raise MessageNotFoundError, NoPaymentError."""
        message = await self._read_message(fiscal_code, message_id)
        content = message["content"]
        payment = content.get("payment_data")
        if payment is None:
            raise NoPaymentError
        return PaymentNotice(
            organization=message["organization_name"],
            subject=content["subject"],
            payee_fiscal_code=payment["payee"]["fiscal_code"],
            notice_number=payment["notice_number"],
            amount=payment["amount"],
            deadline=deadline_of(message),
            invalid_after_deadline=payment["invalid_after_due_date"],
            status=message.get("payment_status") or "NOT_PAID",
        )
