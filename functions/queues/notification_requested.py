"""Notifications waiting to be sent."""

from functions.queues.consumer import Consumer
from lib.domain.events import NotificationRequested
from lib.queues import NOTIFICATION_REQUESTED

send_notification = Consumer(
    name="send_notification",
    queue=NOTIFICATION_REQUESTED,
    item=NotificationRequested,
    handler=lambda app, item: app.send_notification(item),
)
