"""The engine of the writes of both SQLite adapters: one transaction and one sync for many writes.

Statements and COMMIT run on the event-loop thread and take microseconds. Only the wait for the lock
of other processes, the sync to disk and checkpoints run in threads. A writer thread for the
statements would compete with the loop for the interpreter lock at every step.

SQLite runs at synchronous=NORMAL, so COMMIT does not sync. The engine releases the lock, then syncs
the WAL file itself, and only then resolves the group's futures. For the callers of writes this
equals synchronous=FULL, also for outcomes such as a conflict.

Concurrency: the processes that share the file wait for each other's statements, but not for each
other's disk. A *read* may see a write before its sync has ended.
"""

import asyncio
import sqlite3
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from lib.adapters.embedded.disk import HelperThread
from lib.adapters.embedded.sqlite.file import SQLiteFile
from lib.adapters.embedded.sqlite.group_sync import GroupSync, WriteResult, unavailable
from lib.adapters.embedded.sqlite.wal_keeper import WalKeeper
from lib.ports.clock import Clock

type Operation[T] = Callable[[sqlite3.Connection, int], T]
"""An operation of a group: it executes statements at a time in microseconds.

An operation that raises another error than sqlite3.Error must not have written.
"""

type _Waiting = tuple[Operation[Any], asyncio.Future[Any]]

HOLD_SECONDS: Final = 0.0005
"""The time that a group holds the lock and the loop. The next group follows at once.

So a process of low priority that is interrupted meanwhile also stops soon.
"""

MAX_LOST_RACES: Final = 3
"""The number of failed attempts of a group to lock the file before a thread waits for the lock.

A group prefers to take the lock on the loop, where its statements follow at once. A lock that a
thread takes is held until the loop has time. In a busy process, that takes longer than all the
statements.
"""

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND: Final = timedelta(microseconds=1)


def wall_time(clock: Clock) -> int:
    """Return the clock's time in microseconds since 1970."""
    return (clock.now() - EPOCH) // MICROSECOND


