"""Find a text in all that an embedded stack stores: documents, queue items and files."""

import re
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

_SQLITE: Final = b"SQLite format 3\x00"


def places_of(folder: Path, text: str) -> set[str]:
    """Return where the text stands, in any case of letters: tables, and names of files.

    Each row of each table is read, and each entry of an archive.
    """
    pattern = re.compile(re.escape(text.encode()), re.IGNORECASE)
    return {place for place, content in _contents(folder) if pattern.search(content)}


def _contents(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(one for one in folder.rglob("*") if one.is_file()):
        name = path.relative_to(folder).as_posix()
        if path.name.endswith(("-wal", "-shm")):
            continue
        with path.open("rb") as file:
            is_database = file.read(len(_SQLITE)) == _SQLITE
        if is_database:
            yield from _rows(path)
        elif zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                for entry in archive.namelist():
                    yield name, archive.read(entry) + entry.encode()
        else:
            yield name, path.read_bytes() + name.encode()


def _rows(path: Path) -> Iterator[tuple[str, bytes]]:
    with closing(sqlite3.connect(path)) as connection:
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        for (table,) in tables.fetchall():
            for row in connection.execute(f'SELECT * FROM "{table}"'):
                cells = (cell if isinstance(cell, bytes) else str(cell).encode() for cell in row)
                yield table, b"\n".join(cells)
