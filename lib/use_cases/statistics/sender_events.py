"""Count the events of payment messages in their senders' statistics."""

from typing import Final

from lib import telemetry
from lib.domain.messages.message import Message
from lib.domain.messages.message_parts import SentStatus
from lib.domain.payments.payment import PaymentStatus
from lib.domain.shared.deadline import in_rome
from lib.domain.shared.values import parse_timestamp, timestamp
from lib.domain.statistics.statistics import BEFORE_ANY
from lib.ports.clock import Clock
from lib.ports.errors import LimitError, UnavailableError
from lib.ports.queue import Queue
from lib.ports.queueing.items.messages import SenderEvent, SenderEventName
from lib.ports.queueing.names import SENDER_EVENT
from lib.use_cases.statistics.count_sender_event import CountSenderEvent

_SETTLED: Final[dict[SentStatus, SenderEventName]] = {
    "PROCESSED": "REACHED",
    "REJECTED": "NOT_REACHED",
}
_PAYMENT: Final[dict[PaymentStatus, SenderEventName]] = {"PAID": "PAID", "NOT_PAID": "REVERSED"}


class SenderEvents:
    """Count events of payment messages.

    Callers tell an event after they have stored the change, and again in each repeated run. An
    event becomes an item only if the store of the counts does not answer.
    Cost: that of CountSenderEvent for each event; none for a message without a payment.
    Concurrency: a repeated event is counted once.
    """

    def __init__(self, queue: Queue, clock: Clock, count: CountSenderEvent) -> None:
        self._queue = queue
        self._clock = clock
        self._count = count

    async def settled(self, message: Message) -> None:
        """Count the outcome of the fan-out, and the known status of the payment."""
        at = message.settled_at
        if event := _SETTLED.get(message.sent_status):
            await self._tell(_event(message, event, at, at))
        await self.payment(message)

    async def read(self, message: Message) -> None:
        """Count the first reading of the message."""
        if at := message.read_at:
            await self._tell(_event(message, "READ", at, at))

    async def reminded(self, message: Message, step: str, due_at: str) -> None:
        """Count a reminder that is sent now, by the name of its step and its time."""
        at = timestamp(self._clock.now())
        await self._tell(_event(message, "REMINDED", at, due_at, step))

    async def payment(self, message: Message) -> None:
        """Count the payment's status in the message, if the payment has an event."""
        update, status = message.payment_update, message.payment_status
        if update is None or status is None or status not in _PAYMENT:
            return
        if update.is_reopening:
            # a reopening undoes a cancellation, not a payment, so it is not counted
            return
        event, at = _PAYMENT[status], update.happened_at
        step = (message.reminders.last_sent(at) or BEFORE_ANY) if event == "PAID" else ""
        await self._tell(_event(message, event, at, update.noted_at, step))

    async def _tell(self, event: SenderEvent | None) -> None:
        if event is None:
            return
        try:
            await self._count(event)
        except (UnavailableError, LimitError):
            # a full partition must not delay the citizen either
            stamped = telemetry.stamped(event, self._clock.now())
            await self._queue.put(SENDER_EVENT, stamped.text())


def _event(
    message: Message, event: SenderEventName, at: str, noted_at: str, step: str = ""
) -> SenderEvent | None:
    if message.payment_status is None:
        return None
    return SenderEvent(
        service_id=message.sender.service_id,
        message_id=message.id,
        event=event,
        day=in_rome(parse_timestamp(at)).date().isoformat(),
        noted_at=noted_at,
        step=step,
    )
