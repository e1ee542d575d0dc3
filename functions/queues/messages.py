"""Consumes the queues of messages: accepted messages, and updates of payments."""

from typing import Any

from functions.queues.contract import Consumer
from lib.composition.app import App
from lib.ports.queueing.items.messages import MessageSubmitted, PaymentUpdated, RecallRequested
from lib.ports.queueing.names import MESSAGE_SUBMITTED, PAYMENT_UPDATED, RECALL_REQUESTED


async def _fan_out(app: App, item: MessageSubmitted) -> None:
    """Fan a message out; a scheduled message only at its time, and if it may be sent then."""
    if item.send_at is None or await app.messages.send_scheduled(item):
        await app.messages.fan_out(item)


fan_out_message = Consumer(
    name="fan_out_message",
    queue=MESSAGE_SUBMITTED,
    item=MessageSubmitted,
    handler=_fan_out,
    has_priority=True,
)

update_payment_status = Consumer(
    name="update_payment_status",
    queue=PAYMENT_UPDATED,
    item=PaymentUpdated,
    handler=lambda app, item: app.messages.update_payment_status(item),
)

recall_messages = Consumer(
    name="recall_messages",
    queue=RECALL_REQUESTED,
    item=RecallRequested,
    handler=lambda app, item: app.messages.recall.run(item),
)

CONSUMERS: tuple[Consumer[Any], ...] = (fan_out_message, update_payment_status, recall_messages)
