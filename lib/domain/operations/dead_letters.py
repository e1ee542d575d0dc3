"""Queue items that could not be processed."""

from dataclasses import dataclass, field
from typing import Final

UNKNOWN_REASON: Final = "the process died each time"
OUTAGE: Final = "outage: "
"""Begins the reason of an item that a passing failure kept from being processed."""


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A queue item with the reason why it failed; `failed_at` as `values.timestamp` writes it.

    `text`: the item; "" in a list, since the item names a citizen.
    """

    id: str
    queue: str
    reason: str
    failed_at: str
    text: str = field(default="", repr=False)
