"""The engine both SQLite adapters write through: one transaction and one sync for many writes.

Statements and COMMIT run on the event-loop thread (microseconds each); only waiting for the other
processes' lock, the sync to disk and checkpoints run in threads. A writer thread that executed the
statements would fight the loop for the interpreter lock at every step.

SQLite runs at synchronous=NORMAL, so COMMIT does not sync; the engine syncs the WAL file itself,
after it gave the lock back, and only then resolves the group's futures. That is synchronous=FULL
for whoever waits for a write (outcomes such as a conflict included), while processes sharing the
file wait for each other's statements and never for each other's disk. A *read* may see a write
whose sync is still on its way.
"""

import asyncio
import fcntl
import os
import queue
import sqlite3
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from lib.ports.clock import Clock
from lib.ports.errors import PortError, UnavailableError

type Operation[T] = Callable[[sqlite3.Connection, int], T]
"""Executes statements inside the group's transaction; gets its time, in microseconds since 1970.

One that raises a PortError must leave nothing written.
"""

MAX_GROUP: Final = 128
CHECKPOINT_EVERY: Final = 4096
"""Writes of this process between two checkpoints, which bounds the WAL file to tens of MB."""

BUSY_TIMEOUT_S: Final = 2.0
"""Only for what does not take our lock: another tool's connection, an opener, a checkpoint."""

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND: Final = timedelta(microseconds=1)

_sync: Final[Callable[[int], None]] = getattr(os, "fdatasync", os.fsync)


def micros(moment: datetime) -> int:
    """Return microseconds since 1970."""
    return (moment - EPOCH) // MICROSECOND


