"""The queues on one SQLite file, for any number of processes on one machine."""

import asyncio
import secrets
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from lib.adapters.embedded.sqlite.group_commit import EPOCH, MICROSECOND, GroupCommit
from lib.adapters.embedded.sqlite.queue_time import QueueTime
from lib.adapters.rules.queues import (
    MAX_RECEIVE,
    check_queue,
    check_receive,
    check_text,
    check_time,
)
from lib.ports.clock import Clock
from lib.ports.errors import NotFoundError
from lib.ports.queue import QueueItem

_ZERO: Final = timedelta(0)

_TABLE: Final = """CREATE TABLE IF NOT EXISTS items (
    n INTEGER PRIMARY KEY, queue TEXT NOT NULL, visible_at INTEGER NOT NULL,
    dequeue_count INTEGER NOT NULL, inserted_at INTEGER NOT NULL, pop_receipt TEXT NOT NULL,
    text TEXT NOT NULL)"""
_INDEX: Final = "CREATE INDEX IF NOT EXISTS items_visible ON items (queue, visible_at)"
_PUT: Final = (
    "INSERT INTO items (queue, visible_at, dequeue_count, inserted_at, pop_receipt, text) "
    "VALUES (?, ?, 0, ?, '', ?)"
)
_RECEIVE: Final = (
    "UPDATE items SET visible_at = ?, dequeue_count = dequeue_count + 1, pop_receipt = ? "
    "WHERE n IN (SELECT n FROM items WHERE queue = ? AND visible_at <= ? "
    "ORDER BY visible_at LIMIT ?) RETURNING n, text, dequeue_count, inserted_at"
)
_UPDATE: Final = (
    "UPDATE items SET visible_at = ?, pop_receipt = ?, text = coalesce(?, text) "
    "WHERE n = ? AND queue = ? AND pop_receipt = ?"
)
_FREE: Final = (
    "UPDATE items SET visible_at = ? "
    "WHERE queue = ? AND visible_at > ? AND pop_receipt >= ? AND pop_receipt < ?"
)
_DELETE: Final = "DELETE FROM items WHERE n = ? AND queue = ? AND pop_receipt = ?"
_READY: Final = "SELECT 1 FROM items WHERE queue = ? AND visible_at <= ? LIMIT 1"
_LENGTH: Final = "SELECT count(*) FROM items WHERE queue = ?"
_OLDEST: Final = (
    "SELECT min(inserted_at) FROM (SELECT inserted_at FROM items "
    "WHERE queue = ? AND visible_at <= ? ORDER BY visible_at LIMIT ?)"
)


