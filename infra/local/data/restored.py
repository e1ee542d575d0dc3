"""Notice, in the host, that `make restore` replaced the files of the data folder."""

from pathlib import Path

from infra.local.invocations.log import HostLog
from lib.adapters.embedded.data_folder import STORE_FILE


class RestoreWatch:
    """The watch over the data file: it says when all workers serve restored data.

    A restore moves the former file aside, so that the restored file has another inode.
    """

    def __init__(self, folder: Path, log: HostLog, slots: int) -> None:
        self._path, self._log, self._slots = folder / STORE_FILE, log, slots
        self._inode = 0
        self._outdated: set[int] = set()

    def begin(self) -> None:
        """Begin to watch, when all workers serve."""
        self._inode = self._read()

    def is_outdated(self, slot: int) -> bool:
        """Tell whether the data was restored since the worker of the slot was started."""
        inode = self._read()
        if inode and self._inode and inode != self._inode:
            self._inode = inode
            self._outdated = set(range(self._slots))
        return slot in self._outdated

    def serves(self, slot: int) -> None:
        """Note that a new worker of the slot serves. After the last one, log the restore."""
        if slot in self._outdated:
            self._outdated.remove(slot)
            if not self._outdated:
                self._log.lines(["Serving the restored data"])

    def _read(self) -> int:
        """Return the inode of the file; 0 if there is no file."""
        try:
            return self._path.stat().st_ino
        except OSError:
            return 0
