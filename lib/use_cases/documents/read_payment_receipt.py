"""Return the receipt of a message's payment to the citizen, once it is paid."""

from lib.domain.documents.documents import PaymentReceipt, of_paper
from lib.domain.documents.errors import NotPaidError
from lib.domain.identity.access import Access
from lib.domain.shared.deadline import in_rome
from lib.domain.shared.identifiers import MessageId, NoticeNumber
from lib.domain.shared.values import parse_timestamp
from lib.use_cases.documents.find_payable_amount import FindPayableAmount
from lib.use_cases.messages.read_message import ReadMessage
from lib.use_cases.shared.logos import PreparedLogos


class ReadPaymentReceipt:
    """Return the facts of the receipt of a message's payment.

    The payment is read as well, since its message is updated after it.
    Cost: one point read of the message, the reads of FindPayableAmount, and the payee's logo.
    """

    def __init__(
        self, read_message: ReadMessage, find: FindPayableAmount, logos: PreparedLogos
    ) -> None:
        self._read_message = read_message
        self._find = find
        self._logos = logos

    async def __call__(
        self, access: Access, message_id: MessageId, notice_number: NoticeNumber | None = None
    ) -> PaymentReceipt:
        """Return the receipt of the message's sum, or of the instalment with this number.

        Raise MessageNotFoundError, NoPaymentError, NotPaidError.
        """
        message = await self._read_message(access, message_id)
        payable = await self._find(message, notice_number)
        payment = payable.standing.payment
        event = payment.event if payment else None
        if event is None or event.outcome != "PAID":
            raise NotPaidError
        return PaymentReceipt(
            organization=message.sender.organization_name,
            subject=message.title,
            payee_fiscal_code=payable.payee,
            notice_number=payable.notice_number,
            amount=payable.amount if event.amount is None else event.amount,
            is_amount_told=event.amount is not None,
            paid_at=in_rome(parse_timestamp(event.paid_at or event.occurred_at)),
            event_id=event.id,
            source=event.source,
            languages=of_paper(message.second_language),
            logo=await self._logos.of(payable.payee),
        )
