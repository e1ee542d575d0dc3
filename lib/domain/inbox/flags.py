"""The flags that a citizen sets of a message."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Flags:
    """A change of flags; None for a flag that keeps its value. A message is never unread again."""

    is_read: bool | None = None
    is_archived: bool | None = None
    is_starred: bool | None = None
    is_binned: bool | None = None
