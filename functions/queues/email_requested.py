"""E-mails that tell of messages, waiting to be sent."""

from functions.queues.consumer import Consumer
from lib.domain.events import NotificationRequested
from lib.queues import EMAIL_REQUESTED

send_email = Consumer(
    name="send_email",
    queue=EMAIL_REQUESTED,
    item=NotificationRequested,
    handler=lambda app, item: app.send_notification(item),
)
