"""Accept a payment notice. Repeated requests for the same notice make one message."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from lib import telemetry
from lib.domain.messages.message_id import new_message_id
from lib.domain.payment_notices.errors import DuplicateNoticeError, NoticeClosedError
from lib.domain.payment_notices.notice import Notice, check_due_dates
from lib.domain.payment_notices.notice_request import NewPaymentNotice, Term, terms_of
from lib.domain.payments.payment import Payment
from lib.domain.profiles.choices import DEFAULT_LANGUAGE
from lib.domain.services.service import Sender, check_recipient
from lib.domain.shared.identifiers import FiscalCode, OrganizationFiscalCode, rpt_id_of
from lib.domain.shared.values import timestamp
from lib.ports.clock import Clock
from lib.ports.errors import (
    ConflictError,
    NotFoundError,
    PreconditionFailedError,
    UnavailableError,
)
from lib.repositories.payment_notices.notices import LaterInstalment, Notices, StoredNotice
from lib.repositories.payments.payments import Payments
from lib.use_cases.messages.submit_message import CountTrial
from lib.use_cases.payment_notices.amend_payment_notice import AmendPaymentNotice, check_amounts
from lib.use_cases.payment_notices.apply_payment_notice import ApplyPaymentNotice, NoticeState
from lib.use_cases.payment_notices.displace_notice import DisplaceNotice


@dataclass(frozen=True, slots=True)
class NoticePreview:
    """The notice that a submission would leave, and whether it would be new or amended."""

    notice: Notice
    outcome: Literal["NEW", "AMENDED", "SAME"]


@dataclass(frozen=True, slots=True)
class _Plan:
    """The facts of a submission before its first write.

    `stored`: the notice that the request may amend. `notice`: the new notice, None where there is a
    stored one; then `displaced` is the notice of another service that it replaces, and `parts` are
    the numbers of its later instalments.
    """

    terms: tuple[Term, ...]
    payment: Payment | None
    stored: StoredNotice | None
    displaced: StoredNotice | None = None
    notice: Notice | None = None
    parts: tuple[tuple[LaterInstalment, StoredNotice | None], ...] = ()


class SubmitPaymentNotice:
    """Accept a payment notice and submit its message.

    The notice is written before its message, and is the claim on its number.
    Cost: two point reads, two creates and one put; two creates more for each later instalment; one
    patch more for a sender on trial.
    Concurrency: a second request, or the same request after a crash, completes the first request
    and makes no second notice.
    """

    def __init__(
        self,
        notices: Notices,
        payments: Payments,
        clock: Clock,
        carry: ApplyPaymentNotice,
        amend: AmendPaymentNotice,
        displace: DisplaceNotice,
        count_trial: CountTrial,
    ) -> None:
        self._notices = notices
        self._payments = payments
        self._clock = clock
        self._carry = carry
        self._amend = amend
        self._displace = displace
        self._count_trial = count_trial

    async def __call__(self, sender: Sender, request: NewPaymentNotice) -> NoticeState:
        """Accept a new notice, the same notice again, or an amendment of it.

        The payee's own service replaces another service's notice of the number.
        Raise the errors of lib.domain.services.service and notice_request, DuplicateNoticeError,
        NoticeClosedError, NoticeConflictError, TrialCapError.
        """
        plan = await self._plan(sender, request)
        stored, payment, notice = plan.stored, plan.payment, plan.notice
        if notice is not None:
            await self._count_trial(sender)
            if plan.displaced is not None:
                payment = await self._displace(sender, notice.rpt_id, plan.displaced)
                _refuse_settled(payment)
            await self._claim_instalments(sender, plan.parts)
            try:
                await self._claim_number(notice, plan.displaced)
            except (ConflictError, NotFoundError, PreconditionFailedError):
                stored = await self._notices.get(notice.rpt_id)
                if stored is None:
                    raise UnavailableError("a notice is not visible yet", retry_after=1) from None
            if stored is None or stored.what == notice:
                status = await self._carry(notice, sender)
                state = NoticeState(notice, status, "NOT_PAID", is_new=True)
                return self._with_contest(state, payment)
        found = _own(sender, request, stored)
        amended = await self._amend.take_up(sender, found, request, plan.terms)
        return self._with_contest(amended, payment)

    async def preview(self, sender: Sender, request: NewPaymentNotice) -> NoticePreview:
        """Return the notice as the request would leave it; write nothing.

        Raise the errors of the submission, except TrialCapError.
        """
        plan = await self._plan(sender, request)
        if plan.notice is not None:
            return NoticePreview(plan.notice, "NEW")
        notice, _ = _own(sender, request, plan.stored)
        amended, _ = await self._amend.preview(notice, request, plan.terms)
        return NoticePreview(amended, "SAME" if amended is notice else "AMENDED")

    async def _plan(self, sender: Sender, request: NewPaymentNotice) -> _Plan:
        """Make all checks that may refuse a new notice; write nothing."""
        telemetry.concerns(request.fiscal_code)
        check_recipient(sender, request.fiscal_code)
        terms = terms_of(request, request.notice_number)
        check_amounts(sender.service, terms, whole=request.notice_number is not None)
        payee = request.payee or sender.service.organization_fiscal_code
        rpt_id = rpt_id_of(payee, terms[0].notice_number)
        stored, payment = await asyncio.gather(
            self._notices.get(rpt_id), self._payments.get(rpt_id)
        )
        if stored is None and payment is not None and payment.carriers:
            # the messages may be those of the same notice, from another request meanwhile
            stored = await self._notices.get(rpt_id)
        displaced: StoredNotice | None = None
        if stored is not None and await self._displace.may(sender, rpt_id, stored.what.service_id):
            payment = await self._displace.without(rpt_id, stored, payment)
            stored, displaced = None, stored
        if stored is not None:
            return _Plan(terms, payment, stored)
        await self._refuse_known(sender, payment)
        notice = self._new(sender, request, payee, terms)
        parts = await self._free_numbers(sender, notice)
        return _Plan(terms, payment, None, displaced, notice, tuple(parts))

    @staticmethod
    def _with_contest(state: NoticeState, payment: Payment | None) -> NoticeState:
        """Return the state, with the fact whether another service asks for the payment."""
        service_id = state.notice.service_id
        contested = payment is not None and payment.is_contested(service_id)
        return replace(state, is_contested=contested)

    async def _claim_number(
        self, document: Notice | LaterInstalment, displaced: StoredNotice | None
    ) -> None:
        """Claim a free number, or the number of a displaced notice.

        Raise ConflictError, NotFoundError, PreconditionFailedError.
        """
        if displaced is None:
            await self._notices.create(document)
        else:
            await self._notices.replace(document, displaced.etag)

    def _new(
        self,
        sender: Sender,
        request: NewPaymentNotice,
        payee: OrganizationFiscalCode,
        terms: tuple[Term, ...],
    ) -> Notice:
        now, whole = self._clock.now(), request.notice_number is not None
        check_due_dates(terms, now, whole=whole)
        return Notice(
            payee=payee,
            fiscal_code=FiscalCode(request.fiscal_code),
            service_id=sender.service.id,
            user_id=sender.user_id,
            intermediary=sender.intermediary_fiscal_code,
            created_at=timestamp(now),
            language=DEFAULT_LANGUAGE,
            subject=request.subject,
            description=request.description,
            invalid_after_due_date=request.invalid_after_due_date,
            terms=terms,
            message_ids=(new_message_id(now, now), *(None for _ in terms[1:])),
            has_whole=whole,
            reference=request.reference,
        )

    async def _free_numbers(
        self, sender: Sender, notice: Notice
    ) -> list[tuple[LaterInstalment, StoredNotice | None]]:
        """Return the numbers of later instalments, each with the notice that it displaces.

        Raise DuplicateNoticeError for a number in use, unless this notice has it already.
        """
        parts = [
            LaterInstalment(notice.rpt_id_of(index), notice.rpt_id, notice.service_id)
            for index in range(1, len(notice.terms))
        ]
        found = await asyncio.gather(*(self._notices.get(part.rpt_id) for part in parts))
        displaced: list[StoredNotice | None] = list(found)
        for index, (part, stored) in enumerate(zip(parts, found, strict=True)):
            if stored is None or not await self._displace.may(
                sender, part.rpt_id, stored.what.service_id
            ):
                _refuse_taken(part, stored)
                displaced[index] = None
        return list(zip(parts, displaced, strict=True))

    async def _claim_instalments(
        self, sender: Sender, parts: Sequence[tuple[LaterInstalment, StoredNotice | None]]
    ) -> None:
        """Claim the numbers of later instalments."""
        for part, displaced in parts:
            if displaced is not None:
                await self._displace(sender, part.rpt_id, displaced)
            try:
                await self._claim_number(part, displaced)
            except (ConflictError, NotFoundError, PreconditionFailedError):
                _refuse_taken(part, await self._notices.get(part.rpt_id))

    async def _refuse_known(self, sender: Sender, payment: Payment | None) -> None:
        """Refuse a notice if another message already asks for its payment."""
        if payment is None:
            return
        _refuse_settled(payment)
        if not await self._displace.is_free(sender, payment):
            raise DuplicateNoticeError("Another message already asks for this payment.")


def _own(
    sender: Sender, request: NewPaymentNotice, stored: StoredNotice | None
) -> tuple[Notice, str]:
    """Return the stored notice that the request would amend, and its ETag."""
    if stored is None or stored.what.service_id != sender.service.id:
        raise DuplicateNoticeError("Another service has sent a notice with this number.")
    notice = stored.what
    if isinstance(notice, LaterInstalment):
        raise DuplicateNoticeError("An instalment of another notice has this number.")
    if not sender.owns(notice.service_id, notice.user_id):
        raise DuplicateNoticeError(
            "Another sender of the service sent the notice with this number."
        )
    if notice.fiscal_code != request.fiscal_code:
        raise DuplicateNoticeError("The notice with this number has another debtor.")
    return notice, stored.etag


def _refuse_settled(payment: Payment) -> None:
    if payment.status != "NOT_PAID":
        raise NoticeClosedError(payment.status)


def _refuse_taken(part: LaterInstalment, stored: StoredNotice | None) -> None:
    if stored is not None and stored.what != part:
        raise DuplicateNoticeError(f"The number {part.rpt_id[11:]} is already in use.")
