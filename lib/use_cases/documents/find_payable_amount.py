"""Find the sum of a document: the message's own sum, or an instalment that the message lists."""

from dataclasses import dataclass

from lib.domain.documents.errors import NoPaymentError
from lib.domain.messages.message import Message
from lib.domain.payment_notices.standing import Standing
from lib.domain.shared.deadline import Deadline
from lib.domain.shared.identifiers import NoticeNumber, OrganizationFiscalCode
from lib.repositories.payments.payments import Payments
from lib.use_cases.payments.standings import FoundTerm, Standings


@dataclass(frozen=True, slots=True)
class PayableAmount:
    """A sum to pay and its status; the amount is in euro cents."""

    payee: OrganizationFiscalCode
    notice_number: NoticeNumber
    amount: int
    deadline: Deadline | None
    is_invalid_later: bool
    standing: Standing


class FindPayableAmount:
    """Find the sum of a notice number among those of a message.

    Cost: the reads of Standings.
    """

    def __init__(self, standings: Standings, payments: Payments) -> None:
        self._standings = standings
        self._payments = payments

    async def __call__(
        self, message: Message, notice_number: NoticeNumber | None = None
    ) -> PayableAmount:
        """Return the sum; raise NoPaymentError where the message does not name this number."""
        request = message.payment
        if request is None:
            raise NoPaymentError
        if notice_number is not None and notice_number != request.notice_number:
            return await self._instalment(message, notice_number)
        standing = await self._standings.of_message(message)
        return PayableAmount(
            payee=request.payee_fiscal_code,
            notice_number=request.notice_number,
            amount=request.amount,
            deadline=message.deadline,
            is_invalid_later=request.is_invalid_after_due_date,
            standing=standing or Standing("NOT_PAID"),
        )

    async def _instalment(self, message: Message, notice_number: NoticeNumber) -> PayableAmount:
        rpt_id = message.rpt_id
        own = None
        if rpt_id is not None and message.is_notice:
            own = await self._standings.find(rpt_id)
        # only the first message lists the instalments; another notice may have replaced this notice
        if own is None or own.notice.message_id != message.id:
            raise NoPaymentError
        notice = own.notice
        numbers = [term.notice_number for term in notice.terms]
        if notice_number not in numbers:
            raise NoPaymentError
        found = FoundTerm(notice, numbers.index(notice_number))
        term = notice.terms[found.index]
        payment = await self._payments.get(notice.rpt_id_of(found.index))
        return PayableAmount(
            payee=notice.payee,
            notice_number=term.notice_number,
            amount=term.amount,
            deadline=term.deadline,
            is_invalid_later=notice.invalid_after_due_date,
            standing=await self._standings.of_term(found, payment),
        )
