"""Check the files of a data folder.

The module imports little, since the local host checks the folder before it starts a worker.
"""

import fcntl
import sqlite3
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from lib.adapters.embedded.layout import Layout, LayoutError, name_files, read_layout

STORE_FILE: Final = "store.db"
BACKGROUND_FILE: Final = "store-background.db"
QUEUE_FILE: Final = "queue.db"
TIMERS_FILE: Final = "timers.db"
CLOCK_FILE: Final = "clock"
BLOBS_FOLDER: Final = "blobs"
NOTIFICATIONS_FILE: Final = "notifications.jsonl"
RESTORE_MARK: Final = "restore-under-way"
"""A file that exists while `make restore` replaces files, so that no process uses a mixture."""

DATABASES: Final = (STORE_FILE, BACKGROUND_FILE, QUEUE_FILE, TIMERS_FILE)

CHECK_SECONDS: Final = 2.0
"""The time to check the pages of one file at the start; later damage is found at its use."""

_OFFSET_BYTES: Final = 8
_MAX_OFFSET: Final = 200 * 366 * 24 * 60 * 60 * 1_000_000
"""The largest offset in microseconds, since the sandbox's clock ends with the year 2199."""

_BUSY_SECONDS: Final = 2.0
_SECOND_LOOK_SECONDS: Final = 0.2
_DAMAGED: Final = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
_MEND: Final = "restore a backup (make restore FROM=...), or start anew with another data folder"


class DataFolderError(Exception):
    """The data folder cannot be used. The text is one line: the file, the fault and the remedy."""


def check_folder(folder: Path, names: Sequence[str] = DATABASES, *, thorough: bool = True) -> None:
    """Open the existing database files; raise DataFolderError for one that cannot be used.

    `thorough`: check the pages too, for at most CHECK_SECONDS per file. Raise OSError for a
    temporary fault, such as a lock or a lack of descriptors.
    Concurrency: the function waits for a running restore, and reports only a fault that it finds
    twice.
    """
    _await_restore(folder)
    try:
        _check(folder, names, thorough=thorough)
    except DataFolderError:
        time.sleep(_SECOND_LOOK_SECONDS)
        _await_restore(folder)
        _check(folder, names, thorough=thorough)


def _check(folder: Path, names: Sequence[str], *, thorough: bool) -> None:
    layouts = {
        name: _look(folder / name, thorough=thorough) for name in names if _exists(folder / name)
    }
    for name, layout in layouts.items():
        for other in sorted(layout.files.intersection(names) if layout else ()):
            if layouts.get(other) is None:
                state = "empty" if other in layouts else "missing"
                raise DataFolderError(
                    f"{folder / other} is {state}, though {name} beside it has data: {_MEND}"
                )
    _look_at_clock(folder / CLOCK_FILE)


def _await_restore(folder: Path) -> None:
    """Wait for a running restore; raise DataFolderError for an interrupted one."""
    mark = folder / RESTORE_MARK
    try:
        with mark.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
    except FileNotFoundError:
        return
    if mark.exists():
        raise DataFolderError(
            f"{folder}: a restore was broken off: run make restore FROM=... again, with any backup"
        )


def name_databases(folder: Path) -> None:
    """Write the names of the folder's files into each database file; raise OSError."""
    names = [name for name in DATABASES if _exists(folder / name)]
    try:
        for name in names:
            with _opened(folder / name) as connection:
                layout = read_layout(connection)
                if layout is not None and layout.files != set(names):
                    name_files(connection, names)
    except sqlite3.Error as error:
        raise OSError(str(error)) from None


def _look(path: Path, *, thorough: bool) -> Layout | None:
    try:
        with _opened(path) as connection:
            layout = read_layout(connection)
            damage = _damage(connection) if thorough else ""
    except LayoutError as error:
        raise DataFolderError(f"{path}: {error}") from None
    except sqlite3.DatabaseError as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code not in _DAMAGED:
            raise OSError(f"{path} cannot be opened: {error}") from None
        damage = str(error)
    if damage:
        raise DataFolderError(f"{path} is damaged ({damage}): {_MEND}")
    return layout


def _look_at_clock(path: Path) -> None:
    """Raise DataFolderError if the file of the sandbox's clock has no valid offset."""
    if not path.exists():
        return
    content = path.read_bytes()
    offset = int.from_bytes(content, sys.byteorder, signed=True)
    if len(content) not in {0, _OFFSET_BYTES} or not 0 <= offset < _MAX_OFFSET:
        raise DataFolderError(f"{path} is damaged (no offset of a clock): {_MEND}, or delete it")


def _damage(connection: sqlite3.Connection) -> str:
    """Return the first fault of the file's pages, "" for none."""
    late = threading.Event()

    def stop() -> None:
        late.set()
        connection.interrupt()

    timer = threading.Timer(CHECK_SECONDS, stop)
    timer.start()
    try:
        ((told, *_), *_) = connection.execute("PRAGMA quick_check(1)").fetchall()
    except sqlite3.OperationalError:
        if late.is_set():
            return ""
        raise
    finally:
        timer.cancel()
    return "" if told == "ok" or late.is_set() else " ".join(str(told).split())


def _exists(path: Path) -> bool:
    return path.exists() or path.is_symlink()


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    # a missing file must not be created
    uri = f"{path.resolve().as_uri()}?mode=rw"
    connection = sqlite3.connect(
        uri, uri=True, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False
    )
    with closing(connection):
        yield connection