class GroupCommit:
    """The group commits of one SQLite file, which opens on first use.

    `now`: returns the time in microseconds. `prepare`: creates or completes the tables. `upkeep`:
    runs at the end of every group. `on_broken`: called once after a failed sync, since then every
    write fails and the process should end.
    Raises: UnavailableError for a file that cannot be opened; the next call tries again.
    """

    def __init__(
        self,
        path: Path,
        now: Callable[[], int],
        *,
        prepare: Callable[[sqlite3.Connection], None],
        upkeep: Operation[None] | None = None,
        on_broken: Callable[[], None] | None = None,
    ) -> None:
        self._path = path
        self._now = now
        self._prepare = prepare
        self._upkeep = upkeep
        self._file: SQLiteFile | None = None
        self._helper: HelperThread | None = None
        self._pending = deque[_Waiting]()
        self._starting = False
        self._sync = GroupSync(path, self._synced, on_broken)
        self._keeper: WalKeeper | None = None

    def open(self) -> None:
        """Open the file now; raise UnavailableError."""
        self._opened()

    def now(self) -> int:
        """Return the current time in microseconds, as for the file's operations."""
        self._opened()  # opening may set the time
        return self._now()

    def read(self, sql: str, parameters: tuple[Any, ...]) -> list[Any]:
        """Return all rows, read on this thread: another thread would cost more than the read."""
        connection = self._opened()[0].connection
        try:
            return connection.execute(sql, parameters).fetchall()
        except sqlite3.Error as error:
            raise unavailable(self._path, error) from error

    def write[T](self, operation: Operation[T]) -> asyncio.Future[T]:
        """Return a future of the operation's result, set once the write is durable.

        Raises: (in the future) the operation's error, or UnavailableError for the whole group.
        """
        self._opened()
        if self._sync.broken:
            raise self._sync.lost()
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        self._pending.append((operation, future))
        if not self._sync.under_way:
            self._start_soon(loop)
        return future

    async def close(self) -> None:
        """Finish pending operations and release the file."""
        # polling, so that writes do not have the cost of a signal
        while self._starting or self._sync.under_way or (self._keeper and self._keeper.is_busy):  # noqa: ASYNC110
            await asyncio.sleep(0.001)
        if self._file is None or self._helper is None:
            return
        file, helper = self._file, self._helper
        self._file = self._helper = None
        if self._keeper is not None:
            self._keeper.stop()
            self._keeper = None
        helper.stop()
        await asyncio.to_thread(file.close)

    def _opened(self) -> tuple[SQLiteFile, HelperThread]:
        if self._file is None or self._helper is None:
            self._file, self._helper = self._open()
            with suppress(RuntimeError):  # outside a loop, the first write sets the keeper
                self._keeper_of(asyncio.get_running_loop(), self._file)
        return self._file, self._helper

    def _open(self) -> tuple[SQLiteFile, HelperThread]:
        try:
            helper = HelperThread()
        except RuntimeError as error:  # the system starts no more threads
            raise unavailable(self._path, OSError(str(error))) from error
        try:
            file = SQLiteFile(self._path, self._prepare)
        except OSError as error:
            helper.stop()
            raise unavailable(self._path, error) from error
        return file, helper

    def _start_soon(self, loop: asyncio.AbstractEventLoop) -> None:
        if not self._starting:
            self._starting = True
            loop.call_soon(self._start_group, loop)

    def _start_group(self, loop: asyncio.AbstractEventLoop, lost: int = 0) -> None:
        file, helper = self._opened()
        if file.try_lock():
            self._run_group(loop, None)
        elif lost < MAX_LOST_RACES:

            def again(loop: asyncio.AbstractEventLoop, failure: OSError | None) -> None:
                if failure is None:
                    self._start_group(loop, lost + 1)
                else:
                    self._run_group(loop, failure)

            helper.run(loop, file.await_lock, again)
        else:
            helper.run(loop, file.lock, self._run_group)

    def _run_group(self, loop: asyncio.AbstractEventLoop, failure: OSError | None) -> None:
        file, helper = self._opened()
        group: list[_Waiting] = []
        try:
            if failure is not None:
                raise failure  # noqa: TRY301 - without the lock, the whole group fails
            outcomes = self._execute(file.connection, group)
        except Exception as error:  # noqa: BLE001 - every waiter of the group gets the error
            if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL:
                self._keeper_of(loop, file).disk_is_full()
            with suppress(sqlite3.Error):
                file.connection.execute("ROLLBACK")
            failed = unavailable(self._path, error)
            outcomes = [(future, None, failed) for _, future in group or self._take_all()]
        finally:
            file.unlock()

        self._starting = False
        self._sync.add(loop, file, helper, outcomes)
        if self._pending:
            self._start_soon(loop)

    def _take_all(self) -> list[_Waiting]:
        taken = list(self._pending)
        self._pending.clear()
        return taken

    def _execute(self, connection: sqlite3.Connection, group: list[_Waiting]) -> list[WriteResult]:
        """Execute operations for HOLD_SECONDS, and move each to `group`."""
        outcomes: list[WriteResult] = []
        now, end = self._now(), time.monotonic() + HOLD_SECONDS
        connection.execute("BEGIN IMMEDIATE")
        while self._pending and (not group or time.monotonic() < end):
            operation, future = waiting = self._pending.popleft()
            group.append(waiting)
            if future.done():  # the waiter was cancelled
                continue
            try:
                outcomes.append((future, operation(connection, now), None))
            except sqlite3.Error:
                raise
            except Exception as error:  # noqa: BLE001 - the error of this one waiter
                outcomes.append((future, None, error))
        if self._upkeep is not None:
            self._upkeep(connection, now)
        connection.execute("COMMIT")
        return outcomes

    def _synced(self, loop: asyncio.AbstractEventLoop, count: int) -> None:
        if self._sync.broken:
            for _, future in self._take_all():
                if not future.done():
                    future.set_exception(self._sync.lost())
        self._keeper_of(loop, self._opened()[0]).wrote(count)
        if self._pending and not self._starting:
            self._starting = True
            self._start_group(loop)

    def _keeper_of(self, loop: asyncio.AbstractEventLoop, file: SQLiteFile) -> WalKeeper:
        if self._keeper is None or self._keeper.loop is not loop:
            self._keeper = WalKeeper(loop, file, self._sync.fail)
        return self._keeper
