"""Send a later instalment of a payment notice as a message when its due date is near."""

import asyncio

from lib import telemetry
from lib.domain.messages.message_id import new_message_id
from lib.domain.payment_notices.notice import Notice
from lib.domain.services.service import Sender, Service
from lib.domain.shared.identifiers import RptId
from lib.ports.clock import Clock
from lib.ports.errors import PreconditionFailedError
from lib.repositories.payment_notices.notices import LaterInstalment, Notices
from lib.repositories.payments.payments import Payments
from lib.repositories.services.services import Services
from lib.repositories.shared.optimistic import until_written
from lib.use_cases.payment_notices.apply_payment_notice import ApplyPaymentNotice
from lib.use_cases.payment_notices.displace_notice import DisplaceNotice


class SubmitInstalment:
    """Send a later instalment as one message.

    Concurrency: it may be called at any time and repeatedly.
    """

    def __init__(
        self,
        notices: Notices,
        payments: Payments,
        clock: Clock,
        carry: ApplyPaymentNotice,
        services: Services,
        displace: DisplaceNotice,
    ) -> None:
        self._notices = notices
        self._payments = payments
        self._services = services
        self._clock = clock
        self._carry = carry
        self._displace = displace

    async def __call__(self, rpt_id: RptId) -> bool:
        """Tell whether the instalment is a message now.

        An instalment becomes no message before its time, after its due date, or if another message
        asks for it. The same holds if the instalment, the whole sum or the notice is paid or
        cancelled. Raise UnavailableError.
        """
        part = await self._notices.get(rpt_id)
        if part is None or not isinstance(part.what, LaterInstalment):
            return False
        whole = part.what.of
        applied_version: int | None = None

        async def attempt() -> bool:
            nonlocal applied_version
            stored = await self._notices.get(whole)
            if stored is None or not isinstance(notice := stored.what, Notice):
                return False
            index = _index(notice, rpt_id)
            if index is None or notice.version == applied_version:
                return applied_version is not None
            service = await self._services.get(notice.service_id)
            sender = None if service is None else _sender_of(notice, service)
            if sender is None or not await self._is_due(notice, index, sender):
                if sender is not None and applied_version is not None:
                    # an amendment moved the due date later, and the existing message must show it
                    await self._carry.bring(notice, index, sender, create=False)
                await self._plan_anew(notice, index)
                return applied_version is not None
            telemetry.concerns(notice.fiscal_code)
            if notice.message_ids[index] is None:
                now = self._clock.now()
                notice = notice.becoming(index, new_message_id(now, now))
                await self._notices.replace(notice, stored.etag)
            await self._carry.bring(notice, index, sender, create=True)
            applied_version = notice.version
            latest = await self._notices.get(whole)
            if latest is None or latest.what != notice:
                # an amendment came before this message existed: another attempt applies it
                raise PreconditionFailedError("the notice changed meanwhile")
            return True

        return await until_written("a notice", attempt)

    async def _plan_anew(self, notice: Notice, index: int) -> None:
        """Schedule an entry again after a process with a clock ahead removed it too early."""
        at = notice.sends_from(index)
        if notice.cancelled_at is None and self._clock.now() < at:
            await self._carry.plan_instalment(notice.rpt_id_of(index), at)

    async def _is_due(self, notice: Notice, index: int, sender: Sender) -> bool:
        now = self._clock.now()
        is_past = notice.terms[index].deadline.is_past(now)
        if notice.cancelled_at is not None or is_past or now < notice.sends_from(index):
            return False
        own, whole = await asyncio.gather(
            self._payments.get(notice.rpt_id_of(index)), self._payments.get(notice.rpt_id)
        )
        if notice.has_whole and whole is not None and whole.status != "NOT_PAID":
            return False
        if own is None:
            return True
        # a message without a notice, of the same sender, may ask for the instalment already
        is_free = notice.message_ids[index] is not None or await self._displace.is_free(sender, own)
        return own.status == "NOT_PAID" and is_free


def _sender_of(notice: Notice, service: Service) -> Sender:
    """Return the sender of the notice, without the rights of a key."""
    intermediary = notice.intermediary
    return Sender(notice.user_id, frozenset(), service, intermediary_fiscal_code=intermediary)


def _index(notice: Notice, rpt_id: RptId) -> int | None:
    later = range(1, len(notice.terms))
    return next((index for index in later if notice.rpt_id_of(index) == rpt_id), None)
