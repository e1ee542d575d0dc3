"""Map a container to a table: columns, indexes and constant statements."""

import re
import sqlite3
from typing import Any, Final

import orjson

from lib.adapters.embedded.layout import LayoutError
from lib.adapters.embedded.sqlite.statements import words
from lib.ports.documents import WRITTEN_AT, Container, Document

NEVER: Final = 2**63 - 1
"""The `expires_at` of a document that does not expire, so that one comparison is enough."""

JSON_NULL: Final = float("-inf")
"""JSON null in a column; SQL NULL means an absent field. JSON null sorts first, as in Cosmos."""

_FIELD: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}(?:\.[A-Za-z_][A-Za-z0-9_]{0,63})?")
_NAME: Final = re.compile(r"[a-z][a-z0-9-]{1,62}")
_BACKFILL_ROWS: Final = 1000
_WRITTEN: Final = "written INTEGER NOT NULL DEFAULT 0"
"""The column of WRITTEN_AT: 0 in rows of a version that did not store the time."""


def to_column(value: object) -> str | int | float | bytes:
    """Return the value of an indexed column for a JSON value; lists and objects never compare."""
    if isinstance(value, str):
        return value
    if value is None:
        return JSON_NULL
    if isinstance(value, int):
        return int(value) if -(2**63) <= value < 2**63 else float(value)
    return value if isinstance(value, float) else b""


