"""The memory that a process has for large answers at a time."""

from collections.abc import Iterator
from contextlib import contextmanager


class Share:
    """The bytes of a room that one answer takes."""

    __slots__ = ("size",)

    def __init__(self) -> None:
        self.size = 0


class Room:
    """The bytes of answers that a process may hold at a time, while it reads them.

    Concurrency: in one event loop.
    """

    def __init__(self, size: int) -> None:
        self._free = size

    @contextmanager
    def taken(self) -> Iterator[Share]:
        """Give a share that grows with an answer, and is given back at the end."""
        share = Share()
        try:
            yield share
        finally:
            self._free += share.size

    def grow(self, share: Share, size: int) -> bool:
        """Make the share at least this large; return False where there is no room."""
        more = size - share.size
        if more <= 0:
            return True
        if more > self._free:
            return False
        self._free -= more
        share.size = size
        return True
