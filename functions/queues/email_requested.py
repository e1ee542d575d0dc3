"""E-mails that tell of messages, waiting to be sent."""

from functions.queues.contract import Consumer
from lib.ports.queueing.items import NotificationRequested
from lib.ports.queueing.names import EMAIL_REQUESTED

send_email = Consumer(
    name="send_email",
    queue=EMAIL_REQUESTED,
    item=NotificationRequested,
    handler=lambda app, item: app.send_notification(item),
)
