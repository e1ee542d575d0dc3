"""When each timer last fired, in one SQLite file that all workers share."""

import sqlite3
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, NamedTuple

from lib.adapters.embedded.layout import stamp

_TABLE = """CREATE TABLE IF NOT EXISTS timers (
    name TEXT PRIMARY KEY, schedule TEXT NOT NULL, run_id TEXT NOT NULL,
    last TEXT NOT NULL, busy_until REAL NOT NULL)"""


LONGEST_LEASE: Final = 60.0
"""Seconds: who seems to hold a timer for longer held it before the clock was set back."""


class TimerState(NamedTuple):
    """`last`: the occurrence that fired last; `busy`: one is running somewhere now."""

    last: datetime
    busy: bool


class TimerStore:
    """Claims are single statements: whichever worker's changes the row has the occurrence."""

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
        """Tell whether the file is still the one that was opened; a restore replaces it."""
        try:
            return self._path.stat().st_ino == self._inode
        except FileNotFoundError:
            return False

    def enter(self, name: str, schedule: str, run_id: str, now: datetime, *, monitor: bool) -> bool:
        """Make the timer known at host start; tell whether this worker is the first of the run.

        A timer that is new, has another schedule, or is not monitored starts from `now`: what it
        missed is forgotten.
        """
        with closing(self._connection.cursor()) as cursor:
            cursor.execute("BEGIN IMMEDIATE")
            row = cursor.execute(
                "SELECT schedule, run_id FROM timers WHERE name = ?", (name,)
            ).fetchone()
            first = row is None or row[1] != run_id
            if row is None or (first and not monitor) or row[0] != schedule:
                cursor.execute(
                    "INSERT OR REPLACE INTO timers VALUES (?, ?, ?, ?, 0)",
                    (name, schedule, run_id, now.isoformat()),
                )
            elif first:
                cursor.execute("UPDATE timers SET run_id = ? WHERE name = ?", (run_id, name))
            cursor.execute("COMMIT")
            return first

    def read(self, name: str) -> TimerState:
        """Return the state of a timer that was entered."""
        last, busy_until = self._connection.execute(
            "SELECT last, busy_until FROM timers WHERE name = ?", (name,)
        ).fetchone()
        left = busy_until - time.time()
        return TimerState(datetime.fromisoformat(last).astimezone(UTC), 0 < left <= LONGEST_LEASE)

    def claim(self, name: str, last: datetime, occurrence: datetime, lease: float) -> bool:
        """Take the occurrence that follows `last`, for `lease` seconds; False = another did."""
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
        """Prolong what was claimed; 0 ends it."""
        self._connection.execute(
            "UPDATE timers SET busy_until = ? WHERE name = ?",
            (time.time() + lease if lease else 0, name),
        )

    def close(self) -> None:
        """Release the file."""
        self._connection.close()
