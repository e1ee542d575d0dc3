"""Replace another service's notice by that of the payee's own service."""

from lib import telemetry
from lib.domain.payment_notices.notice import Notice
from lib.domain.payments.payment import Payment, PaymentEvent
from lib.domain.services.service import Sender
from lib.domain.shared.identifiers import MessageId, RptId, ServiceId, payee_of
from lib.domain.shared.values import timestamp
from lib.ports.clock import Clock
from lib.repositories.messages.messages import Messages
from lib.repositories.payment_notices.notices import LaterInstalment, Notices, StoredNotice
from lib.repositories.payments.payments import Payments
from lib.repositories.services.services import Services


class DisplaceNotice:
    """Give the notice number of another service's notice to the payee's own service.

    All writes come before the number gets its new owner, so that after a crash the same request
    repeats them.
    Cost: a read and a write of the payment, and a patch for each message that loses it.
    """

    def __init__(
        self,
        notices: Notices,
        payments: Payments,
        messages: Messages,
        clock: Clock,
        services: Services,
    ) -> None:
        self._notices = notices
        self._payments = payments
        self._messages = messages
        self._services = services
        self._clock = clock

    async def may(self, sender: Sender, rpt_id: RptId, service_id: ServiceId) -> bool:
        """Tell whether the sender's organisation is the payee, and that of the service is not."""
        payee = payee_of(rpt_id)
        if sender.service.organization_fiscal_code != payee or sender.service.id == service_id:
            return False
        other = await self._services.get(service_id)
        return other is None or other.organization_fiscal_code != payee

    async def is_free(self, sender: Sender, payment: Payment) -> bool:
        """Tell whether the sender may ask for the payment: no other message prevents it.

        Messages of other services do not prevent a notice of the payee's own service.
        """
        for service_id in {carrier.service_id for carrier in payment.carriers}:
            if not service_id or not await self.may(sender, payment.rpt_id, service_id):
                return False
        return True

    async def without(
        self, rpt_id: RptId, stored: StoredNotice, payment: Payment | None
    ) -> Payment | None:
        """Return the payment without the other service's notice; write nothing."""
        if payment is None:
            return None
        notice = await self._notice(stored)
        return payment.displacing(_message_ids(notice, rpt_id))

    async def __call__(self, sender: Sender, rpt_id: RptId, stored: StoredNotice) -> Payment:
        """Remove the other service's notice from the payment; return the payment.

        A paid payment stays unchanged.
        """
        notice = await self._notice(stored)
        ids = _message_ids(notice, rpt_id)
        at = timestamp(self._clock.now())
        change = await self._payments.change(rpt_id, lambda payment: payment.displacing(ids, at))
        payment = change.after
        if notice is not None and payment.status != "PAID":
            # the messages of the other notice's other numbers stay unchanged
            message_id = notice.message_ids[_index(notice, rpt_id)]
            if message_id is not None:
                await self._withdraw(sender, notice.fiscal_code, message_id)
        return payment

    async def _withdraw(self, sender: Sender, fiscal_code: str, message_id: MessageId) -> None:
        at = timestamp(self._clock.now())
        event = PaymentEvent(
            id=f"displaced-{message_id}",
            outcome="CANCELLED",
            occurred_at=at,
            source=sender.service.id,
        )
        if await self._messages.update_payment_status(
            fiscal_code, message_id, "CANCELLED", event, at
        ):
            telemetry.payment_marked("CANCELLED", message_id)

    async def _notice(self, stored: StoredNotice) -> Notice | None:
        """Return the notice with the number, as its own number or as that of an instalment."""
        if isinstance(stored.what, Notice):
            return stored.what
        whole = await self._notices.get(stored.what.of)
        if whole is None or isinstance(whole.what, LaterInstalment):
            return None
        is_same = whole.what.service_id == stored.what.service_id
        return whole.what if is_same else None


def _index(notice: Notice, rpt_id: RptId) -> int:
    indexes = range(len(notice.terms))
    return next((index for index in indexes if notice.rpt_id_of(index) == rpt_id), 0)


def _message_ids(notice: Notice | None, rpt_id: RptId) -> tuple[MessageId, ...]:
    if notice is None:
        return ()
    ids = {notice.message_id, notice.message_ids[_index(notice, rpt_id)]}
    return tuple(id_ for id_ in ids if id_)
