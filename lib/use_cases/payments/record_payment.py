"""Record the payment events that pagoPA's side reports."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from lib import telemetry
from lib.domain.payments.errors import PaymentFromFutureError
from lib.domain.payments.payment import Payment, PaymentEvent
from lib.domain.shared.identifiers import RptId
from lib.domain.shared.values import timestamp
from lib.ports.clock import Clock
from lib.ports.queue import Queue
from lib.ports.queueing.items.messages import PaymentUpdated
from lib.ports.queueing.names import PAYMENT_UPDATED
from lib.repositories.payments.payments import Payments

CLOCK_SKEW: Final = timedelta(minutes=5)
"""The maximum time of an event ahead of the clock: a later event would hide true events."""


class RecordPayment:
    """Record events of payments and queue the update of their messages.

    Cost: one read, one write and one put for each payment that a message carries.
    Concurrency: events may come in any order and repeatedly.
    """

    def __init__(self, payments: Payments, queue: Queue, clock: Clock) -> None:
        self._payments = payments
        self._queue = queue
        self._clock = clock

    async def __call__(self, events: Sequence[tuple[RptId, PaymentEvent]]) -> list[Payment]:
        """Record (rpt_id, event) pairs; return each payment once, in the order of the pairs.

        Raise PaymentFromFutureError; then no event is recorded. Raise UnavailableError; then some
        events may be recorded, and the same call again records the others.
        """
        latest = timestamp(self._clock.now() + CLOCK_SKEW)
        last: dict[RptId, PaymentEvent] = {}
        for rpt_id, event in events:
            if event.occurred_at > latest:
                raise PaymentFromFutureError(event.id)
            known = last.get(rpt_id)
            if known is None or event.order > known.order:
                last[rpt_id] = event
        return [await self._record(rpt_id, event) for rpt_id, event in last.items()]

    async def _record(self, rpt_id: RptId, event: PaymentEvent) -> Payment:
        at = timestamp(self._clock.now())
        change = await self._payments.change(rpt_id, lambda payment: payment.after(event, at))
        payment = change.after
        if change.before.status != payment.status:
            telemetry.payment_became(payment.status)
        # A repeated call puts the item again, since the first call may have crashed before the
        # put. An event that is older than the last event changes nothing.
        if payment.carriers and payment.event and payment.event.order == event.order:
            item = telemetry.stamped(PaymentUpdated(rpt_id=rpt_id), self._clock.now())
            await self._queue.put(PAYMENT_UPDATED, item.text())
        return payment
