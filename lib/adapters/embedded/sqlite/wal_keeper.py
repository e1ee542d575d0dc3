"""Copy and empty the write-ahead log (WAL), and check that the file is still the same."""

import asyncio
from collections.abc import Callable
from typing import Final

from lib.adapters.embedded.sqlite.file import SQLiteFile

CHECKPOINT_EVERY: Final = 2048
"""The number of this process's writes between two checkpoints. A write may be a large batch."""

LOOK_SECONDS: Final = 1.0
"""The seconds between two checks of the file. A check also empties the WAL."""

SMALL_WAL: Final = 4 * 1024 * 1024
"""The size, in bytes, up to which a WAL keeps its space on the disk without writes."""

LONG_WAL: Final = 64 * 1024 * 1024
"""The size, in bytes, from which each check copies the WAL: a read looks all of it through."""


class WalKeeper:
    """The checkpoints of one file, one at a time, in a thread.

    `on_lost` is called with the OSError of a check that finds another file in the file's place, or
    lost content.
    """

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        file: SQLiteFile,
        on_lost: Callable[[OSError], None],
    ) -> None:
        self.loop, self._file, self._on_lost = loop, file, on_lost
        self._writes = 0
        self._is_full = False
        self._state = file.wal_state()
        self._checkpoint: asyncio.Future[None] | None = None
        self._timer = loop.call_later(LOOK_SECONDS, self._check)

    @property
    def is_busy(self) -> bool:
        """Tell whether a checkpoint is running."""
        return self._checkpoint is not None

    def wrote(self, count: int) -> None:
        """Count writes, and start a checkpoint after enough of them."""
        self._writes += count
        if self._writes >= CHECKPOINT_EVERY and self._checkpoint is None:
            self._writes = 0
            self._run(self._file.checkpoint)

    def disk_is_full(self) -> None:
        """Empty the WAL at the next check, since it may use the space that the file needs."""
        self._is_full = True

    def stop(self) -> None:
        """Stop the checks."""
        self._timer.cancel()

    def _check(self) -> None:
        try:
            self._file.check()
            state = self._file.wal_state()
        except OSError as error:
            self._on_lost(error)
            return
        nobody_writes = state == self._state
        self._state = state
        size = state[0]
        if self._checkpoint is not None:
            pass
        elif self._is_full or (nobody_writes and size > SMALL_WAL):
            self._is_full = False
            self._run(self._file.empty)
        elif size > LONG_WAL:
            self._run(self._file.checkpoint)
        self._timer = self.loop.call_later(LOOK_SECONDS, self._check)

    def _run(self, job: Callable[[], None]) -> None:
        self._checkpoint = self.loop.run_in_executor(None, job)
        self._checkpoint.add_done_callback(self._ran)

    def _ran(self, _: asyncio.Future[None]) -> None:
        self._checkpoint = None
