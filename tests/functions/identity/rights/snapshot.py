"""All that is stored in a folder: the documents of every container, the queue items, the files."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from lib.ports.schema.senders import CALL_COUNTS

_UNCOMPARED = {CALL_COUNTS.name}
"""Each call of a sender is counted, whatever its answer."""


class Place(NamedTuple):
    """The place of a document, of a queue item or of a file."""

    container: str
    partition: str
    id: str


type Snapshot = dict[Place, bytes]


class Snapshots:
    """Takes snapshots of a folder; a file without a change since the last one is not read again."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._databases: dict[Path, _Database] = {}
        self._files: dict[Path, tuple[object, bytes]] = {}

    def take(self) -> Snapshot:
        """Return the content of each place."""
        content: Snapshot = {}
        for found, _, names in self._folder.walk():
            for path in (found / name for name in names):
                if path.suffix == ".db":
                    content |= self._databases.setdefault(path, _Database(path)).rows()
                elif not path.name.endswith(("-wal", "-shm")):
                    place = Place("files", "", path.relative_to(self._folder).as_posix())
                    content[place] = self._read(path)
        return content

    def close(self) -> None:
        """Close the databases."""
        for database in self._databases.values():
            database.close()

    def _read(self, path: Path) -> bytes:
        status = path.stat()
        state = status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns
        kept = self._files.get(path)
        if kept is None or kept[0] != state:
            kept = self._files[path] = state, path.read_bytes()
        return kept[1]


class _Database:
    """A database; SQLite tells a connection whether another one has committed since it asked."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connection: sqlite3.Connection | None = None
        self._version = -1
        self._rows: Snapshot = {}

    def rows(self) -> Snapshot:
        """Return the content of each place."""
        if self._connection is None:
            address = f"file:{self._path}?mode=ro"
            self._connection = sqlite3.connect(address, uri=True, check_same_thread=False)
        version = int(self._connection.execute("PRAGMA data_version").fetchone()[0])
        if version != self._version:
            self._version = version
            self._rows = dict(_rows(self._connection))
        return self._rows

    def close(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            self._connection.close()


def changed(before: Snapshot, after: Snapshot) -> set[Place]:
    """Return the places that have come, gone or changed."""
    places = before.keys() | after.keys()
    return {place for place in places if before.get(place) != after.get(place)}


def _rows(connection: sqlite3.Connection) -> Iterator[tuple[Place, bytes]]:
    tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
    for (table,) in tables.fetchall():
        if table in _UNCOMPARED or table.startswith("_"):
            continue
        names = [row[1] for row in connection.execute(f'PRAGMA table_info("{table}")')]
        if {"pk", "id", "body"} <= set(names):
            rows = connection.execute(f'SELECT pk, id, body FROM "{table}"').fetchall()
            yield from ((Place(table, pk, id_), bytes(body)) for pk, id_, body in rows)
        else:
            rows = connection.execute(f'SELECT rowid, * FROM "{table}"').fetchall()
            yield from ((Place(table, "", str(row[0])), repr(row).encode()) for row in rows)
