"""Payments whose messages do not say yet what became of them."""

from functions.queues.contract import Consumer
from lib.ports.queueing.items import PaymentUpdated
from lib.ports.queueing.names import PAYMENT_UPDATED

update_payment_status = Consumer(
    name="update_payment_status",
    queue=PAYMENT_UPDATED,
    item=PaymentUpdated,
    handler=lambda app, item: app.update_payment_status(item),
)
