"""Return the payment notice of a message, paid or not, for the citizen to print."""

from lib.domain.documents.documents import PaymentNotice, of_paper
from lib.domain.documents.errors import NothingToPayError, WithdrawnError
from lib.domain.identity.access import Access
from lib.domain.shared.deadline import in_rome
from lib.domain.shared.identifiers import MessageId, NoticeNumber
from lib.domain.shared.values import parse_timestamp
from lib.use_cases.documents.find_payable_amount import FindPayableAmount
from lib.use_cases.messages.read_message import ReadMessage


class ReadPaymentNotice:
    """Return the facts of a message's printed payment notice.

    Cost: one point read of the message, and the reads of FindPayableAmount.
    """

    def __init__(self, read_message: ReadMessage, find: FindPayableAmount) -> None:
        self._read_message = read_message
        self._find = find

    async def __call__(
        self, access: Access, message_id: MessageId, notice_number: NoticeNumber | None = None
    ) -> PaymentNotice:
        """Return the notice of the message's sum, or of the instalment with this number.

        Raise MessageNotFoundError, WithdrawnError, NoPaymentError.
        """
        message = await self._read_message(access, message_id)
        if message.withdrawal is not None:
            raise WithdrawnError
        payable = await self._find(message, notice_number)
        amended = message.amended_at
        return PaymentNotice(
            organization=message.sender.organization_name,
            subject=message.title,
            payee_fiscal_code=payable.payee,
            notice_number=payable.notice_number,
            amount=payable.amount,
            deadline=payable.deadline,
            invalid_after_deadline=payable.is_invalid_later,
            status=payable.standing.status,
            is_instalment=payable.standing.is_instalment,
            languages=of_paper(message.second_language),
            amended_on=in_rome(parse_timestamp(amended[-1])).date() if amended else None,
        )

    async def to_pay(
        self, access: Access, message_id: MessageId, notice_number: NoticeNumber | None = None
    ) -> PaymentNotice:
        """Return the notice as `__call__` does; raise NothingToPayError for a settled payment."""
        notice = await self(access, message_id, notice_number)
        if notice.status != "NOT_PAID":
            raise NothingToPayError(notice.status)
        return notice
