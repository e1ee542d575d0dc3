"""Free the queue items of dead workers, which would stay hidden until their lease ends.

Each worker keeps a lock on a file that is named after the owner of its receipts. The system drops
the lock when the process ends, however it ends, so a file that can be locked is a dead worker's.
The same is true for the workers of a killed host, and of another host on the same folder.
"""

import asyncio
import fcntl
import os
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

from lib.ports.errors import PortError

FOLDER: Final = "workers"
LOOK_SECONDS: Final = 1.0
_UNFINISHED: Final = "."


class Holders:
    """The workers on a data folder; `free` makes an owner's items visible."""

    def __init__(
        self, data_folder: Path, owner: str, free: Callable[[str], Awaitable[None]]
    ) -> None:
        self._folder = data_folder / FOLDER
        self._folder.mkdir(mode=0o700, exist_ok=True)
        self._owner, self._free = owner, free
        # The file is locked before it gets its name, so it never looks like a dead worker's file.
        unfinished = self._folder / f"{_UNFINISHED}{owner}"
        self._fd = os.open(unfinished, os.O_CREAT | os.O_RDWR, 0o600)
        fcntl.flock(self._fd, fcntl.LOCK_EX)
        unfinished.rename(self._folder / owner)

    async def run(self) -> None:
        """Look for dead workers every second, until cancelled."""
        while True:
            await self.look()
            await asyncio.sleep(LOOK_SECONDS)

    async def look(self) -> None:
        """Free the items of dead workers.

        Concurrency: several workers may look at the same time.
        """
        for path in self._folder.iterdir():
            if path.name == self._owner or path.name.startswith(_UNFINISHED):
                continue
            with suppress(OSError, PortError):
                await self._free_if_dead(path)

    async def _free_if_dead(self, path: Path) -> None:
        fd = os.open(path, os.O_RDWR)
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            await self._free(path.name)
            os.unlink(path)  # noqa: PTH108 - Path.unlink counts as blocking
        finally:
            os.close(fd)

    def close(self) -> None:
        """Remove this worker's file. The worker must not have items any more."""
        (self._folder / self._owner).unlink(missing_ok=True)
        os.close(self._fd)
