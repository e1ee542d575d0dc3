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

One that raises anything but sqlite3.Error must leave nothing written.
"""

type _Waiting = tuple[Operation[Any], asyncio.Future[Any]]

HOLD_SECONDS: Final = 0.0005
"""How long a group holds the lock, and the loop; what is left is the next group, at once.

A process of low priority that is interrupted meanwhile so stops soon, too.
"""

MAX_LOST_RACES: Final = 3
"""The number of attempts of a group to lock the file before it locks ahead of its turn.

The lock is taken on the loop, where the statements follow at once: one taken in a thread is held
until the loop has time, which in a busy process is longer than all the statements.
"""

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND: Final = timedelta(microseconds=1)


def wall_time(clock: Clock) -> int:
    """Return the clock's time in microseconds since 1970."""
    return (clock.now() - EPOCH) // MICROSECOND


class GroupCommit:
    """The group commits of one SQLite file, which opens on first use.

    A file that cannot be opened is an outage, UnavailableError, and the next call tries again.
    `now` tells the time in microseconds. `prepare` creates or completes the tables; `upkeep` runs
    at the end of every group. After a failed sync every write fails, and `on_broken` is called
    once: the process had better end.
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
        """Return the present in microseconds, as the file's operations get it."""
        self._opened()  # Opening may set the time.
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
        # Polling keeps writes free of the cost of a signal.
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
            with suppress(RuntimeError):  # Outside a loop, the first write sets it.
                self._kept(asyncio.get_running_loop(), self._file)
        return self._file, self._helper

    def _open(self) -> tuple[SQLiteFile, HelperThread]:
        try:
            helper = HelperThread()
        except RuntimeError as error:  # The system gives no thread.
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
                raise failure  # noqa: TRY301 - the lock itself failed, and so does the group
            outcomes = self._execute(file.connection, group)
        except Exception as error:  # noqa: BLE001 - every waiter of the group must hear of it
            if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL:
                self._kept(loop, file).disk_is_full()
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
            if future.done():  # Its waiter was cancelled.
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
        return outcomes

    def _synced(self, loop: asyncio.AbstractEventLoop, count: int) -> None:
        if self._sync.broken:
            for _, future in self._take_all():
                if not future.done():
                    future.set_exception(self._sync.lost())
        self._kept(loop, self._opened()[0]).wrote(count)
        if self._pending and not self._starting:
            self._starting = True
            self._start_group(loop)

    def _kept(self, loop: asyncio.AbstractEventLoop, file: SQLiteFile) -> WalKeeper:
        if self._keeper is None or self._keeper.loop is not loop:
            self._keeper = WalKeeper(loop, file, self._sync.fail)
        return self._keeper