class GroupCommit:
    """One SQLite file, opened on first use, shared by any number of processes.

    `prepare` creates or completes the tables; `upkeep` runs at the end of every group.
    """

    def __init__(
        self,
        path: Path,
        clock: Clock,
        *,
        prepare: Callable[[sqlite3.Connection], None],
        upkeep: Operation[None] | None = None,
    ) -> None:
        self._path = path
        self._clock = clock
        self._prepare = prepare
        self._upkeep = upkeep
        self._connection: sqlite3.Connection | None = None
        self._lock_fd = -1
        self._wal_fd = -1
        self._pending: list[tuple[Operation[Any], asyncio.Future[Any]]] = []
        self._active = False
        self._broken = False
        self._helper: _Helper | None = None
        self._writes_since_checkpoint = 0
        self._checkpoint: asyncio.Future[None] | None = None

    def now(self) -> int:
        """Return the clock's time in microseconds since 1970."""
        return micros(self._clock.now())

    def read(self, sql: str, parameters: tuple[Any, ...]) -> list[Any]:
        """Return all rows, at once and on this thread: a thread hop costs more than the read."""
        try:
            return (self._connection or self._open()).execute(sql, parameters).fetchall()
        except sqlite3.Error as error:
            raise unavailable(self._path, error) from error

    def write[T](self, operation: Operation[T]) -> asyncio.Future[T]:
        """Return a future of the operation's result, done once it is durable.

        It fails with the operation's own PortError, or with UnavailableError like its whole group.
        """
        if self._connection is None:
            self._open()
        if self._broken:
            raise UnavailableError(f"{self._path.name}: a sync failed earlier; restart the process")
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        self._pending.append((operation, future))
        if not self._active:
            self._active = True
            loop.call_soon(self._start_group, loop)
        return future

    async def close(self) -> None:
        """Finish what is pending and release the files."""
        while self._active or self._checkpoint is not None:
            await asyncio.sleep(0.001)
        if self._connection is None:
            return
        connection, self._connection = self._connection, None
        # The last connection to close checkpoints the whole WAL.
        await asyncio.to_thread(connection.close)
        if self._helper is not None:
            self._helper.stop()
            self._helper = None
        os.close(self._wal_fd)
        os.close(self._lock_fd)

    def _open(self) -> sqlite3.Connection:
        """Raise OSError when the folder cannot be written."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        lock_path = self._path.with_name(self._path.name + ".lock")
        self._lock_fd = os.open(lock_path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        connection = None
        try:
            fcntl.flock(self._lock_fd, fcntl.LOCK_EX)
            connection = _connect(self._path)
            connection.execute("BEGIN IMMEDIATE")
            self._prepare(connection)
            connection.execute("COMMIT")
            # SQLite takes no POSIX locks on this file, so a descriptor of our own is harmless.
            self._wal_fd = os.open(f"{self._path}-wal", os.O_RDWR | os.O_CLOEXEC)
            _sync(self._wal_fd)
            sync_folder(self._path.parent)
        except BaseException as error:
            if connection is not None:
                connection.close()
            os.close(self._lock_fd)
            if isinstance(error, sqlite3.Error):
                raise OSError(f"cannot open or write {self._path}: {error}") from error
            raise
        fcntl.flock(self._lock_fd, fcntl.LOCK_UN)
        self._helper = _Helper()
        self._connection = connection
        return connection

    def _start_group(self, loop: asyncio.AbstractEventLoop) -> None:
        try:
            fcntl.flock(self._lock_fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._help(loop, self._wait_for_lock, self._run_group)
        else:
            self._run_group(loop, None)

    def _help(
        self,
        loop: asyncio.AbstractEventLoop,
        job: Callable[[], None],
        then: Callable[[asyncio.AbstractEventLoop, OSError | None], None],
    ) -> None:
        if self._helper is not None:
            self._helper.jobs.put((loop, job, then))

    def _wait_for_lock(self) -> None:
        fcntl.flock(self._lock_fd, fcntl.LOCK_EX)

    def _run_group(self, loop: asyncio.AbstractEventLoop, failure: OSError | None) -> None:
        group = self._pending[:MAX_GROUP]
        del self._pending[:MAX_GROUP]
        outcomes: list[tuple[asyncio.Future[Any], Any, Exception | None]] = []
        connection = self._connection
        try:
            if failure is not None or connection is None:
                raise sqlite3.OperationalError("no lock")  # noqa: TRY301
            now = self.now()
            connection.execute("BEGIN IMMEDIATE")
            for operation, future in group:
                if future.done():
                    continue
                try:
                    outcomes.append((future, operation(connection, now), None))
                except sqlite3.Error:
                    raise
                except Exception as error:  # noqa: BLE001 - belongs to this one waiter
                    outcomes.append((future, None, error))
            if self._upkeep is not None:
                self._upkeep(connection, now)
            connection.execute("COMMIT")
        except sqlite3.Error as error:
            if connection is not None:
                with suppress(sqlite3.Error):
                    connection.execute("ROLLBACK")
            failed = unavailable(self._path, error)
            outcomes = [(future, None, failed) for _, future in group]
        finally:
            fcntl.flock(self._lock_fd, fcntl.LOCK_UN)

        def finish(loop: asyncio.AbstractEventLoop, failure: OSError | None) -> None:
            self._finish(loop, outcomes, failure)

        self._help(loop, self._sync_wal, finish)

    def _sync_wal(self) -> None:
        _sync(self._wal_fd)

    def _finish(
        self,
        loop: asyncio.AbstractEventLoop,
        outcomes: list[tuple[asyncio.Future[Any], Any, Exception | None]],
        failure: OSError | None,
    ) -> None:
        if failure is not None:
            # The kernel may have dropped the pages: nothing after them in the WAL can be trusted.
            self._broken = True
        for future, result, error in outcomes:
            if future.done():
                continue
            if failure is not None:
                future.set_exception(unavailable(self._path, failure))
            elif error is not None:
                future.set_exception(error)
            else:
                future.set_result(result)
        self._writes_since_checkpoint += len(outcomes)
        if self._writes_since_checkpoint >= CHECKPOINT_EVERY and self._checkpoint is None:
            self._writes_since_checkpoint = 0
            self._checkpoint = loop.run_in_executor(None, self._run_checkpoint)
            self._checkpoint.add_done_callback(self._checkpointed)
        if self._pending:
            self._start_group(loop)
        else:
            self._active = False

    def _run_checkpoint(self) -> None:
        """Copy most of the WAL beside the writers, then the rest under the lock, so it restarts.

        Without the second step two busy writers would let the file grow for ever.
        """
        lock_path = self._path.with_name(self._path.name + ".lock")
        with suppress(sqlite3.Error, OSError):
            connection = _connect(self._path)
            try:
                connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
                with lock_path.open("rb") as lock:
                    fcntl.flock(lock, fcntl.LOCK_EX)
                    connection.execute("PRAGMA wal_checkpoint(RESTART)").fetchall()
            finally:
                connection.close()

    def _checkpointed(self, _: asyncio.Future[None]) -> None:
        self._checkpoint = None


class _Helper:
    """One thread for what blocks: leaner than an executor, whose futures cost more than the job."""

    def __init__(self) -> None:
        self.jobs: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="group-commit", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self.jobs.put(None)
        self._thread.join()

    def _run(self) -> None:
        while (job := self.jobs.get()) is not None:
            loop, work, then = job
            failure = None
            try:
                work()
            except OSError as error:
                failure = error
            with suppress(RuntimeError):  # the loop is gone, and its waiters with it
                loop.call_soon_threadsafe(then, loop, failure)


def unavailable(path: Path, error: Exception) -> PortError:
    """Map an engine's error; its text names files and tables, never values."""
    return UnavailableError(f"{path.name}: {error}")


def sync_folder(folder: Path) -> None:
    """Make the folder's own entries durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(
        path,
        timeout=BUSY_TIMEOUT_S,
        isolation_level=None,
        check_same_thread=False,
        cached_statements=512,
    )
    connection.execute("PRAGMA journal_mode=WAL").fetchall()
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.execute("PRAGMA wal_autocheckpoint=0").fetchall()
    connection.execute("PRAGMA cache_size=-32768")
    return connection
