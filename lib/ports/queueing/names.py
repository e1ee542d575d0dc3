"""Names of the queues, past tense for events."""

from typing import Final

MESSAGE_SUBMITTED: Final = "message-submitted"
NOTIFICATION_REQUESTED: Final = "notification-requested"
"""Pushes. An older version's e-mails are moved on from here."""
EMAIL_REQUESTED: Final = "email-requested"
"""E-mails that tell of messages: a mail server that is slow holds up no push."""
INSTALLATION_CHANGED: Final = "installation-changed"
PAYMENT_UPDATED: Final = "payment-updated"
SENDER_EVENT: Final = "sender-event"
REMINDER_DUE: Final = "reminder-due"
INSTALMENT_DUE: Final = "instalment-due"
DIGEST_DUE: Final = "digest-due"
EMAIL_VALIDATION_REQUESTED: Final = "email-validation-requested"
EMAIL_ADDRESS_CHANGED: Final = "email-address-changed"

QUEUES: Final = (
    MESSAGE_SUBMITTED,
    NOTIFICATION_REQUESTED,
    EMAIL_REQUESTED,
    INSTALLATION_CHANGED,
    PAYMENT_UPDATED,
    SENDER_EVENT,
    REMINDER_DUE,
    INSTALMENT_DUE,
    DIGEST_DUE,
    EMAIL_VALIDATION_REQUESTED,
    EMAIL_ADDRESS_CHANGED,
)

POISON_SUFFIX: Final = "-poison"
MAX_DEQUEUE_COUNT: Final = 5
"""As in host.json: after so many failures the platform moves an item to its poison queue."""

EVERY_QUEUE: Final = tuple(name for queue in QUEUES for name in (queue, f"{queue}{POISON_SUFFIX}"))
