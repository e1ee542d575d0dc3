"""The write-ahead log gives its disk space back."""

import asyncio
import os
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from lib.adapters.embedded.sqlite import wal_keeper
from lib.adapters.embedded.sqlite.store import SQLiteStore
from lib.ports.errors import UnavailableError
from tests.contract.support import NOTES, a_note


@pytest.fixture
def wal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Name the WAL of the `store` fixture, which is looked after often."""
    monkeypatch.setattr(wal_keeper, "LOOK_SECONDS", 0.02)
    monkeypatch.setattr(wal_keeper, "SMALL_WAL", 200_000)
    return tmp_path / "store.db-wal"


def size_of(path: Path) -> int:
    """Return its bytes."""
    return path.stat().st_size


async def until(is_so: Callable[[], bool]) -> None:
    """Let the loop run until it is so."""
    async with asyncio.timeout(10):
        while not is_so():  # noqa: ASYNC110 - what is waited for tells nobody
            await asyncio.sleep(0.01)


async def write(store: SQLiteStore, times: int) -> None:
    """Write the same document over and over."""
    for number in range(times):
        await store.upsert(NOTES, a_note("o", text="x" * 3000, rank=number))


async def test_an_idle_wal_is_emptied(store: SQLiteStore, wal: Path) -> None:
    """130 MB beside 5 MB of data were the rule; what was written stays."""
    await write(store, 100)
    assert size_of(wal) > wal_keeper.SMALL_WAL

    await until(lambda: size_of(wal) == 0)

    assert (await store.read(NOTES, "o", "note-1")).document["rank"] == 99
    await write(store, 1)
    assert (await store.read(NOTES, "o", "note-1")).document["rank"] == 0


async def test_a_small_wal_is_left_for_the_next_writes(store: SQLiteStore, wal: Path) -> None:
    """A file that grows anew costs each sync more."""
    await write(store, 1)
    size = size_of(wal)
    await asyncio.sleep(0.2)

    assert 0 < size_of(wal) == size


async def test_the_wal_is_not_emptied_while_somebody_writes(
    store: SQLiteStore, wal: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process's writes count: it would wait."""
    monkeypatch.setattr(wal_keeper, "LOOK_SECONDS", 0.2)
    await write(store, 100)
    for _ in range(40):
        os.utime(wal)  # as a write of another process does
        await asyncio.sleep(0.02)

    assert size_of(wal) > wal_keeper.SMALL_WAL


async def test_a_long_wal_is_copied_while_somebody_writes(
    store: SQLiteStore, wal: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Large batches are few writes: a million messages left four gigabytes beside an empty file."""
    monkeypatch.setattr(wal_keeper, "SMALL_WAL", 2**40)
    monkeypatch.setattr(wal_keeper, "LONG_WAL", 200_000)
    for number in range(100):
        await store.upsert(NOTES, a_note("o", f"note-{number}", text="x" * 3000))

    await until(lambda: size_of(tmp_path / "store.db") > 300_000)


async def test_a_full_disk_gets_the_room_of_the_wal_back(
    store: SQLiteStore, wal: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However short it is, and though writes go on failing."""
    monkeypatch.setattr(wal_keeper, "SMALL_WAL", 2**40)
    await write(store, 50)
    connection = store._engines[0]._opened()[0].connection
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    connection.execute(f"PRAGMA max_page_count={pages}").fetchall()

    with pytest.raises(UnavailableError, match="full"):
        await store.create(NOTES, a_note("o", "big", text="x" * 50_000))

    await until(lambda: size_of(wal) == 0)


async def test_a_long_reader_does_not_hold_up_the_writers(
    store: SQLiteStore, wal: Path, tmp_path: Path
) -> None:
    """A backup reads for minutes: whoever empties the WAL gives up at once, and tries again."""
    await write(store, 100)
    reader = sqlite3.connect(tmp_path / "store.db", isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM notes").fetchall()
    await write(store, 1)
    file = store._engines[0]._opened()[0]

    async with asyncio.timeout(1):
        await asyncio.to_thread(file.empty)
    assert size_of(wal) > 0
    reader.execute("COMMIT")
    reader.close()

    await until(lambda: size_of(wal) == 0)
