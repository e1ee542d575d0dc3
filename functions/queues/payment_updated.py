"""Payments whose messages do not say yet what became of them."""

from functions.queues.consumer import Consumer
from lib.domain.events import PaymentUpdated
from lib.queues import PAYMENT_UPDATED

mark_payment = Consumer(
    name="mark_payment",
    queue=PAYMENT_UPDATED,
    item=PaymentUpdated,
    handler=lambda app, item: app.mark_payment(item),
)
