"""Copy the status of a payment to its messages and to their senders' statistics."""

from lib import telemetry
from lib.domain.messages.errors import MessageNotFoundError
from lib.domain.messages.message import Message
from lib.domain.payments.payment import Carrier, Payment, PaymentEvent
from lib.domain.shared.values import timestamp
from lib.ports.clock import Clock
from lib.ports.queueing.items.messages import PaymentUpdated
from lib.repositories.messages.messages import Messages
from lib.repositories.payments.payments import Payments
from lib.use_cases.reminders.schedule_reminder import ScheduleReminder
from lib.use_cases.statistics.sender_events import SenderEvents


class UpdatePaymentStatus:
    """Copy a payment's status to its messages.

    Reminders start again for a payment that is to be paid again.
    Cost: one read, and one patch and one create for each message.
    Concurrency: a repeated run changes nothing.
    """

    def __init__(
        self,
        messages: Messages,
        payments: Payments,
        events: SenderEvents,
        clock: Clock,
        schedule_reminder: ScheduleReminder,
    ) -> None:
        self._messages = messages
        self._payments = payments
        self._events = events
        self._clock = clock
        self._schedule_reminder = schedule_reminder

    async def __call__(self, item: PaymentUpdated) -> None:
        """Update the messages that still exist and have no later event."""
        payment = await self._payments.get(item.rpt_id)
        if payment is None or payment.event is None:
            return
        for carrier in payment.carriers:
            if message := await self._mark(carrier, payment, payment.event):
                await self._events.payment(message)
            if payment.status == "NOT_PAID":
                await self._schedule_reminder(carrier.fiscal_code, carrier.message_id)

    async def _mark(
        self, carrier: Carrier, payment: Payment, event: PaymentEvent
    ) -> Message | None:
        """Return the message with the status, also if an earlier run wrote the status.

        The earlier run may have crashed before it queued the next steps.
        """
        at = timestamp(self._clock.now())
        message = await self._messages.update_payment_status(
            carrier.fiscal_code, carrier.message_id, payment.status, event, at
        )
        if message is not None:
            telemetry.concerns(carrier.fiscal_code)
            telemetry.payment_marked(payment.status, carrier.message_id)
            return message
        try:
            return await self._messages.get(carrier.fiscal_code, carrier.message_id)
        except MessageNotFoundError:
            return None
