"""Store when each timer last fired, in a SQLite file that all workers share."""

import sqlite3
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, NamedTuple

from lib.adapters.embedded.layout import stamp

_TABLE = """CREATE TABLE IF NOT EXISTS timers (
    name TEXT PRIMARY KEY, schedule TEXT NOT NULL, run_id TEXT NOT NULL,
    last TEXT NOT NULL, busy_until REAL NOT NULL)"""
"""`run_id` was used by an earlier version; the layout keeps the empty column."""

LONGEST_LEASE: Final = 60.0
"""The longest lease in seconds. A longer lease was written before the clock was set back."""


class TimerState(NamedTuple):
    """The state of a timer: its last fired occurrence, and whether its function runs now."""

    last: datetime
    busy: bool


class TimerStore:
    """The timers and their claims.

    Concurrency: a claim is one statement; the worker whose statement changes the row has the claim.
    """

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path
        self._connection = sqlite3.connect(path, isolation_level=None, timeout=5)
        self._connection.execute("BEGIN IMMEDIATE")
        stamp(self._connection)
        self._connection.execute(_TABLE)
        self._connection.execute("COMMIT")
        self._inode = path.stat().st_ino

    def is_there(self) -> bool:
        """Tell whether the opened file is still in its place; a restore replaces it."""
        try:
            return self._path.stat().st_ino == self._inode
        except FileNotFoundError:
            return False

    def enter(self, name: str, expression: str, now: datetime) -> None:
        """Store a timer at a start of the host.

        A timer that is new, or has a new expression, starts from `now`: earlier occurrences do not
        fire.
        """
        self._connection.execute(
            "INSERT INTO timers VALUES (?, ?, '', ?, 0) ON CONFLICT (name) DO UPDATE "
            "SET schedule = excluded.schedule, last = excluded.last, busy_until = 0 "
            "WHERE schedule <> excluded.schedule",
            (name, expression, now.isoformat()),
        )

    def read(self, name: str) -> TimerState:
        """Return the state of an entered timer."""
        last, busy_until = self._connection.execute(
            "SELECT last, busy_until FROM timers WHERE name = ?", (name,)
        ).fetchone()
        left = busy_until - time.time()
        return TimerState(datetime.fromisoformat(last).astimezone(UTC), 0 < left <= LONGEST_LEASE)

    def claim(self, name: str, last: datetime, occurrence: datetime, lease: float) -> bool:
        """Claim the occurrence after `last` for `lease` seconds.

        Return False if another worker has the claim.
        """
        now = time.time()
        cursor = self._connection.execute(
            "UPDATE timers SET last = ?, busy_until = ? "
            "WHERE name = ? AND last = ? AND NOT busy_until BETWEEN ? AND ?",
            (
                *(occurrence.isoformat(), now + lease, name, last.isoformat()),
                now,
                now + LONGEST_LEASE,
            ),
        )
        return cursor.rowcount == 1

    def hold(self, name: str, lease: float) -> None:
        """Prolong a claim by `lease` seconds; 0 ends it."""
        self._connection.execute(
            "UPDATE timers SET busy_until = ? WHERE name = ?",
            (time.time() + lease if lease else 0, name),
        )

    def close(self) -> None:
        """Close the file."""
        self._connection.close()
