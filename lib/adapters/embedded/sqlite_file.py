"""Opening a SQLite file that several processes write, and its one lock."""

import fcntl
import os
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

from lib.adapters.embedded.disk import sync_data, sync_folder

BUSY_TIMEOUT_S: Final = 2.0
"""Only for what does not take our lock: another tool's connection, an opener, a checkpoint."""

CACHE_KIB: Final = 32 * 1024

LONG_WAL: Final = 32_768
"""Pages, of 4 KiB each, from which the WAL is made to restart: others wait meanwhile."""


class SQLiteFile:
    """One process's hold on the file: a connection, the lock between processes, the WAL.

    The lock is an flock beside the file: the kernel wakes its waiters at once and releases it
    when a process dies, where SQLite's own busy handler sleeps and polls.
    """

    def __init__(self, path: Path, prepare: Callable[[sqlite3.Connection], None]) -> None:
        """Open or create; raise OSError when that cannot be done."""
        self._path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        self._lock_fd = self._open_lock()
        connection: sqlite3.Connection | None = None
        try:
            self.lock()
            connection = self._connect()
            connection.execute("BEGIN IMMEDIATE")
            prepare(connection)
            connection.execute("COMMIT")
            # SQLite keeps no POSIX locks on the WAL, so closing our descriptor drops none.
            self._wal_fd = os.open(f"{path}-wal", os.O_RDWR | os.O_CLOEXEC)
            sync_data(self._wal_fd)
            sync_folder(path.parent)
            self.unlock()
        except BaseException as error:
            if connection is not None:
                connection.close()
            os.close(self._lock_fd)
            if isinstance(error, sqlite3.Error):
                raise OSError(f"cannot open or write {path}: {error}") from error
            raise
        self.connection = connection

    def close(self) -> None:
        """Release everything; the last process to close empties the WAL into the file."""
        self.connection.close()
        os.close(self._wal_fd)
        os.close(self._lock_fd)

    def try_lock(self) -> bool:
        """Take the lock if it is free; whatever is wrong with it, `lock` will tell."""
        try:
            fcntl.flock(self._lock_fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True

    def lock(self) -> None:
        """Wait for the lock."""
        fcntl.flock(self._lock_fd, fcntl.LOCK_EX)

    def await_lock(self) -> None:
        """Wait until the lock is free, and leave it so."""
        self.lock()
        self.unlock()

    def unlock(self) -> None:
        """Release the lock, held or not."""
        fcntl.flock(self._lock_fd, fcntl.LOCK_UN)

    def sync(self) -> None:
        """Make every commit so far durable, other processes' included."""
        sync_data(self._wal_fd)

    def checkpoint(self) -> None:
        """Copy the WAL beside the writers; one that grew too long is copied whole and restarted.

        It restarts by itself where all of it is copied, which between busy writers never is: then
        what is left is copied under the lock. What fails now succeeds at a later turn.
        """
        with suppress(sqlite3.Error, OSError):
            connection = self._connect()
            try:
                if _copy(connection, "PASSIVE") > LONG_WAL and _copy(connection, "PASSIVE"):
                    self._restart(connection)
            finally:
                connection.close()

    def _restart(self, connection: sqlite3.Connection) -> None:
        lock_fd = self._open_lock()
        try:
            fcntl.flock(lock_fd, fcntl.LOCK_EX)
            _copy(connection, "RESTART")
        finally:
            os.close(lock_fd)

    def _open_lock(self) -> int:
        lock_path = self._path.with_name(f"{self._path.name}.lock")
        return os.open(lock_path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self._path,
            timeout=BUSY_TIMEOUT_S,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=512,
        )
        try:
            connection.execute("PRAGMA journal_mode=WAL").fetchall()
            connection.execute("PRAGMA synchronous=NORMAL")
            connection.execute("PRAGMA wal_autocheckpoint=0").fetchall()
            connection.execute(f"PRAGMA cache_size=-{CACHE_KIB}")
        except sqlite3.Error:
            connection.close()
            raise
        return connection


def _copy(connection: sqlite3.Connection, how: str) -> int:
    """Return how many pages the WAL has."""
    (_, pages, _), *_ = connection.execute(f"PRAGMA wal_checkpoint({how})").fetchall()
    return int(pages)
