"""The layout of stored data: the version that each SQLite file has, and the files of its folder.

Increase LAYOUT when this version can no longer use the unchanged data of the version before: a
container has another name, a table moves to another file, a partition key or stored fields change.
Then add the step from the layout before to MIGRATIONS. New tables, columns and indexes need no new
layout: the app makes them when it opens a file.

No release wrote a layout below OLDEST, so such data is refused, and no step migrates it. From the
first release on, OLDEST stays the layout of that release.
"""

import json
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from typing import Final, NamedTuple

LAYOUT: Final = 2
OLDEST: Final = 2
"""The oldest layout that `stamp` migrates to LAYOUT. Layout 0: the file names no layout."""

type Migration = Callable[[sqlite3.Connection], None]

MIGRATIONS: Final[Mapping[int, Migration]] = {}
"""The step from each layout, OLDEST or later, to the next one.

A step runs once for each file of the folder, inside a transaction; a file has some of the tables. A
crash leaves the file unchanged, and the next start migrates the remaining files.
"""

_HINT: Final = "use the version that wrote it, or start anew with another data folder"

# no container's name has an underscore, so the name is free in each file
_TABLE: Final = "CREATE TABLE _layout (version INTEGER NOT NULL, files TEXT NOT NULL)"


class LayoutError(OSError):
    """The file has a layout that this version cannot use; the text says which, and what to do."""

    def __init__(self, text: str) -> None:
        super().__init__(f"{text}: {_HINT}")


class Layout(NamedTuple):
    """The layout of a file: `files` are the names of the folder's files, its own included.

    `files` is empty until all files exist.
    """

    version: int
    files: frozenset[str]


def read_layout(connection: sqlite3.Connection) -> Layout | None:
    """Return the file's layout, None for a new file; raise LayoutError for an unusable layout."""
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
    """Give a new file this layout, and migrate an older file, inside the caller's transaction.

    Raise LayoutError for a layout before OLDEST or after LAYOUT.
    """
    found = read_layout(connection)
    if found is None:
        connection.execute(_TABLE)
        connection.execute("INSERT INTO _layout VALUES (?, '[]')", (LAYOUT,))
        return
    for version in range(found.version, LAYOUT):
        MIGRATIONS[version](connection)
    if found.version < LAYOUT:
        connection.execute("UPDATE _layout SET version = ?", (LAYOUT,))


def name_files(connection: sqlite3.Connection, files: Iterable[str]) -> None:
    """Write the names of the files that belong together, once all of them exist."""
    connection.execute("UPDATE _layout SET files = ?", (json.dumps(sorted(files)),))
