"""Delete expired rows in small portions, at the end of each write."""

import sqlite3
from collections.abc import Sequence
from typing import Final

from lib.adapters.embedded.sqlite.tables import Table

_ROWS: Final = 64
_REST: Final = 10_000_000
"""The microseconds between two rounds over the tables without expired rows."""


class Purge:
    """The purge of expired rows: each call deletes some rows, table after table."""

    def __init__(self, tables: Sequence[Table]) -> None:
        self._tables = tables
        self._turn: list[Table] = []
        self._after = 0

    def __call__(self, connection: sqlite3.Connection, now: int) -> None:
        """Delete some expired rows, inside a transaction; `now` is in microseconds since 1970."""
        if not self._turn:
            if now < self._after:
                return
            self._after = now + _REST
            self._turn = list(self._tables)
        deleted = connection.execute(self._turn[-1].purge, (now, _ROWS)).rowcount
        if deleted < _ROWS:
            self._turn.pop()
