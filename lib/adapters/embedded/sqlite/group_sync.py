"""The second half of a group commit: answer writes once they are on the disk."""

import asyncio
import logging
import sqlite3
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from lib.adapters.embedded.disk import HelperThread
from lib.adapters.embedded.sqlite.file import SQLiteFile
from lib.ports.errors import UnavailableError

type WriteResult = tuple[asyncio.Future[Any], Any, Exception | None]
"""A future of a group, with its result or its own error."""


_log: Final = logging.getLogger(__name__)


class GroupSync:
    """The committed groups of one file that wait for a sync, in order.

    `then` is called after each sync with the number of answered writes. After a failed sync, all
    later writes fail too: the kernel may have dropped pages, so the rest of the WAL is not
    reliable; or another file has the place of this file. `on_broken` is called once then.
    """

    def __init__(
        self,
        path: Path,
        then: Callable[[asyncio.AbstractEventLoop, int], None],
        on_broken: Callable[[], None] | None,
    ) -> None:
        self.broken = False
        self._path = path
        self._then = then
        self._on_broken = on_broken
        self._groups = deque[list[WriteResult]]()
        self._commits = self._answered = 0
        self._is_asked = False

    @property
    def under_way(self) -> bool:
        """Tell whether a write waits for a sync."""
        return bool(self._groups)

    def add(
        self,
        loop: asyncio.AbstractEventLoop,
        file: SQLiteFile,
        helper: HelperThread,
        outcomes: list[WriteResult],
    ) -> None:
        """Add a committed group; one sync serves all groups until the disk starts it."""
        self._groups.append(outcomes)
        self._commits += 1
        if self._is_asked:
            return
        self._is_asked = True
        covered = 0

        def sync() -> None:
            nonlocal covered
            # the order matters: a commit after the count asks for another sync
            self._is_asked = False
            covered = self._commits
            file.sync()

        def finish(loop: asyncio.AbstractEventLoop, failure: OSError | None) -> None:
            self._answer(loop, covered, failure)

        helper.run(loop, sync, finish)

    def fail(self, failure: OSError) -> None:
        """Fail all waiting and all later writes."""
        if self.broken:
            return
        self.broken = True
        _log.critical("%s: %s; no write is answered any more", self._path.name, failure)
        if self._on_broken is not None:
            self._on_broken()

    def _answer(
        self, loop: asyncio.AbstractEventLoop, covered: int, failure: OSError | None
    ) -> None:
        if failure is not None:
            self.fail(failure)
        count = 0
        while self._answered < covered:
            self._answered += 1
            for future, result, error in self._groups.popleft():
                count += 1
                if future.done():
                    continue
                if self.broken:
                    future.set_exception(self.lost(failure))
                elif error is not None:
                    future.set_exception(error)
                else:
                    future.set_result(result)
        self._then(loop, count)

    def lost(self, failure: OSError | None = None) -> UnavailableError:
        """Return the error of a write after a failed sync."""
        return unavailable(self._path, failure or OSError("a sync failed; restart the process"))


def unavailable(path: Path, error: Exception) -> UnavailableError:
    """Return the port's error for an error of the file."""
    # SQLite's messages name files, tables and rules, but no values; other messages may
    safe = isinstance(error, (sqlite3.Error, OSError))
    return UnavailableError(f"{path.name}: {error if safe else type(error).__name__}")
