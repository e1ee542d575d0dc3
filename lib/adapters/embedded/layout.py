"""The layout of stored data: each SQLite file says which one it has, and which files belong to it.

Raise LAYOUT when data of the version before can no longer be read as it is: a table that moves to
another file, a partition key that changes, another meaning of a column. Then either `stamp`
migrates the file, or OLDEST is raised too and older data is refused. New tables, columns and
indexes need no other layout: they are made at the first opening.
"""

import json
import sqlite3
from collections.abc import Iterable
from typing import Final, NamedTuple

LAYOUT: Final = 1
OLDEST: Final = 0
"""Of the layouts that `stamp` turns into LAYOUT. 0: the file does not say; else it is as in 1."""

_HINT: Final = "use the version that wrote it, or start anew with another data folder"

# A container's name has no underscore, so the name is free in each file.
_TABLE: Final = "CREATE TABLE _layout (version INTEGER NOT NULL, files TEXT NOT NULL)"


class LayoutError(OSError):
    """The file is of another layout; the text says which and what to do, not what is stored."""

    def __init__(self, text: str) -> None:
        super().__init__(f"{text}: {_HINT}")


class Layout(NamedTuple):
    """What a file says of itself: `files` are the names of the folder's files, its own included.

    `files` is empty until all of them were made.
    """

    version: int
    files: frozenset[str]


def read_layout(connection: sqlite3.Connection) -> Layout | None:
    """Return what the file says, None for a new one; raise LayoutError where it is of no use."""
    tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
    if not tables:
        return None
    version, files = 0, "[]"
    if "_layout" in tables:
        version, files = connection.execute("SELECT version, files FROM _layout").fetchone()
    if not OLDEST <= version <= LAYOUT:
        age = "an older" if version < LAYOUT else "a newer"
        raise LayoutError(f"its data is of {age} version (layout {version}, not {LAYOUT})")
    return Layout(version, frozenset(json.loads(files)))


def stamp(connection: sqlite3.Connection) -> None:
    """Give a new file or an older one this layout, inside a transaction; raise LayoutError."""
    found = read_layout(connection)
    if found is None or found.version < LAYOUT:
        connection.execute(_TABLE)
        connection.execute("INSERT INTO _layout VALUES (?, '[]')", (LAYOUT,))


def name_files(connection: sqlite3.Connection, files: Iterable[str]) -> None:
    """Write which files belong together, once all of them are there."""
    connection.execute("UPDATE _layout SET files = ?", (json.dumps(sorted(files)),))
