"""Find the sum of a document: the message's own sum, or an instalment that the message lists."""

from dataclasses import dataclass

from lib.domain.documents.documents import Place
from lib.domain.documents.errors import NoPaymentError
from lib.domain.messages.message import Message
from lib.domain.messages.message_parts import PaymentRequest
from lib.domain.payment_notices.notice import Notice
from lib.domain.payment_notices.standing import Standing
from lib.domain.shared.deadline import Deadline
from lib.domain.shared.identifiers import NoticeNumber, OrganizationFiscalCode
from lib.repositories.payments.payments import Payments
from lib.use_cases.payments.standings import FoundTerm, Standings


@dataclass(frozen=True, slots=True)
class PayableAmount:
    """A sum to pay and its status; the amount is in euro cents. `place`: of an instalment."""

    payee: OrganizationFiscalCode
    notice_number: NoticeNumber
    amount: int
    deadline: Deadline | None
    is_invalid_later: bool
    standing: Standing
    place: Place | None = None


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
        standing, found = await self._standings.found_of_message(message)
        return _own(message, request, standing or Standing("NOT_PAID"), found)

    async def with_instalments(self, message: Message) -> tuple[PayableAmount, ...]:
        """Return the message's own sum, and after it the other sums that it lists.

        Raise NoPaymentError.
        Cost: the reads of Standings, or for a notice one of the notice and one for each sum.
        """
        request, notice = message.payment, await self._listed(message)
        if request is None or notice is None:
            return (await self(message),)
        standings = await self._standings.of_terms(notice, message)
        own = _own(message, request, standings[0], FoundTerm(notice, 0))
        others = (_listed(FoundTerm(notice, at), standings[at]) for at in range(1, len(standings)))
        return own, *others

    async def _instalment(self, message: Message, notice_number: NoticeNumber) -> PayableAmount:
        notice = await self._listed(message)
        numbers = () if notice is None else tuple(term.notice_number for term in notice.terms)
        if notice is None or notice_number not in numbers:
            raise NoPaymentError
        found = FoundTerm(notice, numbers.index(notice_number))
        payment = await self._payments.get(notice.rpt_id_of(found.index))
        return _listed(found, await self._standings.of_term(found, payment))

    async def _listed(self, message: Message) -> Notice | None:
        """Return the notice whose sums the message lists: its first message alone does."""
        rpt_id = message.rpt_id
        if rpt_id is None or not message.is_notice:
            return None
        own = await self._standings.find(rpt_id)
        # another notice may have replaced this notice
        return None if own is None or own.notice.message_id != message.id else own.notice


def _own(
    message: Message, request: PaymentRequest, standing: Standing, found: FoundTerm | None
) -> PayableAmount:
    return PayableAmount(
        payee=request.payee_fiscal_code,
        notice_number=request.notice_number,
        amount=request.amount,
        deadline=message.deadline,
        is_invalid_later=request.is_invalid_after_due_date,
        standing=standing,
        place=None if found is None else _place(found),
    )


def _listed(found: FoundTerm, standing: Standing) -> PayableAmount:
    notice, term = found.notice, found.notice.terms[found.index]
    return PayableAmount(
        payee=notice.payee,
        notice_number=term.notice_number,
        amount=term.amount,
        deadline=term.deadline,
        is_invalid_later=notice.invalid_after_due_date,
        standing=standing,
        place=_place(found),
    )


def _place(found: FoundTerm) -> Place | None:
    """Return the place of an instalment; None for the whole sum, and for a notice of one sum."""
    index, count = found.index + 1 - found.notice.has_whole, len(found.notice.instalments)
    return Place(index, count) if index and count > 1 else None
