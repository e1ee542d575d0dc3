"""Change the terms or the texts of a payment notice, and those of its message."""

import asyncio

from lib import telemetry
from lib.domain.payment_notices.errors import (
    NoticeClosedError,
    NoticeConflictError,
    NoticeNotFoundError,
)
from lib.domain.payment_notices.notice import Notice
from lib.domain.payment_notices.notice_request import (
    NoticeAmendment,
    NoticeTerms,
    Term,
    pointers,
    terms_of,
)
from lib.domain.payment_notices.standing import NoticePaymentStatus, status_of
from lib.domain.payments.payment import Payment
from lib.domain.services.service import Sender, Service, check_amount, check_payee, check_recipient
from lib.domain.shared.identifiers import RptId
from lib.domain.shared.values import timestamp
from lib.ports.clock import Clock
from lib.repositories.payment_notices.notices import LaterInstalment, Notices, StoredNotice
from lib.repositories.payments.payments import Payments
from lib.repositories.shared.optimistic import until_written
from lib.use_cases.payment_notices.apply_payment_notice import ApplyPaymentNotice, NoticeState


class AmendPaymentNotice:
    """Amend a payment notice, its message and its payment.

    The notice is written first, and numbers the versions. Message and payment never go back to an
    earlier version. After a crash between the writes, the same request completes the amendment.
    Cost: two point reads and a replace, then a read and a write each of message and payment.
    """

    def __init__(
        self, notices: Notices, payments: Payments, clock: Clock, carry: ApplyPaymentNotice
    ) -> None:
        self._notices = notices
        self._payments = payments
        self._clock = clock
        self._carry = carry

    async def __call__(
        self, sender: Sender, rpt_id: RptId, requested: NoticeAmendment
    ) -> NoticeState:
        """Return the notice after the amendment.

        An amendment that the notice already has changes nothing, with any version.
        Raise NoticeNotFoundError, NoticeClosedError, NoticeConflictError, NotAllowedError, and the
        errors of domain.payment_notices.notice_request and domain.services.service.
        """
        found = await own_notice(self._notices, sender, rpt_id)
        notice, _ = found
        check_notice(sender, notice)
        number = notice.terms[0].notice_number if notice.has_whole else None
        if requested.amount_cents is None and requested.due_date is None and requested.instalments:
            number = None
        terms = terms_of(requested, number)
        check_amounts(sender.service, terms, whole=number is not None)
        return await self.take_up(sender, found, requested, terms, version=requested.version)

    async def take_up(
        self,
        sender: Sender,
        found: tuple[Notice, str],
        requested: NoticeTerms,
        terms: tuple[Term, ...],
        *,
        version: int | None = None,
    ) -> NoticeState:
        """Amend the notice. `found`: the notice as read, with its ETag. `version`: None for any."""
        read: tuple[Notice, str] | None = found

        async def attempt() -> tuple[Notice, Payment | None, bool]:
            nonlocal read
            if read is None:
                read = await own_notice(self._notices, sender, found[0].rpt_id)
            (notice, etag), read = read, None
            amended, payment = await self.preview(notice, requested, terms, version)
            if amended is notice:
                return notice, payment, False
            await self._notices.replace(amended, etag)
            return amended, payment, True

        notice, payment, is_amended = await until_written("a notice", attempt)
        # a paid term without a message gets no message
        begins = is_amended or payment is None or payment.status == "NOT_PAID"
        message_status = await self._carry(notice, sender, begins=begins)
        status = await self._status(notice, payment)
        changed = notice.amendments[-1].changed if is_amended else ()
        return NoticeState(notice, message_status, status, changed=changed)

    async def preview(
        self,
        notice: Notice,
        requested: NoticeTerms,
        terms: tuple[Term, ...],
        version: int | None = None,
    ) -> tuple[Notice, Payment | None]:
        """Return the notice after the amendment, and its payment; write nothing.

        A notice that has the amendment already is returned as it is. Raises: see `__call__`.
        """
        if notice.cancelled_at is not None:
            raise NoticeClosedError("CANCELLED")
        payment = await self._payments.get(notice.rpt_id)
        status = payment.status if payment else "NOT_PAID"
        now = self._clock.now()
        amended = notice.amended(requested, terms, now, timestamp(now))
        if amended is notice:
            return notice, payment
        if version not in {None, notice.version}:
            raise NoticeConflictError(
                f"Version {version} is not the latest, which is {notice.version}."
            )
        if status != "NOT_PAID":
            raise NoticeClosedError(status)
        await self._refuse_paid_instalments(notice, terms)
        return amended, payment

    async def _status(self, notice: Notice, first: Payment | None) -> NoticePaymentStatus:
        later = range(1, len(notice.terms))
        payments = await asyncio.gather(
            *(self._payments.get(notice.rpt_id_of(index)) for index in later)
        )
        return status_of(notice, (first, *payments))

    async def _refuse_paid_instalments(self, notice: Notice, terms: tuple[Term, ...]) -> None:
        """Refuse another amount or due date for an instalment that is paid."""
        indexes = [index for index in range(1, len(terms)) if terms[index] != notice.terms[index]]
        payments = await asyncio.gather(
            *(self._payments.get(notice.rpt_id_of(index)) for index in indexes)
        )
        for payment in payments:
            if payment is not None and payment.status != "NOT_PAID":
                raise NoticeClosedError(payment.status)


async def own_notice(notices: Notices, sender: Sender, rpt_id: RptId) -> tuple[Notice, str]:
    """Return a notice of the sender's service, with its ETag; an intermediary has its own alone.

    Raise NoticeNotFoundError; NoticeConflictError for the number of a later instalment.
    """
    stored: StoredNotice | None = await notices.get(rpt_id)
    if stored is None:
        raise NoticeNotFoundError
    if isinstance(stored.what, LaterInstalment):
        notice, _ = await own_notice(notices, sender, stored.what.of)
        raise NoticeConflictError(
            f"This is an instalment of the notice {notice.rpt_id}: use the number of that notice."
        )
    if not sender.owns(stored.what.service_id, stored.what.user_id):
        raise NoticeNotFoundError
    telemetry.concerns(stored.what.fiscal_code)
    return stored.what, stored.etag


def check_notice(sender: Sender, notice: Notice) -> None:
    """Refuse a change where the sender may not write to the debtor or name the payee.

    A key may be limited to fewer citizens than the service that sent the notice.
    Raise RecipientForbiddenError, ProductionForbiddenError, NotAllowedError.
    """
    check_recipient(sender, notice.fiscal_code)
    check_payee(sender, notice.payee)


def check_amounts(service: Service, terms: tuple[Term, ...], *, whole: bool) -> None:
    """Refuse any amount above the service's maximum."""
    for pointer, term in pointers(terms, whole=whole):
        check_amount(service, term.amount, f"{pointer}/amount_cents")
