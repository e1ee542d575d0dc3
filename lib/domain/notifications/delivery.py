"""The delivery of one notification by one channel, and its outcome."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, NewType

from lib.domain.identity.acting import DelegationId
from lib.domain.shared.identifiers import NO_SERVICE_ID, ServiceId

SubjectId = NewType("SubjectId", str)
"""The id of a message, or of the change or the validation that an e-mail is about."""


class DeliveryStatus(StrEnum):
    """The outcome of a delivery. Only RELEASED allows another attempt.

    IN_PROGRESS: an attempt is sending, or crashed while it was sending. UNCONFIRMED: the push or
    mail service did not answer, or a later attempt found that the attempt which was sending left no
    outcome. In all these cases it is not known whether the notification went out.
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


COUNTED: Final = frozenset(
    {DeliveryStatus.IN_PROGRESS, DeliveryStatus.SENT, DeliveryStatus.UNCONFIRMED}
)
"""The states of a notification that went out, or may have gone out."""


DELEGATE: Final = "DELEGATE"
"""The channel of an entry for the owner of a message: a delegate is told of it."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """A delivery, named by its subject, its kind (with the step) and its channel.

    `recipient`: the fiscal code of the citizen, or of the organisation that applies. `service_id`:
    the service whose message is announced, if any. `day`: the day in Italy whose limit counts the
    notification; "" where no limit does. `delegation_id`: that by which the recipient sees the
    message of another inbox; in the channel DELEGATE that of the person who is told.
    """

    recipient: str = field(repr=False)
    subject_id: SubjectId
    kind: str
    channel: str
    service_id: ServiceId = NO_SERVICE_ID
    day: str = ""
    delegation_id: DelegationId | None = None

    @property
    def id(self) -> str:
        """Return the id of the claim and for the channels; it is the same on every attempt."""
        whose = f"-{self.delegation_id}" if self.channel == DELEGATE else ""
        return f"{self.name}-{self.channel}{whose}"

    @property
    def name(self) -> str:
        """Return the name of the notification, which its channels have in common."""
        return f"{self.subject_id}-{self.kind}"


@dataclass(frozen=True, slots=True)
class Claim:
    """The claim of an attempt on a delivery.

    `settled_at`: when the outcome was stored. Times are as `values.timestamp` writes them.
    """

    delivery: Delivery
    status: DeliveryStatus
    claimant: str
    claimed_at: str
    settled_at: str | None = None

    @property
    def is_left(self) -> bool:
        """Whether no outcome was stored.

        The attempt is sending, has sent, or ended without a trace.
        """
        return self.settled_at is None and self.status in COUNTED

    def is_unsent(self, unsent: tuple[str, ...]) -> bool:
        """Tell whether the attempt certainly has not sent; `unsent`: such claimants.

        A later attempt that did not know it may have recorded a doubt.
        """
        is_named = self.claimant in unsent and self.status in COUNTED
        return self.status is DeliveryStatus.RELEASED or is_named

    @property
    def at(self) -> str:
        """The time of the present status."""
        return self.settled_at or self.claimed_at


@dataclass(frozen=True, slots=True)
class DoubtfulClaim:
    """A claimed delivery with an unknown outcome: it may or may not have been sent.

    `name`: its kind with the step, and its channel. Times are as `values.timestamp` writes them.
    `recipient`: as Delivery.recipient; None for a claim of the release 2026.11.0.
    """

    recipient: str | None = field(repr=False)
    subject_id: SubjectId
    name: str
    status: DeliveryStatus
    claimed_at: str
    settled_at: str | None = None
