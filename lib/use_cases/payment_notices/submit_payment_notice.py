"""Accept a payment notice: it becomes one message, however often it is sent."""

import asyncio
from dataclasses import replace

from ulid import ULID

from lib import telemetry
from lib.domain.payment_notices.errors import DuplicateNoticeError, NoticeClosedError
from lib.domain.payment_notices.notice import Notice, check_due_dates
from lib.domain.payment_notices.notice_request import NewPaymentNotice, Term, terms_of
from lib.domain.payments.payment import Payment
from lib.domain.profiles.choices import DEFAULT_LANGUAGE
from lib.domain.services.service import Sender, check_recipient
from lib.domain.shared.values import FiscalCode, timestamp
from lib.ports.clock import Clock
from lib.ports.errors import (
    ConflictError,
    NotFoundError,
    PreconditionFailedError,
    UnavailableError,
)
from lib.repositories.payment_notices.notices import LaterInstalment, Notices, StoredNotice
from lib.repositories.payments.payments import Payments
from lib.use_cases.payment_notices.amend_payment_notice import AmendPaymentNotice, check_amounts
from lib.use_cases.payment_notices.apply_payment_notice import ApplyPaymentNotice, NoticeState
from lib.use_cases.payment_notices.displace_notice import DisplaceNotice


