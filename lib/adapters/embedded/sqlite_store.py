"""The document store on one SQLite file, for any number of processes on one machine."""

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Final

import orjson

from lib.adapters.embedded import sqlite_query, sqlite_writes
from lib.adapters.embedded.group_commit import GroupCommit
from lib.adapters.embedded.sqlite_tables import Table
from lib.adapters.rules.documents import check_key
from lib.ports.clock import Clock
from lib.ports.documents import (
    BatchOperation,
    Condition,
    Container,
    Document,
    Page,
    PatchOperation,
    Query,
    Stored,
)
from lib.ports.errors import LimitError, NotFoundError

_PURGE_ROWS: Final = 64
_PURGE_REST: Final = 10_000_000
"""Microseconds between two rounds over the containers when there is nothing left to purge."""


class SQLiteStore:
    """DocumentStore in the file `path`, opened on first use, with a table for each container.

    Opening raises OSError when the file cannot be written.
    """

    def __init__(
        self,
        path: Path,
        clock: Clock,
        containers: Iterable[Container],
        *,
        on_broken: Callable[[], None] | None = None,
    ) -> None:
        self._tables = {container.name: Table(container) for container in containers}
        self._purge_turn: list[Table] = []
        self._purge_after = 0
        self._engine = GroupCommit(
            path, clock, prepare=self._prepare, upkeep=self._purge, on_broken=on_broken
        )

    async def create(self, container: Container, document: Document) -> Stored:
        """Raise ConflictError, LimitError."""
        return await self._engine.write(sqlite_writes.create(self._table(container), document))

    async def read(self, container: Container, partition: str, id_: str) -> Stored:
        """Raise NotFoundError, LimitError."""
        table = self._table(container)
        check_key(container, partition, id_)
        rows = self._engine.read(table.read, (partition, id_, self._engine.now()))
        if not rows:
            raise NotFoundError(f"{container.name}: no such document")
        body, etag = rows[0]
        return Stored(orjson.loads(body), etag)

    async def replace(
        self, container: Container, document: Document, *, if_match: str | None = None
    ) -> Stored:
        """Raise NotFoundError, PreconditionFailedError, LimitError."""
        table = self._table(container)
        return await self._engine.write(sqlite_writes.replace(table, document, if_match))

    async def upsert(self, container: Container, document: Document) -> Stored:
        """Raise LimitError."""
        return await self._engine.write(sqlite_writes.upsert(self._table(container), document))

    async def patch(
        self,
        container: Container,
        partition: str,
        id_: str,
        operations: Sequence[PatchOperation],
        *,
        if_match: str | None = None,
        where: tuple[Condition, ...] = (),
    ) -> Stored:
        """Raise NotFoundError, PreconditionFailedError, LimitError."""
        table = self._table(container)
        return await self._engine.write(
            sqlite_writes.patch(table, partition, id_, operations, if_match, where)
        )

    async def delete(
        self, container: Container, partition: str, id_: str, *, if_match: str | None = None
    ) -> None:
        """Raise NotFoundError, PreconditionFailedError, LimitError."""
        table = self._table(container)
        await self._engine.write(sqlite_writes.delete(table, partition, id_, if_match))

    async def batch(
        self, container: Container, partition: str, operations: Sequence[BatchOperation]
    ) -> list[Stored | None]:
        """Raise the error of the first operation that fails."""
        table = self._table(container)
        return await self._engine.write(sqlite_writes.batch(table, partition, operations))

    async def query(self, container: Container, query: Query) -> Page:
        """Raise LimitError for a field that is not indexed, or a continuation that is not ours."""
        sql, parameters = sqlite_query.to_sql(self._table(container), query, self._engine.now())
        try:
            rows = self._engine.read(sql, parameters)
        except UnicodeEncodeError:
            raise LimitError(f"{container.name}: a query's value is not Unicode text") from None
        return sqlite_query.to_page(query, rows)

    async def close(self) -> None:
        """Finish what is pending and release the file."""
        await self._engine.close()

    def _table(self, container: Container) -> Table:
        try:
            return self._tables[container.name]
        except KeyError:
            raise LimitError(f"{container.name}: this store has no such container") from None

    def _prepare(self, connection: sqlite3.Connection) -> None:
        for table in self._tables.values():
            table.prepare(connection)

    def _purge(self, connection: sqlite3.Connection, now: int) -> None:
        """Delete a few expired rows of one container, the next one when it has no more."""
        if not self._purge_turn:
            if now < self._purge_after:
                return
            self._purge_after = now + _PURGE_REST
            self._purge_turn = list(self._tables.values())
        deleted = connection.execute(self._purge_turn[-1].purge, (now, _PURGE_ROWS)).rowcount
        if deleted < _PURGE_ROWS:
            self._purge_turn.pop()
