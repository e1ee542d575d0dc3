"""What is done beside the writes: the WAL is copied and emptied, and the file is looked after."""

import asyncio
from collections.abc import Callable
from typing import Final

from lib.adapters.embedded.sqlite.file import SQLiteFile

CHECKPOINT_EVERY: Final = 2048
"""Writes of this process between two checkpoints."""

LOOK_SECONDS: Final = 1.0
"""Between two looks at the file: is it still the same, and can its WAL be emptied?"""

SMALL_WAL: Final = 4 * 1024 * 1024
"""Bytes of a WAL that is left as it is when nobody writes: its space is used again."""


class WalKeeper:
    """Runs one checkpoint of the file at a time, in a thread.

    `on_lost` is called with the OSError when a look finds that the file is not the one that was
    opened, or lost what it held.
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
        self._timer = loop.call_later(LOOK_SECONDS, self._look)

    @property
    def is_busy(self) -> bool:
        """Whether a checkpoint runs."""
        return self._checkpoint is not None

    def wrote(self, count: int) -> None:
        """Count writes, and copy the WAL now and then."""
        self._writes += count
        if self._writes >= CHECKPOINT_EVERY and self._checkpoint is None:
            self._writes = 0
            self._run(self._file.checkpoint)

    def disk_is_full(self) -> None:
        """Empty the WAL at the next look: it may take the room that the file needs."""
        self._is_full = True

    def stop(self) -> None:
        """Look no more."""
        self._timer.cancel()

    def _look(self) -> None:
        try:
            self._file.check()
            state = self._file.wal_state()
        except OSError as error:
            self._on_lost(error)
            return
        nobody_writes = state == self._state
        self._state = state
        if self._checkpoint is None and (self._is_full or (nobody_writes and state[0] > SMALL_WAL)):
            self._is_full = False
            self._run(self._file.empty)
        self._timer = self.loop.call_later(LOOK_SECONDS, self._look)

    def _run(self, job: Callable[[], None]) -> None:
        self._checkpoint = self.loop.run_in_executor(None, job)
        self._checkpoint.add_done_callback(self._ran)

    def _ran(self, _: asyncio.Future[None]) -> None:
        self._checkpoint = None
