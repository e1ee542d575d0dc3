"""Queue items that could not be processed."""

from dataclasses import dataclass, field
from typing import Final

UNKNOWN_REASON: Final = "the process died each time"
OUTAGE: Final = "outage: "
"""The first words of the reason, where a temporary failure stopped the processing of an item."""

MOST_AT_ONCE: Final = 100
"""The dead letters that one call replays at most."""


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
