"""Pushes waiting to be sent."""

from functions.queues.consumer import Consumer
from lib.domain.events import NotificationRequested
from lib.queues import NOTIFICATION_REQUESTED

send_notification = Consumer(
    name="send_notification",
    queue=NOTIFICATION_REQUESTED,
    item=NotificationRequested,
    # e-mails that an older version put here go on to their own queue
    handler=lambda app, item: (
        app.send_notification(item) if item.channel == "PUSH" else app.request_notifications([item])
    ),
)
