"""The document store on one SQLite file, for any number of processes on one machine."""

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import partial
from itertools import batched
from pathlib import Path
from typing import Any, Final

import orjson

from lib.adapters.embedded.layout import LayoutError
from lib.adapters.embedded.sqlite import writes as sqlite_writes
from lib.adapters.embedded.sqlite.group_commit import GroupCommit, wall_time
from lib.adapters.embedded.sqlite.purge import Purge
from lib.adapters.embedded.sqlite.statements import query as sqlite_query
from lib.adapters.embedded.sqlite.tables import Table
from lib.adapters.rules.documents import check_key, check_many
from lib.ports.clock import Clock
from lib.ports.documents import (
    BatchOperation,
    Condition,
    Container,
    Document,
    PatchOperation,
    Query,
    QueryPage,
    Stored,
    Sweep,
)
from lib.ports.errors import LimitError, NotFoundError

BACKGROUND: Final = "-background"
"""The suffix of the second file's name."""


_ROWS: Final = 500
"""The documents that one statement of `read_many` reads: some milliseconds of work."""


@dataclass(frozen=True, slots=True)
class _Place:
    table: Table
    engine: GroupCommit


class SQLiteStore:
    """The document store in the file `path` and a second file, with a table per container.

    `open` or the first use opens both files.

    Raises: UnavailableError, from any method.
    Concurrency: writers of one file do not wait for writers of the other.
    """

    def __init__(
        self,
        path: Path,
        clock: Clock,
        containers: Sequence[Container],
        *,
        on_broken: Callable[[], None] | None = None,
    ) -> None:
        self._places: dict[str, _Place] = {}
        self._engines: list[GroupCommit] = []
        by_file: dict[Path, list[Table]] = {}
        for container in containers:
            by_file.setdefault(file_of(path, container), []).append(Table(container))
        for file, tables in by_file.items():
            engine = GroupCommit(
                file,
                partial(wall_time, clock),
                prepare=_preparing(
                    tables,
                    {
                        container.name
                        for container in containers
                        if file_of(path, container) != file
                    },
                ),
                upkeep=Purge(tables),
                on_broken=on_broken,
            )
            self._engines.append(engine)
            self._places |= {table.container.name: _Place(table, engine) for table in tables}

    def open(self) -> None:
        """Open both files now; raise UnavailableError."""
        for engine in self._engines:
            engine.open()

    async def create(self, container: Container, document: Document) -> Stored:
        """Create a document.

        Raises: ConflictError, LimitError.
        """
        at = self._place(container)
        return await at.engine.write(sqlite_writes.create(at.table, document))

    async def read(self, container: Container, partition: str, id_: str) -> Stored:
        """Return a document.

        Raises: NotFoundError, LimitError.
        """
        at = self._place(container)
        check_key(container, partition, id_)
        rows = at.engine.read(at.table.read, (partition, id_, at.engine.now()))
        if not rows:
            raise NotFoundError(f"{container.name}: the document does not exist")
        body, etag = rows[0]
        return Stored(orjson.loads(body), etag)

    async def read_many(
        self, container: Container, id_: str, partitions: Sequence[str]
    ) -> dict[str, Stored]:
        """Return the documents with this id, by their partitions.

        Raises: LimitError.
        """
        at = self._place(container)
        check_many(container, partitions, id_)
        found: dict[str, Stored] = {}
        for wanted in batched(partitions, _ROWS, strict=False):
            keys = orjson.dumps(wanted).decode()
            rows = at.engine.read(at.table.read_many, (keys, id_, at.engine.now()))
            found |= {pk: Stored(orjson.loads(body), etag) for pk, body, etag in rows}
            # other requests of this process come in between
            await asyncio.sleep(0)
        return found

    async def replace(
        self, container: Container, document: Document, *, if_match: str | None = None
    ) -> Stored:
        """Replace a document.

        Raises: NotFoundError, PreconditionFailedError, LimitError.
        """
        at = self._place(container)
        return await at.engine.write(sqlite_writes.replace(at.table, document, if_match))

    async def upsert(self, container: Container, document: Document) -> Stored:
        """Create a document or replace the one with its id.

        Raises: LimitError.
        """
        at = self._place(container)
        return await at.engine.write(sqlite_writes.upsert(at.table, document))

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
        """Apply operations to a document, all or none.

        Raises: NotFoundError, PreconditionFailedError, LimitError.
        """
        at = self._place(container)
        return await at.engine.write(
            sqlite_writes.patch(at.table, partition, id_, operations, if_match, where)
        )

    async def delete(
        self, container: Container, partition: str, id_: str, *, if_match: str | None = None
    ) -> None:
        """Delete a document.

        Raises: NotFoundError, PreconditionFailedError, LimitError.
        """
        at = self._place(container)
        await at.engine.write(sqlite_writes.delete(at.table, partition, id_, if_match))

    async def batch(
        self, container: Container, partition: str, operations: Sequence[BatchOperation]
    ) -> list[Stored | None]:
        """Apply operations in one partition, all or none.

        Raises: the error of the first operation that fails.
        """
        at = self._place(container)
        return await at.engine.write(sqlite_writes.batch(at.table, partition, operations))

    async def query(self, container: Container, query: Query) -> QueryPage:
        """Return one page of a query.

        Raises: LimitError for a field that is not indexed, or a continuation from elsewhere.
        """
        at = self._place(container)
        now = at.engine.now()
        if query.words or query.prefix:
            (sizes,) = _search(at, *sqlite_query.to_sizes(at.table, query))
            sql, parameters = sqlite_query.to_word_search(at.table, query, sizes, now)
        else:
            sql, parameters = sqlite_query.to_sql(at.table, query, now)
        return sqlite_query.to_page(query, _search(at, sql, parameters))

    async def count(
        self,
        container: Container,
        partition: str,
        by: str,
        where: tuple[Condition, ...] = (),
    ) -> dict[str, int]:
        """Count documents of a partition by a field.

        Raises: LimitError for a field that is not indexed.
        """
        at = self._place(container)
        sql, parameters = sqlite_query.to_count(at.table, partition, by, where, at.engine.now())
        return dict(_search(at, sql, parameters))

    async def sweep(self, container: Container, sweep: Sweep) -> list[Document]:
        """Return documents of all partitions.

        Raises: LimitError for a field that is not declared for sweeps.
        """
        at = self._place(container)
        rows = at.engine.read(*sqlite_query.to_sweep(at.table, sweep, at.engine.now()))
        found = (orjson.loads(body) for (body,) in rows)
        return [{f: item[f] for f in sweep.fields if f in item} for item in found]

    async def close(self) -> None:
        """Finish pending operations and release the files."""
        for engine in self._engines:
            await engine.close()

    def _place(self, container: Container) -> _Place:
        try:
            return self._places[container.name]
        except KeyError:
            raise LimitError(f"{container.name}: this store does not have the container") from None


def _search(at: _Place, sql: str, parameters: tuple[Any, ...]) -> list[Any]:
    try:
        return at.engine.read(sql, parameters)
    except UnicodeEncodeError:
        name = at.table.container.name
        raise LimitError(f"{name}: a query's value is not Unicode text") from None


def file_of(path: Path, container: Container) -> Path:
    """Return the file of a container in the store at `path`."""
    return path.with_stem(path.stem + BACKGROUND) if container.in_background else path


def _preparing(
    tables: Sequence[Table], elsewhere: AbstractSet[str]
) -> Callable[[sqlite3.Connection], None]:
    def prepare(connection: sqlite3.Connection) -> None:
        stored_tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
        if moved := sorted(stored_tables & elsewhere):
            raise LayoutError(f"this version keeps {', '.join(moved)} in another file")
        for table in tables:
            table.prepare(connection)

    return prepare
