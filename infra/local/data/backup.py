"""`make backup TO=folder`: copy the data folder of the embedded stack, with the host running.

The copy has the state of all files at one moment, in which no process commits, like the files after
a kill -9. Files copied one after another would lose accepted messages: an item that is received
between two copies is in neither.
"""

import fcntl
import hashlib
import json
import os
import shutil
import sqlite3
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from infra.local.data.options import folder_options
from infra.local.data.private import keep_private
from infra.local.errors import HostError
from lib.adapters.embedded.data_folder import (
    BACKGROUND_FILE,
    BLOBS_FOLDER,
    CLOCK_FILE,
    DATABASES,
    QUEUE_FILE,
    STORE_FILE,
    TIMERS_FILE,
    DataFolderError,
    check_folder,
)
from lib.adapters.embedded.disk import sync_folder
from lib.adapters.embedded.layout import LAYOUT

MANIFEST: Final = "backup.json"
LOCKED: Final = (BACKGROUND_FILE, QUEUE_FILE, STORE_FILE)
"""The files whose writers take a lock, in the order of locking."""

_PAGES: Final = 1024


def backup(folder: Path, to: Path) -> float:
    """Copy the data to a new or empty folder; return the seconds that writers waited.

    `to` is complete or does not exist.

    Raises: HostError.
    Cost: reads all data once.
    """
    if to.exists() and (not to.is_dir() or any(to.iterdir())):
        raise HostError(f"TO={to} exists: a backup goes to a folder that is new or empty")
    if not all((folder / name).exists() for name in LOCKED):
        raise HostError(f"{folder}: there is no data of the embedded stack to back up")
    part = to.with_name(f".{to.name}.{os.getpid()}.part")
    try:
        check_folder(folder, thorough=False)
        to.parent.mkdir(parents=True, exist_ok=True)
        part.mkdir(mode=0o700)
        waited = _copy(folder, part)
        _write_manifest(part)
        part.replace(to)
        sync_folder(to.parent)
    except (OSError, sqlite3.Error, DataFolderError) as error:
        raise HostError(f"no backup was made: {error}") from None
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return waited


@contextmanager
def all_locked(folder: Path) -> Iterator[None]:
    """Prevent commits of all processes to the files of the folder."""
    with ExitStack() as stack:
        for name in LOCKED:
            lock = folder / f"{name}.lock"
            descriptor = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            stack.callback(os.close, descriptor)
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield


def digest_of(path: Path) -> str:
    """Return the file's SHA-256, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _copy(folder: Path, part: Path) -> float:
    with ExitStack() as stack:
        # Timers come first: one that fires later fires again after a restore, without effect.
        if (folder / TIMERS_FILE).exists():
            _copy_database(stack.enter_context(_reading(folder / TIMERS_FILE)), part / TIMERS_FILE)
        sources = {name: stack.enter_context(_reading(folder / name)) for name in LOCKED}
        with all_locked(folder):
            started = time.monotonic()
            for connection in sources.values():
                connection.execute("BEGIN")
                connection.execute("SELECT count(*) FROM sqlite_master").fetchall()
            clock = (folder / CLOCK_FILE).read_bytes() if (folder / CLOCK_FILE).exists() else b""
            waited = time.monotonic() - started
        if clock:
            (part / CLOCK_FILE).write_bytes(clock)
        for name, connection in sources.items():
            _copy_database(connection, part / name)
    # A blob is written before the document that names it, and never changes.
    if (folder / BLOBS_FOLDER).exists():
        drafts = shutil.ignore_patterns("*.draft")
        shutil.copytree(folder / BLOBS_FOLDER, part / BLOBS_FOLDER, ignore=drafts)
    return waited


@contextmanager
def _reading(path: Path) -> Iterator[sqlite3.Connection]:
    uri = f"{path.resolve().as_uri()}?mode=rw"
    with closing(sqlite3.connect(uri, uri=True, isolation_level=None, timeout=5)) as connection:
        yield connection


def _copy_database(source: sqlite3.Connection, target: Path) -> None:
    with closing(sqlite3.connect(target, isolation_level=None)) as copy:
        source.backup(copy, pages=_PAGES)
        check_database(copy, target)


def check_database(connection: sqlite3.Connection, path: Path) -> None:
    """Check every page of a database.

    Raises: OSError if the database is damaged.
    """
    ((result, *_), *_) = connection.execute("PRAGMA quick_check(1)").fetchall()
    if result != "ok":
        raise OSError(f"{path.name} is damaged ({result})")


def _write_manifest(part: Path) -> None:
    names = [name for name in (*DATABASES, CLOCK_FILE) if (part / name).exists()]
    content = {
        "layout": LAYOUT,
        "taken_at": datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        "files": {name: digest_of(part / name) for name in names},
    }
    (part / MANIFEST).write_text(json.dumps(content, indent=2) + "\n")
    for path in (*part.rglob("*"), part):
        if path.is_file():
            path.chmod(0o600)
            with path.open("rb") as file:
                os.fsync(file.fileno())
        else:
            sync_folder(path)


def main() -> int:
    """Back up the folder of the settings; return the exit code."""
    keep_private()
    try:
        options = folder_options("backup", "TO", "a folder that is new or empty")
        waited = backup(options.data_folder, options.other)
    except HostError as error:
        print(f"recapito: {error}", file=sys.stderr)
        return 1
    size = sum(path.stat().st_size for path in options.other.rglob("*") if path.is_file())
    print(
        f"backed up {options.data_folder} to {options.other}: {size / 1e6:,.1f} MB; "
        f"writers waited {waited * 1000:.0f} ms"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
