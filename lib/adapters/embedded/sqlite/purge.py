"""Expired rows go little by little, at the end of what is written anyway."""

import sqlite3
from collections.abc import Sequence
from typing import Final

from lib.adapters.embedded.sqlite.tables import Table

_ROWS: Final = 64
_REST: Final = 10_000_000
"""Microseconds between two rounds over the tables when there is nothing left to purge."""


class Purge:
    """Deletes a few expired rows of one table at each call, of the next when it has no more."""

    def __init__(self, tables: Sequence[Table]) -> None:
        self._tables = tables
        self._turn: list[Table] = []
        self._after = 0

    def __call__(self, connection: sqlite3.Connection, now: int) -> None:
        """Run inside a transaction; `now` in microseconds since 1970."""
        if not self._turn:
            if now < self._after:
                return
            self._after = now + _REST
            self._turn = list(self._tables)
        deleted = connection.execute(self._turn[-1].purge, (now, _ROWS)).rowcount
        if deleted < _ROWS:
            self._turn.pop()
