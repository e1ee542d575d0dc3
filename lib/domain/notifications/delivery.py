"""One notification of a message, and what became of it."""

from dataclasses import dataclass
from enum import StrEnum


class DeliveryStatus(StrEnum):
    """What became of a delivery; only RELEASED lets another attempt have it.

    IN_PROGRESS: an attempt sends it now, or died while it was sending, which is as uncertain as
    UNCONFIRMED: the push or mail service did not answer. FAILED: refused for good. EXPIRED: its
    time was over. OBSOLETE: the state of the message, or the citizen's choice, made it needless.
    HELD: the digest tells of it.
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
    """What is sent: of which message, of which kind (with its step), by which channel.

    `message_id`: the id of the change or of the validation, where an e-mail is of no message.
    """

    message_id: str
    kind: str
    channel: str

    @property
    def id(self) -> str:
        """Return the name for those that send it, the same on every attempt."""
        return f"{self.message_id}-{self.kind}-{self.channel}"


@dataclass(frozen=True, slots=True)
class DoubtfulClaim:
    """A delivery that was claimed and is not known to be sent; times as `values.timestamp`.

    `name`: its kind with the step, and its channel.
    """

    message_id: str
    name: str
    status: DeliveryStatus
    claimed_at: str
    settled_at: str | None = None
