"""Bring an accepted message to its citizen's inbox, or reject it as the citizen chose."""

import asyncio
from typing import Final

from lib import telemetry
from lib.domain.errors import MessageNotFoundError
from lib.domain.events import MessageSubmitted, NotificationRequested
from lib.domain.payment import Carrier
from lib.domain.recipient import Decision, decide
from lib.domain.values import timestamp
from lib.ports.clock import Clock
from lib.ports.documents import Document, DocumentStore
from lib.ports.errors import NotFoundError, PreconditionFailedError, UnavailableError
from lib.ports.queue import Queue
from lib.queues import NOTIFICATION_REQUESTED
from lib.repositories.messages import Messages, rpt_id_of
from lib.repositories.payments import Payments
from lib.repositories.recipients import Recipients

LOOKS: Final = 3
"""How often an item comes back, for three minutes and a half altogether, before it is given up."""


class FanOutMessage:
    """Three point reads, one patch and one put; a repetition repeats the put and nothing else.

    A message that asks for a payment is one create more, and its payment names it before anybody
    can see it: whatever becomes of the payment later finds it.
    """

    def __init__(
        self,
        store: DocumentStore,
        queue: Queue,
        clock: Clock,
        *,
        rejected_ttl: int,
        announces: bool = True,
    ) -> None:
        self._messages = Messages(store)
        self._payments = Payments(store)
        self._recipients = Recipients(store)
        self._queue = queue
        self._clock = clock
        self._rejected_ttl = rejected_ttl
        self._announces = announces

    async def __call__(self, item: MessageSubmitted) -> None:
        """Do nothing where the message is gone: it expired or was deleted meanwhile.

        Raise UnavailableError where it is not seen for the first times: whoever accepted it saw
        it stored, and a store that lags or was moved must not make it vanish.
        """
        fiscal_code, id_ = item.fiscal_code, item.message_id
        try:
            message, profile, preference = await asyncio.gather(
                self._messages.get(fiscal_code, id_),
                self._recipients.profile(fiscal_code),
                self._recipients.preference(fiscal_code, item.service_id),
            )
        except MessageNotFoundError:
            if item.attempt < LOOKS:
                raise UnavailableError("an accepted message is not to be seen") from None
            return
        special = message["is_special"]
        decision = decide(
            profile,
            preference,
            item.service_id,
            special=special,
            activation=await self._recipients.activation(fiscal_code, item.service_id)
            if special
            else None,
            now=self._clock.now(),
        )
        delivered = await self._settle(message, decision)
        if delivered and decision.push and profile and self._announces:
            request = NotificationRequested(
                fiscal_code=fiscal_code,
                message_id=id_,
                kind="MESSAGE",
                channel="PUSH",
                full=profile.push_notifications_content_type == "FULL" and not message["is_secure"],
            )
            stamped = telemetry.stamped(request, self._clock.now())
            await self._queue.put(NOTIFICATION_REQUESTED, stamped.text())

    async def _settle(self, message: Document, decision: Decision) -> bool:
        """Write the outcome unless an earlier run did; tell whether the message is in the inbox."""
        status: str = message["status"]
        if status != "ACCEPTED":
            return status == "PROCESSED"
        fiscal_code, id_ = message["fiscal_code"], message["id"]
        now = self._clock.now()
        at = timestamp(now)
        try:
            if decision.rejection is None:
                await self._join_payment(message)
                await self._messages.deliver(fiscal_code, id_, at)
                telemetry.message_delivered(id_, message["created_at"], now)
            else:
                await self._messages.reject(
                    fiscal_code, id_, at, decision.rejection, self._rejected_ttl
                )
                telemetry.message_became("REJECTED", id_, reason=decision.rejection)
        except NotFoundError:
            return False
        except PreconditionFailedError:
            # the same item is running elsewhere and came first: what it decided holds
            settled = (await self._messages.get(fiscal_code, id_))["status"]
            if settled == "ACCEPTED":
                raise UnavailableError("what was decided is not to be seen yet") from None
            return bool(settled == "PROCESSED")
        return decision.rejection is None

    async def _join_payment(self, message: Document) -> None:
        """Have the message named by its payment, and say in it what is known of that already."""
        rpt_id = rpt_id_of(message)
        if rpt_id is None:
            return
        carrier = Carrier(message["id"], message["fiscal_code"])
        asked = message["amount"], message.get("due_date"), message.get("notice_version", 0)
        change = await self._payments.change(
            rpt_id, lambda payment: payment.carried_by(carrier, *asked), is_new=True
        )
        payment = change.after
        if payment.event and await self._messages.mark_payment(
            carrier.fiscal_code, carrier.message_id, payment.status, payment.event.order
        ):
            telemetry.payment_marked(payment.status, carrier.message_id)
