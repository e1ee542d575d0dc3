"""Replace another service's notice by that of the payee's own service."""

from lib import telemetry
from lib.domain.payment_notices.notice import Notice
from lib.domain.payments.payment import Payment, PaymentEvent, payee_of
from lib.domain.services.service import Sender
from lib.domain.shared.values import timestamp
from lib.ports.clock import Clock
from lib.repositories.messages.messages import Messages
from lib.repositories.payment_notices.notices import LaterInstalment, Notices, StoredNotice
from lib.repositories.payments.payments import Payments
from lib.repositories.services.services import Services


class DisplaceNotice:
    """Take a notice number from another service's notice, for the payee's own service.

    All of it is written before the number has its new owner: after a crash in between, the same
    request does it again.
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

    async def may(self, sender: Sender, rpt_id: str, service_id: str) -> bool:
        """Tell whether the sender is the payee, and the other service is not."""
        payee = payee_of(rpt_id)
        if sender.service.organization_fiscal_code != payee or sender.service.id == service_id:
            return False
        other = await self._services.get(service_id)
        return other is None or other.organization_fiscal_code != payee

    async def is_free(self, sender: Sender, payment: Payment) -> bool:
        """Tell whether no message keeps the sender from asking for the payment.

        Messages of other services do not keep the payee's own service from it.
        """
        for service_id in {one.service_id for one in payment.carriers}:
            if not service_id or not await self.may(sender, payment.rpt_id, service_id):
                return False
        return True

    async def without(
        self, rpt_id: str, held: StoredNotice, payment: Payment | None
    ) -> Payment | None:
        """Return the payment as it would be without that notice; write nothing."""
        if payment is None:
            return None
        notice = await self._notice(held)
        return payment.displacing(_message_ids(notice, rpt_id))

    async def __call__(self, sender: Sender, rpt_id: str, held: StoredNotice) -> Payment:
        """Return the payment without that notice; unchanged where it is paid."""
        notice = await self._notice(held)
        ids = _message_ids(notice, rpt_id)
        at = timestamp(self._clock.now())
        change = await self._payments.change(rpt_id, lambda payment: payment.displacing(ids, at))
        payment = change.after
        if notice is not None and payment.status != "PAID":
            # the messages of other numbers of that notice stay as they are
            lost = notice.message_ids[_index(notice, rpt_id)]
            if lost is not None:
                await self._withdraw(sender, notice.fiscal_code, lost)
        return payment

    async def _withdraw(self, sender: Sender, fiscal_code: str, message_id: str) -> None:
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

    async def _notice(self, held: StoredNotice) -> Notice | None:
        """Return the notice that has the number, as its own or as that of an instalment."""
        if isinstance(held.what, Notice):
            return held.what
        whole = await self._notices.get(held.what.of)
        if whole is None or isinstance(whole.what, LaterInstalment):
            return None
        is_same = whole.what.service_id == held.what.service_id
        return whole.what if is_same else None


def _index(notice: Notice, rpt_id: str) -> int:
    indexes = range(len(notice.terms))
    return next((one for one in indexes if notice.rpt_id_of(one) == rpt_id), 0)


def _message_ids(notice: Notice | None, rpt_id: str) -> tuple[str, ...]:
    if notice is None:
        return ()
    ids = {notice.message_id, notice.message_ids[_index(notice, rpt_id)]}
    return tuple(one for one in ids if one)
