"""The names of the queues."""

from typing import Final

from lib.ports.queue import POISON_SUFFIX

MESSAGE_SUBMITTED: Final = "message-submitted"
NOTIFICATION_REQUESTED: Final = "notification-requested"
"""The queue of push notifications.

E-mails that an older version put into it are moved to their own queue.
"""
EMAIL_REQUESTED: Final = "email-requested"
"""The queue of e-mails about messages, so that a slow mail server delays no push notification."""
INSTALLATION_CHANGED: Final = "installation-changed"
PAYMENT_UPDATED: Final = "payment-updated"
RECALL_REQUESTED: Final = "recall-requested"
SENDER_EVENT: Final = "sender-event"
REMINDER_DUE: Final = "reminder-due"
INSTALMENT_DUE: Final = "instalment-due"
DIGEST_DUE: Final = "digest-due"
FOLD_DUE: Final = "fold-due"
SERVICE_CHANGED: Final = "service-changed"
EMAIL_VALIDATION_REQUESTED: Final = "email-validation-requested"
EMAIL_ADDRESS_CHANGED: Final = "email-address-changed"
SUBSCRIPTION_SWITCHED: Final = "subscription-switched"
ORGANIZATION_APPLIED: Final = "organization-applied"
USER_DATA_REQUESTED: Final = "user-data-requested"
ATTACHMENT_UPLOADED: Final = "attachment-uploaded"
INBOX_SEARCHED: Final = "inbox-searched"
CITIZENS_LOOKED_UP: Final = "citizens-looked-up"
ERASURE_DUE: Final = "erasure-due"
BATCH_UPLOADED: Final = "batch-uploaded"
BATCH_STARTED: Final = "batch-started"
BATCH_CHUNK: Final = "batch-chunk"
URGENT_BATCH_CHUNK: Final = "urgent-batch-chunk"
"""The queue of urgent batches, so that they do not wait behind the chunks of other batches."""

QUEUES: Final = (
    MESSAGE_SUBMITTED,
    NOTIFICATION_REQUESTED,
    EMAIL_REQUESTED,
    INSTALLATION_CHANGED,
    PAYMENT_UPDATED,
    RECALL_REQUESTED,
    SENDER_EVENT,
    REMINDER_DUE,
    INSTALMENT_DUE,
    DIGEST_DUE,
    FOLD_DUE,
    SERVICE_CHANGED,
    EMAIL_VALIDATION_REQUESTED,
    EMAIL_ADDRESS_CHANGED,
    SUBSCRIPTION_SWITCHED,
    ORGANIZATION_APPLIED,
    USER_DATA_REQUESTED,
    ATTACHMENT_UPLOADED,
    INBOX_SEARCHED,
    CITIZENS_LOOKED_UP,
    ERASURE_DUE,
    BATCH_UPLOADED,
    BATCH_STARTED,
    BATCH_CHUNK,
    URGENT_BATCH_CHUNK,
)

MAX_DEQUEUE_COUNT: Final = 5
"""The number of failures (host.json) after which the platform moves an item to the poison queue."""

EVERY_QUEUE: Final = tuple(name for queue in QUEUES for name in (queue, f"{queue}{POISON_SUFFIX}"))
