"""Consumes the queues of senders' statistics: events to count, and weeks to fold."""

from typing import Any

from functions.queues.contract import Consumer
from lib.ports.queueing.items.messages import FoldDue, SenderEvent
from lib.ports.queueing.names import FOLD_DUE, SENDER_EVENT

count_sender_event = Consumer(
    name="count_sender_event",
    queue=SENDER_EVENT,
    item=SenderEvent,
    handler=lambda app, item: app.statistics.count_event(item),
)

fold_week = Consumer(
    name="fold_week",
    queue=FOLD_DUE,
    item=FoldDue,
    handler=lambda app, item: app.statistics.fold_week(item),
)

CONSUMERS: tuple[Consumer[Any], ...] = (count_sender_event, fold_week)
