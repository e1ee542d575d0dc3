"""Consumes the queues of notifications: pushes, e-mails and digests."""

from typing import Any

from functions.queues.contract import Consumer
from lib.ports.queueing.items.notifications import DigestDue, NotificationRequested
from lib.ports.queueing.names import DIGEST_DUE, EMAIL_REQUESTED, NOTIFICATION_REQUESTED

send_notification = Consumer(
    name="send_notification",
    queue=NOTIFICATION_REQUESTED,
    item=NotificationRequested,
    # e-mails that an older version put here go on to their own queue
    handler=lambda app, item: (
        app.notifications.send(item)
        if item.channel == "PUSH"
        else app.notifications.request([item])
    ),
)

send_email = Consumer(
    name="send_email",
    queue=EMAIL_REQUESTED,
    item=NotificationRequested,
    handler=lambda app, item: app.notifications.send(item),
)

send_digest = Consumer(
    name="send_digest",
    queue=DIGEST_DUE,
    item=DigestDue,
    handler=lambda app, item: app.notifications.send_digest(item),
)

CONSUMERS: tuple[Consumer[Any], ...] = (send_notification, send_email, send_digest)
