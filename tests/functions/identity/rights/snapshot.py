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


def snapshot(folder: Path) -> Snapshot:
    """Return the content of each place."""
    return dict(_contents(folder))


def changed(before: Snapshot, after: Snapshot) -> set[Place]:
    """Return the places that have come, gone or changed."""
    places = before.keys() | after.keys()
    return {place for place in places if before.get(place) != after.get(place)}


def _contents(folder: Path) -> Iterator[tuple[Place, bytes]]:
    for path in sorted(one for one in folder.rglob("*") if one.is_file()):
        if path.suffix == ".db":
            yield from _rows(path)
        elif not path.name.endswith(("-wal", "-shm")):
            yield Place("files", "", path.relative_to(folder).as_posix()), path.read_bytes()


def _rows(path: Path) -> Iterator[tuple[Place, bytes]]:
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
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
    finally:
        connection.close()
