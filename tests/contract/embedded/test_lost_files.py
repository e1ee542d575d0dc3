"""A database file that vanished, was emptied or replaced under a process that has it open."""

import asyncio
import os
import shutil
import sqlite3
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from lib.adapters.embedded.sqlite import wal_keeper
from lib.adapters.embedded.sqlite.queue import SQLiteQueue
from lib.adapters.embedded.sqlite.store import SQLiteStore
from lib.ports.errors import UnavailableError
from tests.contract.support import CONTAINERS, NOTES, StillClock, a_note


def vanish(path: Path) -> None:
    """Remove it."""
    path.unlink()


def empty(path: Path) -> None:
    """Keep the file, and nothing of what it holds."""
    os.truncate(path, 0)


def replace(path: Path) -> None:
    """Put a copy in its place."""
    copy = path.with_suffix(".copy")
    shutil.copyfile(path, copy)
    copy.replace(path)


def held_by(path: Path) -> tuple[bytes, bytes]:
    """Return what the file and its WAL hold."""
    return path.read_bytes(), path.with_name(f"{path.name}-wal").read_bytes()


HARMS = (vanish, empty, replace)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Name the file of the `store` fixture."""
    return tmp_path / "store.db"


@pytest.fixture
def ended(store: SQLiteStore) -> list[bool]:
    """Note that the store asks for the process's end."""
    ends: list[bool] = []
    store._engines[0]._sync._on_broken = lambda: ends.append(True)
    return ends


@pytest.mark.parametrize("harm", HARMS)
@pytest.mark.parametrize("ending", ["", "-wal"])
async def test_no_write_is_answered_after_a_file_is_lost(
    store: SQLiteStore, path: Path, ended: list[bool], harm: Callable[[Path], None], ending: str
) -> None:
    """A write to a file that the next process will not find fails."""
    await store.create(NOTES, a_note("o", "before"))
    harm(path.with_name(path.name + ending))

    with pytest.raises(UnavailableError, match=r"gone|replaced|lost|emptied"):
        await store.create(NOTES, a_note("o", "after"))

    assert ended == [True]
    with pytest.raises(UnavailableError, match="restart"):
        await store.create(NOTES, a_note("o", "later"))


@pytest.mark.parametrize("harm", HARMS)
async def test_a_queue_whose_file_is_lost_takes_no_item(
    tmp_path: Path, harm: Callable[[Path], None]
) -> None:
    """An item that is put is as durable as a document."""
    queue = SQLiteQueue(tmp_path / "queue.db", StillClock())
    await queue.put("jobs", "before")
    harm(tmp_path / "queue.db")

    with pytest.raises(UnavailableError):
        await queue.put("jobs", "after")
    await queue.close()


async def test_a_process_that_only_reads_notices_a_lost_file(
    store: SQLiteStore, path: Path, ended: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that answers from a file that is gone ends, though it writes nothing."""
    monkeypatch.setattr(wal_keeper, "LOOK_SECONDS", 0.01)
    store.open()
    vanish(path)

    async with asyncio.timeout(5):
        while not ended:  # noqa: ASYNC110 - the file's end tells nobody
            await asyncio.sleep(0.01)


@pytest.fixture
async def replaced(store: SQLiteStore, path: Path) -> AsyncIterator[sqlite3.Connection]:
    """Give a connection to another database, which took the place of the store's, WAL and all."""
    await store.create(NOTES, a_note("o"))
    for ending in ("", "-wal", "-shm"):
        path.with_name(path.name + ending).rename(path.with_name(f"aside{ending}"))
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("PRAGMA journal_mode=WAL").fetchall()
    other.execute("PRAGMA wal_autocheckpoint=0").fetchall()
    other.execute("CREATE TABLE t (a)")
    other.execute("INSERT INTO t VALUES (1)")
    yield other
    other.close()


async def test_closing_leaves_the_file_that_took_its_place_alone(
    store: SQLiteStore, path: Path, replaced: sqlite3.Connection
) -> None:
    """SQLite removes the WAL by its name at the last close: it is another file's by now."""
    wal = path.with_name("store.db-wal")
    there = wal.stat().st_ino

    await store.close()

    assert wal.stat().st_ino == there
    with sqlite3.connect(path) as third:
        assert third.execute("SELECT a FROM t").fetchall() == [(1,)]
    third.close()


async def test_no_checkpoint_reaches_the_file_that_took_its_place(
    store: SQLiteStore, path: Path, replaced: sqlite3.Connection
) -> None:
    """Neither its pages nor its WAL are touched."""
    before = held_by(path)
    file = store._engines[0]._opened()[0]

    file.checkpoint()
    file.empty()

    assert held_by(path) == before


async def test_another_process_that_empties_the_wal_is_no_loss(
    store: SQLiteStore, tmp_path: Path
) -> None:
    """A checkpoint that truncates the WAL keeps what it held."""
    await store.create(NOTES, a_note("o", "1"))
    other = SQLiteStore(tmp_path / "store.db", StillClock(), CONTAINERS)
    other.open()
    other._engines[0]._opened()[0].empty()
    assert (tmp_path / "store.db-wal").stat().st_size == 0

    await store.create(NOTES, a_note("o", "2"))
    await other.create(NOTES, a_note("o", "3"))
    await other.close()

    assert (await store.read(NOTES, "o", "3")).document["id"] == "3"
