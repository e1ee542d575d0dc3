"""The delivery of one notification by one channel, and its outcome."""

from dataclasses import dataclass
from enum import StrEnum


class DeliveryStatus(StrEnum):
    """The outcome of a delivery. Only RELEASED allows another attempt.

    IN_PROGRESS: an attempt is sending, or crashed while it was sending. UNCONFIRMED: the push or
    mail service did not answer. In both cases it is not known whether the notification went out.
    FAILED: the service refused the notification for good. EXPIRED: it was too late to send.
    OBSOLETE: the state of the message, or the citizen's choice, made the notification needless.
    HELD: the digest counts the notification.
    """

    IN_PROGRESS = "IN_PROGRESS"
    RELEASED = "RELEASED"
    SENT = "SENT"
    UNCONFIRMED = "UNCONFIRMED"
    FAILED = "FAILED"
    EXPIRED = "EXPIRED"
    OBSOLETE = "OBSOLETE"
    HELD = "HELD"


@dataclass(frozen=True, slots=True)
class Delivery:
    """The name of a delivery: message, kind (with its step) and channel.

    `message_id`: the id of the change or of the validation where an e-mail is not about a message.
    """

    message_id: str
    kind: str
    channel: str

    @property
    def id(self) -> str:
        """Return the id for the channels; it is the same on every attempt."""
        return f"{self.message_id}-{self.kind}-{self.channel}"


@dataclass(frozen=True, slots=True)
class DoubtfulClaim:
    """A claimed delivery with an unknown outcome: it may or may not have been sent.

    `name`: its kind with the step, and its channel. Times are as `values.timestamp` writes them.
    """

    message_id: str
    name: str
    status: DeliveryStatus
    claimed_at: str
    settled_at: str | None = None
