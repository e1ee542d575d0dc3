"""Open a SQLite file that several processes write, and lock it."""

import fcntl
import os
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

from lib.adapters.embedded.disk import sync_data, sync_folder
from lib.adapters.embedded.layout import LayoutError, stamp

BUSY_TIMEOUT_S: Final = 2.0
"""The wait for users without the lock: connections of other tools, openers, checkpoints."""

CACHE_KIB: Final = 32 * 1024

LONG_WAL: Final = 32_768
"""The pages (4 KiB each) after which the WAL is restarted, while other processes wait."""

RESTART_TIMEOUT_MS: Final = 10
"""The time that a restart of the WAL waits for readers, under the lock. A backup reads longer."""

_WAL_MAGIC: Final = frozenset({b"", b"\x37\x7f\x06\x82", b"\x37\x7f\x06\x83"})
"""The possible first bytes of a WAL. A WAL that was copied into the file is empty."""


class SQLiteFile:
    """An open SQLite file of one process: two connections, the lock between processes, the WAL.

    The lock is an flock on a file beside it. The kernel wakes the waiters at once, and releases the
    lock of a process that dies. SQLite's own busy handler would sleep and poll.

    All files are opened at the start, and none by its path later. So a process without free
    descriptors can continue, and a checkpoint never writes to a file that replaced this file.
    """

    def __init__(self, path: Path, prepare: Callable[[sqlite3.Connection], None]) -> None:
        """Open or create the file; raise OSError if that fails."""
        self._path = path
        self._name = str(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        self._descriptors: list[int] = []
        self._connections: list[sqlite3.Connection] = []
        try:
            self._lock_fd, self._restart_fd = self._open_lock(), self._open_lock()
            self.lock()
            self.connection, self._copier = self._connect(), self._connect()
            self.connection.execute("BEGIN IMMEDIATE")
            stamp(self.connection)
            prepare(self.connection)
            self.connection.execute("COMMIT")
            # SQLite has no POSIX locks on the WAL, so closing this descriptor releases none
            self._wal_fd = os.open(f"{path}-wal", os.O_RDWR | os.O_CLOEXEC)
            self._descriptors.append(self._wal_fd)
            sync_data(self._wal_fd)
            sync_folder(path.parent)
            self._identities = [(str(file), _identity(file.stat())) for file in self._files()]
            self._size = 0
            self.unlock()
        except BaseException as error:
            self._release()
            if isinstance(error, LayoutError):
                raise OSError(f"{path}: {error}") from error
            if isinstance(error, sqlite3.Error):
                raise OSError(f"cannot open or write {path}: {error}") from error
            raise

    def close(self) -> None:
        """Close the connections. The last process that closes copies the WAL into the file."""
        try:
            self.check()
        except OSError:
            # the WAL's name may belong to another file now, and SQLite would remove that file
            for connection in self._connections:
                connection.setconfig(sqlite3.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE)
        self._release()

    def _release(self) -> None:
        for connection in self._connections:
            connection.close()
        for descriptor in self._descriptors:
            os.close(descriptor)

    def try_lock(self) -> bool:
        """Take the lock if it is free, and tell whether it was. An error counts as not free."""
        try:
            fcntl.flock(self._lock_fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True

    def lock(self) -> None:
        """Wait for the lock."""
        fcntl.flock(self._lock_fd, fcntl.LOCK_EX)

    def await_lock(self) -> None:
        """Wait until the lock is free, without taking it."""
        self.lock()
        self.unlock()

    def unlock(self) -> None:
        """Release the lock if this process holds it."""
        fcntl.flock(self._lock_fd, fcntl.LOCK_UN)

    def sync(self) -> None:
        """Make all commits durable, also those of other processes; raise OSError."""
        sync_data(self._wal_fd)
        self.check()

    def check(self) -> None:
        """Raise OSError if a file was replaced or lost content since it was opened.

        Cost: four stats and a read of four bytes.
        """
        # read before the check, since another thread may see the WAL grow meanwhile
        known = size = self._size
        for file, identity in self._identities:
            try:
                found = os.stat(file)  # noqa: PTH116 - with each group: a Path would take twice as long
            except FileNotFoundError:
                raise OSError(f"{Path(file).name} is gone") from None
            if _identity(found) != identity:
                raise OSError(f"{Path(file).name} was replaced")
            if file == self._name:
                size = found.st_size
        if size < known:
            raise OSError(f"{self._path.name} has lost {known - size} bytes")
        self._size = max(size, self._size)
        if os.pread(self._wal_fd, 4, 0) not in _WAL_MAGIC:
            raise OSError(f"{self._path.name}-wal was emptied")

    def wal_state(self) -> tuple[int, int]:
        """Return the size of the WAL, and a number that changes with each write of any process."""
        found = os.fstat(self._wal_fd)
        return found.st_size, found.st_mtime_ns

    def checkpoint(self) -> None:
        """Copy the WAL into the file while writers go on; restart a WAL that grew too long.

        A WAL that is copied completely restarts by itself. Busy writers prevent that, so for a long
        WAL the rest is copied under the lock. A later checkpoint makes up for one that fails.
        """
        with suppress(sqlite3.Error, OSError):
            self.check()
            if self._copy("PASSIVE") > LONG_WAL and self._copy("PASSIVE"):
                self._copy_locked("RESTART")

    def empty(self) -> None:
        """Copy the WAL and free its disk space, unless a reader prevents it."""
        with suppress(sqlite3.Error, OSError):
            self.check()
            self._copy("PASSIVE")
            self._copy_locked("TRUNCATE")

    def _copy_locked(self, mode: str) -> None:
        fcntl.flock(self._restart_fd, fcntl.LOCK_EX)
        try:
            self._copier.execute(f"PRAGMA busy_timeout={RESTART_TIMEOUT_MS}").fetchall()
            self._copy(mode)
        finally:
            fcntl.flock(self._restart_fd, fcntl.LOCK_UN)

    def _copy(self, mode: str) -> int:
        """Copy the WAL and return the number of its pages."""
        rows = self._copier.execute(f"PRAGMA wal_checkpoint({mode})").fetchall()
        return int(rows[0][1])

    def _files(self) -> list[Path]:
        beside = [self._path.with_name(self._path.name + end) for end in ("-wal", "-shm", ".lock")]
        return [self._path, *beside]

    def _open_lock(self) -> int:
        lock_path = self._path.with_name(f"{self._path.name}.lock")
        self._descriptors.append(os.open(lock_path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
        return self._descriptors[-1]

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self._path,
            timeout=BUSY_TIMEOUT_S,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=512,
        )
        self._connections.append(connection)
        connection.execute("PRAGMA journal_mode=WAL").fetchall()
        connection.execute("PRAGMA synchronous=NORMAL")
        connection.execute("PRAGMA wal_autocheckpoint=0").fetchall()
        connection.execute(f"PRAGMA cache_size=-{CACHE_KIB}")
        return connection


def _identity(found: os.stat_result) -> tuple[int, int]:
    return found.st_dev, found.st_ino
