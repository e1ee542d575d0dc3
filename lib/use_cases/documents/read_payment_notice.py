"""Return the payment notice of a message, paid or not, for the citizen to print."""

from dataclasses import replace

from lib.domain.documents.documents import PaymentNotice, of_paper
from lib.domain.documents.errors import NothingToPayError, WithdrawnError
from lib.domain.identity.access import Access
from lib.domain.messages.message import Message
from lib.domain.shared.deadline import in_rome
from lib.domain.shared.identifiers import MessageId, NoticeNumber
from lib.domain.shared.values import parse_timestamp
from lib.use_cases.documents.find_payable_amount import FindPayableAmount, PayableAmount
from lib.use_cases.messages.read_message import ReadMessage
from lib.use_cases.shared.logos import PreparedLogos


class ReadPaymentNotice:
    """Return the facts of a message's payment notice.

    Cost: one point read of the message, and the reads of FindPayableAmount.
    """

    def __init__(
        self, read_message: ReadMessage, find: FindPayableAmount, logos: PreparedLogos
    ) -> None:
        self._read_message = read_message
        self._find = find
        self._logos = logos

    async def __call__(
        self, access: Access, message_id: MessageId, notice_number: NoticeNumber | None = None
    ) -> PaymentNotice:
        """Return the notice of the message's sum, or of the instalment with this number.

        Raise MessageNotFoundError, WithdrawnError, NoPaymentError.
        """
        message = await self._message(access, message_id)
        return _notice(message, await self._find(message, notice_number))

    async def to_pay(
        self, access: Access, message_id: MessageId, notice_number: NoticeNumber | None = None
    ) -> PaymentNotice:
        """Return the notice as `__call__` does; raise NothingToPayError for a settled payment."""
        notice = await self(access, message_id, notice_number)
        if notice.status != "NOT_PAID":
            raise NothingToPayError(notice.status)
        return notice

    async def to_print(
        self,
        access: Access,
        message_id: MessageId,
        notice_number: NoticeNumber | None = None,
        *,
        with_payer: bool = False,
    ) -> PaymentNotice:
        """Return the notice as `__call__` does, with the logo of its payee.

        Without a number, the instalments that the message lists stand beside its own sum.
        `with_payer`: name the citizen as recipient.
        Cost: as for a call; one read for each instalment; the logo.
        """
        message = await self._message(access, message_id)
        if notice_number is None:
            own, *others = await self._find.with_instalments(message)
        else:
            own, others = await self._find(message, notice_number), []
        return replace(
            _notice(message, own),
            instalments=tuple(_notice(message, one) for one in others),
            logo=await self._logos.of(own.payee),
            payer=access.subject if with_payer else None,
        )

    async def _message(self, access: Access, message_id: MessageId) -> Message:
        message = await self._read_message(access, message_id)
        if message.withdrawal is not None:
            raise WithdrawnError
        return message


def _notice(message: Message, payable: PayableAmount) -> PaymentNotice:
    amended = message.amended_at
    return PaymentNotice(
        organization=message.sender.organization_name,
        subject=message.title,
        payee_fiscal_code=payable.payee,
        is_of_payee=payable.payee == message.sender.organization_fiscal_code,
        notice_number=payable.notice_number,
        amount=payable.amount,
        deadline=payable.deadline,
        invalid_after_deadline=payable.is_invalid_later,
        status=payable.standing.status,
        is_instalment=payable.standing.is_instalment,
        place=payable.place,
        languages=of_paper(message.second_language),
        amended_on=in_rome(parse_timestamp(amended[-1])).date() if amended else None,
    )
