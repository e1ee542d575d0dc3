"""Pushes waiting to be sent."""

from functions.queues.contract import Consumer
from lib.ports.queueing.items import NotificationRequested
from lib.ports.queueing.names import NOTIFICATION_REQUESTED

send_notification = Consumer(
    name="send_notification",
    queue=NOTIFICATION_REQUESTED,
    item=NotificationRequested,
    # e-mails that an older version put here go on to their own queue
    handler=lambda app, item: (
        app.send_notification(item) if item.channel == "PUSH" else app.request_notifications([item])
    ),
)
