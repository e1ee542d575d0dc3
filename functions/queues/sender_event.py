"""What became of senders' messages, to be counted."""

from functions.queues.contract import Consumer
from lib.ports.queueing.items import SenderEvent
from lib.ports.queueing.names import SENDER_EVENT

count_sender_event = Consumer(
    name="count_sender_event",
    queue=SENDER_EVENT,
    item=SenderEvent,
    handler=lambda app, item: app.count_sender_event(item),
)
