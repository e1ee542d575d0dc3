"""Accept a payment notice. Repeated requests for the same notice make one message."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from lib import telemetry
from lib.domain.messages.message_id import new_message_id
from lib.domain.messages.words.about import ABOUT
from lib.domain.payment_notices.errors import DuplicateNoticeError
from lib.domain.payment_notices.notice import Notice
from lib.domain.payment_notices.notice_request import NewPaymentNotice, Term, terms_of
from lib.domain.payments.payment import Payment
from lib.domain.profiles.choices import DEFAULT_LANGUAGE
from lib.domain.services.service import Sender, check_recipient
from lib.domain.shared.identifiers import FiscalCode
from lib.domain.shared.values import timestamp
from lib.ports.clock import Clock
from lib.repositories.payment_notices.notices import LaterInstalment, StoredNotice
from lib.use_cases.messages.submit_message import CountTrial
from lib.use_cases.payment_notices.amend_payment_notice import AmendPaymentNotice, check_amounts
from lib.use_cases.payment_notices.apply_payment_notice import ApplyPaymentNotice, NoticeState
from lib.use_cases.payment_notices.claim_notice import Claim, ClaimNotice


@dataclass(frozen=True, slots=True)
class NoticePreview:
    """The notice that a submission would leave, and whether it would be new or amended."""

    notice: Notice
    outcome: Literal["NEW", "AMENDED", "SAME"]


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
        claim: ClaimNotice,
        clock: Clock,
        carry: ApplyPaymentNotice,
        amend: AmendPaymentNotice,
        count_trial: CountTrial,
    ) -> None:
        self._claim = claim
        self._clock = clock
        self._carry = carry
        self._amend = amend
        self._count_trial = count_trial

    async def __call__(self, sender: Sender, request: NewPaymentNotice) -> NoticeState:
        """Accept a new notice, the same notice again, or an amendment of it.

        The payee's own service replaces another service's notice of the number.
        Raise the errors of lib.domain.services.service and notice_request, DuplicateNoticeError,
        NoticeClosedError, NoticeConflictError, TrialCapError.
        """
        claim = await self._plan(sender, request)
        stored, payment, notice = claim.stored, claim.payment, claim.notice
        if stored is None:
            await self._count_trial(sender)
            claimed = await self._claim(sender, claim)
            stored, payment = claimed.stored, claimed.payment
            if stored is None or stored.what == notice:
                status = await self._carry(notice, sender)
                state = NoticeState(notice, status, "NOT_PAID", is_new=True)
                return self._with_contest(state, payment)
        found = _own(sender, request, stored)
        amended = await self._amend.take_up(sender, found, request, notice.terms)
        return self._with_contest(amended, payment)

    async def preview(self, sender: Sender, request: NewPaymentNotice) -> NoticePreview:
        """Return the notice as the request would leave it; write nothing.

        Raise the errors of the submission, except TrialCapError.
        """
        claim = await self._plan(sender, request)
        if claim.stored is None:
            return NoticePreview(claim.notice, "NEW")
        notice, _ = _own(sender, request, claim.stored)
        amended, _ = await self._amend.preview(notice, request, claim.notice.terms)
        return NoticePreview(amended, "SAME" if amended is notice else "AMENDED")

    async def _plan(self, sender: Sender, request: NewPaymentNotice) -> Claim:
        """Make all checks that may refuse a new notice; write nothing."""
        telemetry.concerns(request.fiscal_code)
        check_recipient(sender, request.fiscal_code)
        terms = terms_of(request, request.notice_number)
        check_amounts(sender.service, terms, whole=request.notice_number is not None)
        now = self._clock.now()
        return await self._claim.plan(sender, _new(sender, request, terms, now), now)

    @staticmethod
    def _with_contest(state: NoticeState, payment: Payment | None) -> NoticeState:
        """Return the state, with the fact whether another service asks for the payment."""
        service_id = state.notice.service_id
        contested = payment is not None and payment.is_contested(service_id)
        return replace(state, is_contested=contested)


def _new(
    sender: Sender, request: NewPaymentNotice, terms: tuple[Term, ...], now: datetime
) -> Notice:
    return Notice(
        payee=request.payee or sender.service.organization_fiscal_code,
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
        has_whole=request.notice_number is not None,
        reference=request.reference,
        settings={} if request.about is None else {ABOUT: request.about.value.fields},
    )


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
