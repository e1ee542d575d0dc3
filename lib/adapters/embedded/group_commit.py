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
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from lib.adapters.embedded.disk import HelperThread
from lib.adapters.embedded.sqlite_file import SQLiteFile
from lib.ports.clock import Clock
from lib.ports.errors import UnavailableError

type Operation[T] = Callable[[sqlite3.Connection, int], T]
"""Executes statements inside the group's transaction; gets its time, in microseconds since 1970.

One that raises anything but sqlite3.Error must leave nothing written.
"""

type _Outcome = tuple[asyncio.Future[Any], Any, Exception | None]

MAX_GROUP: Final = 128
"""Operations in one transaction: what runs before the loop gets its turn again."""

PATIENCE: Final = 3
"""Times that a group finds the lock taken once more, before it takes it ahead of its turn.

The lock is taken on the loop, where the statements follow at once: one taken in a thread is held
until the loop has time, which in a busy process is longer than all the statements.
"""

CHECKPOINT_EVERY: Final = 4096
"""Writes of this process between two checkpoints, which bounds the WAL to tens of MB."""

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND: Final = timedelta(microseconds=1)


class GroupCommit:
    """One SQLite file, opened on first use, shared by any number of processes.

    `prepare` creates or completes the tables; `upkeep` runs at the end of every group. After a
    failed sync every write fails, and `on_broken` is called once: the process had better end.
    """

    def __init__(
        self,
        path: Path,
        clock: Clock,
        *,
        prepare: Callable[[sqlite3.Connection], None],
        upkeep: Operation[None] | None = None,
        on_broken: Callable[[], None] | None = None,
    ) -> None:
        self._path = path
        self._clock = clock
        self._prepare = prepare
        self._upkeep = upkeep
        self._on_broken = on_broken
        self._file: SQLiteFile | None = None
        self._helper: HelperThread | None = None
        self._pending: list[tuple[Operation[Any], asyncio.Future[Any]]] = []
        self._active = False
        self._broken = False
        self._writes = 0
        self._checkpoint: asyncio.Future[None] | None = None

    def now(self) -> int:
        """Return the clock's time in microseconds since 1970."""
        return (self._clock.now() - EPOCH) // MICROSECOND

    def read(self, sql: str, parameters: tuple[Any, ...]) -> list[Any]:
        """Return all rows, at once and on this thread: a thread hop costs more than the read."""
        try:
            return self._opened()[0].connection.execute(sql, parameters).fetchall()
        except sqlite3.Error as error:
            raise self._unavailable(error) from error

    def write[T](self, operation: Operation[T]) -> asyncio.Future[T]:
        """Return a future of the operation's result, done once it is durable.

        It fails with the operation's own error, or with UnavailableError like its whole group.
        """
        self._opened()
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
        """Finish what is pending and release the file."""
        # Polled, so that no write pays for telling us.
        while self._active or self._checkpoint is not None:  # noqa: ASYNC110
            await asyncio.sleep(0.001)
        if self._file is None or self._helper is None:
            return
        file, helper = self._file, self._helper
        self._file = self._helper = None
        helper.stop()
        await asyncio.to_thread(file.close)

    def _opened(self) -> tuple[SQLiteFile, HelperThread]:
        if self._file is None or self._helper is None:
            self._file = SQLiteFile(self._path, self._prepare)
            self._helper = HelperThread()
        return self._file, self._helper

    def _start_group(self, loop: asyncio.AbstractEventLoop, lost: int = 0) -> None:
        file, helper = self._opened()
        if file.try_lock():
            self._run_group(loop, None)
        elif lost < PATIENCE:

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
        group = self._pending[:MAX_GROUP]
        del self._pending[:MAX_GROUP]
        try:
            if failure is not None:
                raise failure  # noqa: TRY301 - the lock itself failed, and so does the group
            outcomes = self._execute(file.connection, group)
        except Exception as error:  # noqa: BLE001 - every waiter of the group must hear of it
            with suppress(sqlite3.Error):
                file.connection.execute("ROLLBACK")
            failed = self._unavailable(error)
            outcomes = [(future, None, failed) for _, future in group]
        finally:
            file.unlock()

        def finish(loop: asyncio.AbstractEventLoop, failure: OSError | None) -> None:
            self._finish(loop, outcomes, failure)

        helper.run(loop, file.sync, finish)

    def _execute(
        self,
        connection: sqlite3.Connection,
        group: list[tuple[Operation[Any], asyncio.Future[Any]]],
    ) -> list[_Outcome]:
        outcomes: list[_Outcome] = []
        now = self.now()
        connection.execute("BEGIN IMMEDIATE")
        for operation, future in group:
            if future.done():  # its waiter was cancelled
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

    def _finish(
        self,
        loop: asyncio.AbstractEventLoop,
        outcomes: list[_Outcome],
        failure: OSError | None,
    ) -> None:
        if failure is not None:
            # The kernel may have dropped the pages: nothing after them in the WAL can be trusted,
            # so whoever waits already fails too.
            outcomes = [*outcomes, *((future, None, None) for _, future in self._pending)]
            self._pending.clear()
            if not self._broken and self._on_broken is not None:
                self._on_broken()
            self._broken = True
        for future, result, error in outcomes:
            if future.done():
                continue
            if failure is not None:
                future.set_exception(self._unavailable(failure))
            elif error is not None:
                future.set_exception(error)
            else:
                future.set_result(result)
        self._writes += len(outcomes)
        if self._writes >= CHECKPOINT_EVERY and self._checkpoint is None:
            self._writes = 0
            self._checkpoint = loop.run_in_executor(None, self._opened()[0].checkpoint)
            self._checkpoint.add_done_callback(self._checkpointed)
        if self._pending:
            self._start_group(loop)
        else:
            self._active = False

    def _checkpointed(self, _: asyncio.Future[None]) -> None:
        self._checkpoint = None

    def _unavailable(self, error: Exception) -> UnavailableError:
        # SQLite's messages name files, tables and rules, never values; others' might.
        safe = isinstance(error, (sqlite3.Error, OSError))
        return UnavailableError(f"{self._path.name}: {error if safe else type(error).__name__}")
