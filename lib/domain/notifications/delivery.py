"""The delivery of one notification by one channel, and its outcome."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NewType

SubjectId = NewType("SubjectId", str)
"""The id of a message, or of the change or the validation that an e-mail is about."""


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
    """The name of a delivery: its subject, its kind (with the step) and its channel."""

    subject_id: SubjectId
    kind: str
    channel: str

    @property
    def id(self) -> str:
        """Return the id for the channels; it is the same on every attempt."""
        return f"{self.subject_id}-{self.kind}-{self.channel}"


@dataclass(frozen=True, slots=True)
class DoubtfulClaim:
    """A claimed delivery with an unknown outcome: it may or may not have been sent.

    `name`: its kind with the step, and its channel. Times are as `values.timestamp` writes them.
    """

    subject_id: SubjectId
    name: str
    status: DeliveryStatus
    claimed_at: str
    settled_at: str | None = None


@dataclass(frozen=True, slots=True)
class DeliveryOutcome:
    """The state of a delivery; `at`, as `values.timestamp` writes it, is the time of that state."""

    channel: str
    status: DeliveryStatus
    at: str
