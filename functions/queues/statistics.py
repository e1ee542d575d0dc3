"""Consumes the queue of senders' events, to count them."""

from typing import Any

from functions.queues.contract import Consumer
from lib.ports.queueing.items import SenderEvent
from lib.ports.queueing.names import SENDER_EVENT

count_sender_event = Consumer(
    name="count_sender_event",
    queue=SENDER_EVENT,
    item=SenderEvent,
    handler=lambda app, item: app.statistics.count_event(item),
)

CONSUMERS: tuple[Consumer[Any], ...] = (count_sender_event,)
