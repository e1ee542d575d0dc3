"""`make restore FROM=folder`: replace the data folder's files by a backup.

A host may be running. At their next sync, before they answer a write, its processes find that
their files were replaced. They end, and the host starts others on the restored data. The former
files are kept beside the restored files.
"""

import fcntl
import json
import os
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from infra.local.data.backup import LOCKED, MANIFEST, all_locked, check_database, digest_of
from infra.local.data.options import folder_options
from infra.local.data.private import keep_private
from infra.local.errors import HostError
from lib.adapters.embedded.data_folder import BLOBS_FOLDER, CLOCK_FILE, DATABASES, RESTORE_MARK
from lib.adapters.embedded.disk import sync_folder
from lib.adapters.embedded.layout import LAYOUT, OLDEST

_ENDINGS: Final = ("", "-wal", "-shm", "-journal")


def restore(source: Path, folder: Path) -> Path | None:
    """Replace the folder's files by the backup's; return the folder of the replaced files, if any.

    Raises: HostError. Nothing was changed unless the text says so; then run it again.
    """
    manifest = _read_manifest(source)
    staged = folder / f"restore.{os.getpid()}.part"
    exchanging = False
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        staged.mkdir(mode=0o700)
        _stage(source, staged, manifest)
        with all_locked(folder), _marked(folder):
            exchanging = True
            return _exchange(folder, staged, manifest)
    except (OSError, sqlite3.Error) as error:
        state = "broken off, run it again" if exchanging else "nothing was changed"
        raise HostError(f"{folder} was not restored ({state}): {error}") from None
    finally:
        shutil.rmtree(staged, ignore_errors=True)


def _read_manifest(source: Path) -> dict[str, str]:
    """Return the digest of each file of a complete backup.

    Raises: HostError if the backup is damaged, incomplete or of another version.
    """
    try:
        content: Any = json.loads((source / MANIFEST).read_text())
        layout, files = int(content["layout"]), dict(content["files"])
        wrong = [name for name, digest in files.items() if digest_of(source / name) != digest]
    except FileNotFoundError as error:
        missing_file = Path(error.filename).name
        raise HostError(f"FROM={source} is not a backup: it has no {missing_file}") from None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise HostError(f"FROM={source} is not a backup: {type(error).__name__}: {error}") from None
    if not OLDEST <= layout <= LAYOUT:
        raise HostError(f"FROM={source} is of another version (layout {layout}, not {LAYOUT})")
    missing = [name for name in LOCKED if name not in files]
    if wrong or missing or not files.keys() <= {*DATABASES, CLOCK_FILE}:
        raise HostError(f"FROM={source} is damaged: {', '.join(wrong or missing) or MANIFEST}")
    return files


def _stage(source: Path, staged: Path, files: dict[str, str]) -> None:
    """Copy the backup to the disk of the files, and check the copies."""
    for name in files:
        shutil.copyfile(source / name, staged / name)
        (staged / name).chmod(0o600)
        if name in DATABASES:
            with closing(sqlite3.connect(staged / name, isolation_level=None)) as connection:
                check_database(connection, staged / name)
        with (staged / name).open("rb") as file:
            os.fsync(file.fileno())
    for path in (source / BLOBS_FOLDER).rglob("*"):
        if path.is_file():
            blob = staged.parent / path.relative_to(source)
            blob.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            draft = blob.with_name(f"{blob.name}.draft")
            shutil.copyfile(path, draft)
            draft.replace(blob)


@contextmanager
def _marked(folder: Path) -> Iterator[None]:
    """Mark the folder as being restored; after an interrupted restore the mark stays."""
    mark = folder / RESTORE_MARK
    descriptor = os.open(mark, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        # A process that starts meanwhile waits for the lock.
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        sync_folder(folder)
        yield
        mark.unlink()
        sync_folder(folder)
    finally:
        os.close(descriptor)


def _exchange(folder: Path, staged: Path, files: dict[str, str]) -> Path | None:
    now = datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%f")
    aside = folder / f"before-restore-{now}"
    aside.mkdir(mode=0o700)
    for name in DATABASES:
        for ending in _ENDINGS:
            if (folder / f"{name}{ending}").exists():
                (folder / f"{name}{ending}").rename(aside / f"{name}{ending}")
    sync_folder(aside)
    for name in files:
        if name in DATABASES:
            (staged / name).rename(folder / name)
    if CLOCK_FILE in files:
        _set_clock(folder / CLOCK_FILE, (staged / CLOCK_FILE).read_bytes())
    sync_folder(folder)
    if any(aside.iterdir()):
        return aside
    aside.rmdir()
    return None


def _set_clock(path: Path, offset: bytes) -> None:
    """Overwrite the clock's file in place: every process has it mapped."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        os.pwrite(descriptor, offset, 0)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def main() -> int:
    """Restore into the folder of the settings; return the exit code."""
    keep_private()
    try:
        options = folder_options("restore", "FROM", "a folder that make backup made")
        aside = restore(options.other, options.data_folder)
    except HostError as error:
        print(f"recapito: {error}", file=sys.stderr)
        return 1
    print(f"restored {options.data_folder} from {options.other}")
    if aside is not None:
        print(f"the former files are kept in {aside}; delete them when you do not need them")
    return 0


if __name__ == "__main__":
    sys.exit(main())
