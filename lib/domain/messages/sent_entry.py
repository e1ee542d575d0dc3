"""An entry in the list of the messages that a service sent."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from lib.domain.messages.message import Message
from lib.domain.messages.message_parts import ListedStatus
from lib.domain.shared.deadline import in_rome
from lib.domain.shared.identifiers import FiscalCode, MessageId, Reference, ServiceId
from lib.domain.shared.values import parse_timestamp

LATE_WRITE: Final = timedelta(seconds=10)
"""The age from which a change is shown among the changes.

It is longer than a write takes (`MAX_WRITE_SECONDS`) with the difference of two clocks. So no
change is stored before a place that a reader has passed.
"""
MAX_WRITE_SECONDS: Final = 5.0
"""The longest time from the choice of a change's place to the end of its write."""


@dataclass(frozen=True, slots=True, repr=False)
class SentEntry:
    """The fields of a message in the list; times as `values.timestamp` writes them.

    `user_id`: the account that sent the message. `changes`: the number of the message's status
    changes; of two statuses, the one with more changes is later. `changed_at`: the time of the last
    change, in the list of changes the time of the entry's place. `withdrawn_at`: None for a message
    that its sender did not withdraw. `is_notice`: the message was made from a payment notice.
    """

    id: MessageId
    service_id: ServiceId
    fiscal_code: FiscalCode
    user_id: str
    reference: Reference | None
    status: ListedStatus
    created_at: str
    changed_at: str
    changes: int
    withdrawn_at: str | None = None
    is_notice: bool = False

    def __repr__(self) -> str:
        """Return the id of the message only: the rest may be personal data."""
        return f"{type(self).__name__}(id={self.id!r})"

    @property
    def day(self) -> date:
        """The day in Italy on which the message was accepted, or for which it is scheduled."""
        return in_rome(parse_timestamp(self.created_at)).date()


@dataclass(frozen=True, slots=True)
class StatusCounts:
    """The numbers of messages by their present status.

    `scheduled`: those that wait for their set time. `sent` is the sum of all others.
    """

    sent: int
    accepted: int
    processed: int
    rejected: int
    failed: int
    scheduled: int = 0

    @classmethod
    def of(cls, counts: Mapping[str, int]) -> "StatusCounts":
        """Return the counts of the statuses."""
        names = ("ACCEPTED", "PROCESSED", "REJECTED", "FAILED")
        parts = [counts.get(name, 0) for name in names]
        return cls(*(sum(parts), *parts, counts.get("SCHEDULED", 0)))


def entry_of(message: Message) -> SentEntry:
    """Return the entry of a message in its present status."""
    return SentEntry(
        message.id,
        message.sender.service_id,
        message.fiscal_code,
        message.sender_user_id,
        message.reference,
        message.listed_status,
        message.created_at,
        message.settled_at,
        len(message.status_history),
        withdrawn_at=None if message.withdrawal is None else message.withdrawal.at,
        is_notice=message.is_notice,
    )
