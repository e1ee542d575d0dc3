"""Queue items that could not be processed."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

UNKNOWN_REASON: Final = "the process died each time"
OUTAGE: Final = "outage: "
"""The first words of the reason, where a temporary failure stopped the processing of an item."""

UNREADABLE: Final = "UnreadableItemError"
"""The first word of the reason, where the text is not an item of its queue."""

MOST_AT_ONCE: Final = 100
"""The dead letters that one call replays at most."""


class FailureKind(StrEnum):
    """The kind of a reason, by which pages say it in words."""

    PROCESS_DIED = "PROCESS_DIED"
    OUTAGE = "OUTAGE"
    UNREADABLE = "UNREADABLE"
    FAULT = "FAULT"


@dataclass(frozen=True, slots=True)
class Cause:
    """The operator of a replay, by the id of the subscription, and the reason."""

    operator: str
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A queue item with the reason of its failure; `failed_at` as `values.timestamp` writes it.

    `text`: the item. It is "" in a list, since the item names a citizen.
    """

    id: str
    queue: str
    reason: str
    failed_at: str
    text: str = field(default="", repr=False)

    @property
    def kind(self) -> FailureKind:
        """The kind of failure, which follows from the reason, also of an older letter."""
        if self.reason == UNKNOWN_REASON:
            return FailureKind.PROCESS_DIED
        if self.reason.startswith(OUTAGE):
            return FailureKind.OUTAGE
        if self.reason.startswith(UNREADABLE):
            return FailureKind.UNREADABLE
        return FailureKind.FAULT