class SubmitPaymentNotice:
    """Accept a payment notice and submit its message.

    The notice is written before its message and is the claim on its number: a second request, or
    the same request after a crash, completes the first one and starts nothing else.
    Cost: two point reads, two creates and one put; two creates more for each later instalment.
    """

    def __init__(
        self,
        notices: Notices,
        payments: Payments,
        clock: Clock,
        carry: ApplyPaymentNotice,
        amend: AmendPaymentNotice,
        displace: DisplaceNotice,
    ) -> None:
        self._notices = notices
        self._payments = payments
        self._clock = clock
        self._carry = carry
        self._amend = amend
        self._displace = displace

    async def __call__(self, sender: Sender, asked: NewPaymentNotice) -> NoticeState:
        """Accept a new notice, the same notice again, or an amendment of it.

        The payee's own service replaces another service's notice of the number.
        Raise the refusals of lib.domain.services.service and notice_request, DuplicateNoticeError,
        NoticeClosedError, NoticeConflictError.
        """
        telemetry.concerns(asked.fiscal_code)
        check_recipient(sender, asked.fiscal_code)
        terms = terms_of(asked, asked.notice_number)
        check_amounts(sender.service, terms, whole=asked.notice_number is not None)
        payee = asked.payee or sender.service.organization_fiscal_code
        rpt_id = f"{payee}{terms[0].notice_number}"
        held, payment = await asyncio.gather(self._notices.get(rpt_id), self._payments.get(rpt_id))
        if held is None and payment is not None and payment.carriers:
            # the messages may be those of this very notice, sent again meanwhile
            held = await self._notices.get(rpt_id)
        lost: StoredNotice | None = None
        if held is not None and await self._displace.may(sender, rpt_id, held.what.service_id):
            payment = await self._displace.without(rpt_id, held, payment)
            held, lost = None, held
        if held is None:
            # every check that may refuse the notice comes before the first write
            await self._refuse_known(sender, payment)
            notice = self._new(sender, asked, payee, terms)
            parts = await self._free_numbers(sender, notice)
            if lost is not None:
                payment = await self._displace(sender, rpt_id, lost)
                _refuse_settled(payment)
            await self._claim_instalments(sender, parts)
            try:
                await self._take(notice, lost)
            except (ConflictError, NotFoundError, PreconditionFailedError):
                held = await self._notices.get(rpt_id)
                if held is None:
                    raise UnavailableError("a notice is not to be seen", retry_after=1) from None
            if held is None or held.what == notice:
                status = await self._carry(notice, sender)
                state = NoticeState(notice, status, "NOT_PAID", is_new=True)
                return self._told(state, payment)
        return self._told(await self._again(sender, asked, terms, held), payment)

    @staticmethod
    def _told(state: NoticeState, payment: Payment | None) -> NoticeState:
        """Tell whether another service asks for the payment, too."""
        service_id = state.notice.service_id
        contested = payment is not None and payment.is_contested(service_id)
        return replace(state, is_contested=contested)

    async def _take(self, what: Notice | LaterInstalment, lost: StoredNotice | None) -> None:
        """Claim a number that is free, or that of another service's notice.

        Raise ConflictError, NotFoundError, PreconditionFailedError.
        """
        if lost is None:
            await self._notices.create(what)
        else:
            await self._notices.replace(what, lost.etag)

    def _new(
        self,
        sender: Sender,
        asked: NewPaymentNotice,
        payee: str,
        terms: tuple[Term, ...],
    ) -> Notice:
        now, whole = self._clock.now(), asked.notice_number is not None
        check_due_dates(terms, now, whole=whole)
        return Notice(
            payee=payee,
            fiscal_code=FiscalCode(asked.fiscal_code),
            service_id=sender.service.id,
            user_id=sender.user_id,
            created_at=timestamp(now),
            language=DEFAULT_LANGUAGE,
            subject=asked.subject,
            description=asked.description,
            invalid_after_due_date=asked.invalid_after_due_date,
            terms=terms,
            message_ids=(str(ULID.from_datetime(now)), *(None for _ in terms[1:])),
            has_whole=whole,
        )

    async def _free_numbers(
        self, sender: Sender, notice: Notice
    ) -> list[tuple[LaterInstalment, StoredNotice | None]]:
        """Return the numbers of later instalments, each with the notice that loses it, if any.

        Raise DuplicateNoticeError where a number is in use, unless this notice has it already.
        """
        parts = [
            LaterInstalment(notice.rpt_id_of(index), notice.rpt_id, notice.service_id)
            for index in range(1, len(notice.terms))
        ]
        found = await asyncio.gather(*(self._notices.get(one.rpt_id) for one in parts))
        lost: list[StoredNotice | None] = list(found)
        for index, (part, held) in enumerate(zip(parts, found, strict=True)):
            if held is None or not await self._displace.may(
                sender, part.rpt_id, held.what.service_id
            ):
                _refuse_taken(part, held)
                lost[index] = None
        return list(zip(parts, lost, strict=True))

    async def _claim_instalments(
        self, sender: Sender, parts: list[tuple[LaterInstalment, StoredNotice | None]]
    ) -> None:
        """Claim the numbers of later instalments."""
        for part, lost in parts:
            if lost is not None:
                await self._displace(sender, part.rpt_id, lost)
            try:
                await self._take(part, lost)
            except (ConflictError, NotFoundError, PreconditionFailedError):
                _refuse_taken(part, await self._notices.get(part.rpt_id))

    async def _refuse_known(self, sender: Sender, payment: Payment | None) -> None:
        """Refuse a notice where another message asks for its payment already."""
        if payment is None:
            return
        _refuse_settled(payment)
        if not await self._displace.is_free(sender, payment):
            raise DuplicateNoticeError("A message that asks for this payment was sent already.")

    async def _again(
        self, sender: Sender, asked: NewPaymentNotice, terms: tuple[Term, ...], held: StoredNotice
    ) -> NoticeState:
        notice = held.what
        if notice.service_id != sender.service.id:
            raise DuplicateNoticeError("Another service sent a notice of this number.")
        if isinstance(notice, LaterInstalment):
            raise DuplicateNoticeError("The number is that of an instalment of another notice.")
        if notice.fiscal_code != asked.fiscal_code:
            raise DuplicateNoticeError("The notice of this number is another debtor's.")
        return await self._amend.take_up(sender, (notice, held.etag), asked, terms)


def _refuse_settled(payment: Payment) -> None:
    if payment.status != "NOT_PAID":
        raise NoticeClosedError(payment.status)


def _refuse_taken(part: LaterInstalment, held: StoredNotice | None) -> None:
    if held is not None and held.what != part:
        raise DuplicateNoticeError(
            f"The number {part.rpt_id[11:]} stands for something else already."
        )