class Table:
    """The table of one container, with its statements.

    It is a rowid table with a unique index. A WITHOUT ROWID table would spill each row over a
    quarter of a page, and documents are far larger. A rowid table also keeps new rows together.
    """

    def __init__(self, container: Container) -> None:
        fields = (*container.indexed, *container.swept, container.partition_key)
        named = (*fields, container.worded or "id")
        if not _NAME.fullmatch(container.name) or not all(map(_FIELD.fullmatch, named)):
            raise ValueError(f"container {container.name}: a name or field that storage refuses")
        self.container = container
        columned = dict.fromkeys(fields[:-1])
        self.indexed = tuple(f for f in columned if f not in {"id", fields[-1]})
        self._leads_into_objects = any("." in f for f in self.indexed)
        self.is_followed = any(WRITTEN_AT in fields for fields in container.composite)
        self.name = name = f'"{container.name}"'
        written = ["written"] if self.is_followed else []
        indexed = map(self.column, self.indexed)
        columns = ["pk", "id", "etag", "expires_at", *written, *indexed, "body"]
        values = ", ".join("?" * len(columns))
        assign = ", ".join(f"{c} = excluded.{c}" for c in columns[2:])
        self.upsert = (
            f"INSERT INTO {name} ({', '.join(columns)}) VALUES ({values}) "
            f"ON CONFLICT (pk, id) DO UPDATE SET {assign}"
        )
        self.create = f"{self.upsert} WHERE {name}.expires_at <= ?"
        key = "WHERE pk = ? AND id = ? AND expires_at > ?"
        self.read = f"SELECT body, etag FROM {name} {key}"
        self.read_many = (
            f"SELECT pk, body, etag FROM json_each(?) AS wanted CROSS JOIN {name} "
            f"ON pk = wanted.value AND {name}.id = ? AND expires_at > ?"
        )
        self.row = f"SELECT n, body, etag FROM {name} {key}"
        self.delete = f"DELETE FROM {name} WHERE n = ?"
        sets = ", ".join(f"{c} = ?" for c in columns[2:])
        self.update = f"UPDATE {name} SET {sets} WHERE n = ?"
        self.purge = (
            f"DELETE FROM {name} WHERE n IN "
            f"(SELECT n FROM {name} WHERE expires_at <= ? AND expires_at < {NEVER} LIMIT ?)"
        )

    def column(self, field: str) -> str:
        """Return the column of an indexed field, the id or the partition key; raise KeyError."""
        if field == "id":
            return "id"
        if field == self.container.partition_key:
            return "pk"
        if field == WRITTEN_AT and self.is_followed:
            return "written"
        if field not in self.indexed:
            raise KeyError(field)
        return f'"f:{field}"'

    def columns_of(self, document: Document) -> list[Any]:
        """Return the values of the indexed columns, in order; None for an absent field."""
        if self._leads_into_objects:
            return [_value_at(document, f) for f in self.indexed]
        return [to_column(document[f]) if f in document else None for f in self.indexed]

    def prepare(self, connection: sqlite3.Connection) -> None:
        """Create the table and its indexes, or add new columns and indexes to an older file.

        Raise LayoutError for documents that are stored under another partition key.
        """
        extra = "".join(f", {self.column(f)}" for f in self.indexed)
        if self.is_followed:
            extra = f", {_WRITTEN}{extra}"
        connection.execute(
            f"CREATE TABLE IF NOT EXISTS {self.name} (n INTEGER PRIMARY KEY, pk TEXT NOT NULL, "
            f"id TEXT NOT NULL, etag TEXT NOT NULL, expires_at INTEGER NOT NULL{extra}, "
            "body BLOB NOT NULL)"
        )
        self._check_partition(connection)
        stored_columns = {row[1] for row in connection.execute(f"PRAGMA table_info({self.name})")}
        if self.is_followed and "written" not in stored_columns:
            connection.execute(f"ALTER TABLE {self.name} ADD COLUMN {_WRITTEN}")
        missing = [f for f in self.indexed if f"f:{f}" not in stored_columns]
        for field in missing:
            connection.execute(f"ALTER TABLE {self.name} ADD COLUMN {self.column(field)}")
        if missing:
            self._fill(connection)
        prefix = self.container.name
        connection.execute(
            f'CREATE UNIQUE INDEX IF NOT EXISTS "{prefix}(id)" ON {self.name} (pk, id)'
        )
        connection.execute(
            f'CREATE INDEX IF NOT EXISTS "{prefix}(expires_at)" ON {self.name} (expires_at) '
            f"WHERE expires_at < {NEVER}"
        )
        for fields in self.container.composite:
            # a page ends at (order value, id), so the id follows every ordering field
            columns = ["pk", *dict.fromkeys(self.column(f) for f in (*fields, "id"))]
            # queries leave documents out that lack the field of their order
            order = self.column(fields[-1])
            present = "" if order in {"id", "written"} else f" WHERE {order} IS NOT NULL"
            connection.execute(
                f'CREATE INDEX IF NOT EXISTS "{prefix}({",".join(fields)})" '
                f"ON {self.name} ({', '.join(columns)}){present}"
            )
        for field in self.container.narrowing:
            leading = [name for name in self.container.composite[0] if name != "id"]
            columns = ["pk", *map(self.column, (*leading, field, "id"))]
            # most documents lack some of the fields, and need no entry then
            connection.execute(
                f'CREATE INDEX IF NOT EXISTS "{prefix}+{field}" ON {self.name} '
                f"({', '.join(columns)}) WHERE {self.column(field)} IS NOT NULL"
            )
        for field in self.container.swept:
            connection.execute(
                f'CREATE INDEX IF NOT EXISTS "{prefix}~{field}" ON {self.name} '
                f"({self.column(field)}) WHERE {self.column(field)} IS NOT NULL"
            )
        if self.container.worded is not None:
            words.prepare(connection, prefix, self.container.worded)

    def _check_partition(self, connection: sqlite3.Connection) -> None:
        row = connection.execute(f"SELECT pk, body FROM {self.name} LIMIT 1").fetchone()
        if row is not None and orjson.loads(row[1]).get(self.container.partition_key) != row[0]:
            raise LayoutError(f"{self.container.name} has another partition key in this version")

    def _fill(self, connection: sqlite3.Connection) -> None:
        select = f"SELECT n, body FROM {self.name} WHERE n > ? ORDER BY n LIMIT ?"
        sets = ", ".join(f"{self.column(f)} = ?" for f in self.indexed)
        update = f"UPDATE {self.name} SET {sets} WHERE n = ?"
        last = 0
        while rows := connection.execute(select, (last, _BACKFILL_ROWS)).fetchall():
            last = rows[-1][0]
            connection.executemany(
                update, [(*self.columns_of(orjson.loads(body)), n) for n, body in rows]
            )


def _value_at(document: Document, field: str) -> Any:
    """Return the column's value of a field, which may be that of an object; None if absent."""
    value: Any = document
    for step in field.split("."):
        if not isinstance(value, dict) or step not in value:
            return None
        value = value[step]
    return to_column(value)
