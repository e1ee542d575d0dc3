"""Names of the queues, past tense for events."""

from typing import Final

MESSAGE_SUBMITTED: Final = "message-submitted"
NOTIFICATION_REQUESTED: Final = "notification-requested"

POISON_SUFFIX: Final = "-poison"
