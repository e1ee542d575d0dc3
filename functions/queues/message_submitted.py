"""Accepted messages on their way to an inbox."""

from functions.queues.consumer import Consumer
from lib.domain.events import MessageSubmitted
from lib.queues import MESSAGE_SUBMITTED

fan_out_message = Consumer(
    name="fan_out_message",
    queue=MESSAGE_SUBMITTED,
    item=MessageSubmitted,
    handler=lambda app, item: app.fan_out_message(item),
)