class SQLiteQueue:
    """The queues in the file `path`; the first put to a queue creates it.

    `open` or the first use opens the file.

    Raises: UnavailableError, from any method.
    """

    def __init__(
        self, path: Path, clock: Clock, *, on_broken: Callable[[], None] | None = None
    ) -> None:
        self._time = QueueTime(clock)
        self._engine = GroupCommit(path, self._time.now, prepare=self._prepare, on_broken=on_broken)
        self.owner = secrets.token_hex(8)
        self._arrived = asyncio.Event()

    def open(self) -> None:
        """Open the file now; raise UnavailableError."""
        self._engine.open()

    async def put(self, queue: str, text: str, *, delay: timedelta = _ZERO) -> None:
        """Put an item.

        Raises: LimitError.
        """
        check_time(queue, delay)
        check_text(queue, text)
        microseconds = delay // MICROSECOND

        def run(connection: sqlite3.Connection, now: int) -> None:
            connection.execute(_PUT, (queue, now + microseconds, now, text))

        await self._engine.write(run)
        if not microseconds:
            self._arrived.set()

    async def receive(
        self, queue: str, *, limit: int, visibility_timeout: timedelta
    ) -> list[QueueItem]:
        """Receive items and hide them for the timeout.

        Raises: LimitError.
        Cost: one read for an empty queue.
        """
        check_receive(queue, limit, visibility_timeout)
        if not self.ready([queue]):
            return []
        timeout = visibility_timeout // MICROSECOND
        receipt = self._receipt()

        def run(connection: sqlite3.Connection, now: int) -> list[tuple[int, str, int, int]]:
            return connection.execute(
                _RECEIVE, (now + timeout, receipt, queue, now, limit)
            ).fetchall()

        return [
            QueueItem(
                # SQLite reuses a freed number, which is unique only with its time
                f"{n}-{inserted_at:x}",
                text,
                dequeue_count,
                EPOCH + timedelta(microseconds=self._time.on_the_wall(inserted_at)),
                receipt,
            )
            for n, text, dequeue_count, inserted_at in sorted(await self._engine.write(run))
        ]

    async def update(
        self, queue: str, item: QueueItem, *, visibility_timeout: timedelta, text: str | None = None
    ) -> QueueItem:
        """Hide an item for the timeout from now, and replace its text if one is given.

        Raises: NotFoundError, LimitError.
        """
        check_time(queue, visibility_timeout)
        if text is not None:
            check_text(queue, text)
        timeout = visibility_timeout // MICROSECOND
        receipt = self._receipt()
        key = (_number(item), queue, item.pop_receipt)

        def run(connection: sqlite3.Connection, now: int) -> None:
            values = (now + timeout, receipt, text, *key)
            if not connection.execute(_UPDATE, values).rowcount:
                raise NotFoundError(f"{queue}: the receipt is void")

        await self._engine.write(run)
        return QueueItem(
            item.id,
            item.text if text is None else text,
            item.dequeue_count,
            item.inserted_at,
            receipt,
        )

    async def delete(self, queue: str, item: QueueItem) -> None:
        """Delete an item.

        Raises: NotFoundError.
        """
        check_queue(queue)
        key = (_number(item), queue, item.pop_receipt)

        def run(connection: sqlite3.Connection, _: int) -> None:
            if not connection.execute(_DELETE, key).rowcount:
                raise NotFoundError(f"{queue}: the receipt is void")

        await self._engine.write(run)

    async def length(self, queue: str) -> int:
        """Return the number of items, hidden ones included.

        Cost: a read of the queue's whole index.
        """
        check_queue(queue)
        return int(self._engine.read(_LENGTH, (queue,))[0][0])

    async def oldest(self, queue: str) -> datetime | None:
        """Return the put time of the oldest item among the first 32 visible items, or None."""
        check_queue(queue)
        values = (queue, self._engine.now(), MAX_RECEIVE)
        inserted_at = self._engine.read(_OLDEST, values)[0][0]
        return (
            None
            if inserted_at is None
            else EPOCH + timedelta(microseconds=self._time.on_the_wall(inserted_at))
        )

    async def free(self, owner: str, queues: Sequence[str]) -> None:
        """Make the items visible that a dead process received.

        This includes items that failed in that process and waited for their next attempt.
        """

        def run(connection: sqlite3.Connection, now: int) -> None:
            for queue in queues:
                # a receipt is the owner's name and hexadecimal digits, which sort before "g"
                connection.execute(_FREE, (now, queue, now, owner, f"{owner}g"))

        await self._engine.write(run)
        self._arrived.set()

    def ready(self, queues: Sequence[str]) -> set[str]:
        """Return the queues with a visible item. Cost: a few microseconds for each queue."""
        now = self._engine.now()
        return {queue for queue in queues if self._engine.read(_READY, (queue, now))}

    async def wait(self, timeout: float) -> None:  # noqa: ASYNC109 - the time-out is not an error here
        """Wait for a put of this process without a delay, at most `timeout` seconds.

        Concurrency: `wait` misses no put after `ready` if no await is between the two calls.
        """
        self._arrived.clear()
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout):
                await self._arrived.wait()

    def _receipt(self) -> str:
        return f"{self.owner}{secrets.token_hex(8)}"

    async def close(self) -> None:
        """Finish pending operations and release the file."""
        await self._engine.close()

    def _prepare(self, connection: sqlite3.Connection) -> None:
        connection.execute(_TABLE)
        connection.execute(_INDEX)
        self._time.anchor(connection)


def _number(item: QueueItem) -> int:
    number = item.id.partition("-")[0]
    return int(number) if number.isdecimal() else 0
