"""Accepted messages on their way to an inbox."""

from functions.queues.contract import Consumer
from lib.ports.queueing.items import MessageSubmitted
from lib.ports.queueing.names import MESSAGE_SUBMITTED

fan_out_message = Consumer(
    name="fan_out_message",
    queue=MESSAGE_SUBMITTED,
    item=MessageSubmitted,
    handler=lambda app, item: app.fan_out_message(item),
)
