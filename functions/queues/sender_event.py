"""What became of senders' messages, to be counted."""

from functions.queues.consumer import Consumer
from lib.domain.events import SenderEvent
from lib.queues import SENDER_EVENT

count_sender_event = Consumer(
    name="count_sender_event",
    queue=SENDER_EVENT,
    item=SenderEvent,
    handler=lambda app, item: app.count_sender_event(item),
)
