"""The time of the queue, which does not depend on changes of the wall clock.

A wall clock that is set back by an hour would hide every item for an hour longer. So the time of
the queue is an anchor in the file plus the time since the start of the machine, which is the same
in all processes. After a new start of the machine, the wall clock sets the anchor.
"""

import sqlite3
from typing import Final, Protocol, runtime_checkable

from lib.adapters.embedded.sqlite.group_commit import wall_time
from lib.adapters.embedded.steady import boot_id
from lib.ports.clock import Clock

_TABLE: Final = "CREATE TABLE IF NOT EXISTS _time (boot TEXT NOT NULL, base INTEGER NOT NULL)"
_LATEST: Final = "SELECT inserted_at FROM items ORDER BY n DESC LIMIT 1"
_FREE: Final = "UPDATE items SET visible_at = ? WHERE dequeue_count > 0 AND visible_at > ?"
_SECOND: Final = 1_000_000


@runtime_checkable
class SteadyClock(Protocol):
    """A clock with a steady time, which never goes back."""

    def steady(self) -> int:
        """Return the microseconds since the start of the machine, plus the sandbox's offset."""
        ...


class QueueTime:
    """The time of a queue in microseconds since 1970; that of the clock if it has no `steady`."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._steady = clock if isinstance(clock, SteadyClock) else None
        self._base = 0

    def anchor(self, connection: sqlite3.Connection) -> None:
        """Read the file's anchor or set it, inside the transaction that opens the file."""
        if self._steady is None:
            return
        connection.execute(_TABLE)
        boot = boot_id()
        row = connection.execute("SELECT boot, base FROM _time").fetchone()
        (latest,) = connection.execute(_LATEST).fetchone() or (0,)
        if row is not None and row[0] == boot:
            self._base = row[1]
            # otherwise the sandbox's clock was deleted, or the file is a restored backup
            if self.now() >= latest - _SECOND:
                return
        now = max(wall_time(self._clock), latest)
        self._base = now - self._steady.steady()
        connection.execute("DELETE FROM _time")
        connection.execute("INSERT INTO _time VALUES (?, ?)", (boot, self._base))
        if row is not None and row[0] != boot:
            # every process that had received an item ended with the machine
            connection.execute(_FREE, (now, now))

    def now(self) -> int:
        """Return the current time of the queue."""
        if self._steady is None:
            return wall_time(self._clock)
        return self._base + self._steady.steady()

    def on_the_wall(self, moment: int) -> int:
        """Return the wall clock's time for a time of the queue."""
        ahead = wall_time(self._clock) - self.now()
        return moment + round(ahead / _SECOND) * _SECOND
