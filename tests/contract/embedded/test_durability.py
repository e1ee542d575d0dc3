"""Group commit: when a write returns, and what happens when the disk or a waiter gives up."""

import asyncio
import contextlib
import fcntl
import sqlite3
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import BinaryIO

import pytest

from lib.adapters.embedded.sqlite import file as sqlite_file
from lib.adapters.embedded.sqlite import group_commit, wal_keeper
from lib.adapters.embedded.sqlite.store import SQLiteStore, file_of
from lib.ports.documents import Container
from lib.ports.errors import ConflictError, NotFoundError, UnavailableError
from tests.contract.support import CONTAINERS, NOTES, StillClock, a_note

MARKS = Container("marks", partition_key="owner", in_background=True)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Name the file of the `store` fixture."""
    return tmp_path / "store.db"


async def test_write_returns_only_after_the_sync(
    store: SQLiteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither a success nor a conflict is told before the disk has it."""
    await store.create(NOTES, a_note("o", "taken"))
    gate = threading.Event()
    monkeypatch.setattr(sqlite_file, "sync_data", lambda _: gate.wait(10))

    success = asyncio.ensure_future(store.create(NOTES, a_note("o", "new")))
    conflict = asyncio.ensure_future(store.create(NOTES, a_note("o", "taken")))
    await asyncio.wait([success, conflict], timeout=0.05)
    pending = not success.done() and not conflict.done()
    gate.set()

    assert pending
    assert (await success).document["id"] == "new"
    with pytest.raises(ConflictError):
        await conflict


async def test_concurrent_writes_share_one_sync(
    store: SQLiteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A hundred writes at once wait for the disk once."""
    await store.create(NOTES, a_note("o"))
    syncs: list[int] = []
    monkeypatch.setattr(sqlite_file, "sync_data", syncs.append)
    monkeypatch.setattr(group_commit, "HOLD_SECONDS", 10)

    await asyncio.gather(*(store.upsert(NOTES, a_note("o", str(i))) for i in range(100)))

    assert len(syncs) == 1


async def until(is_so: Callable[[], bool]) -> None:
    """Let the loop run until it is so."""
    async with asyncio.timeout(10):
        while not is_so():  # noqa: ASYNC110 - what is waited for tells nobody
            await asyncio.sleep(0)


def one_by_one(monkeypatch: pytest.MonkeyPatch, syncing: threading.Event) -> list[bool]:
    """Make each write a group, the later ones while a sync is under way; list their locks."""
    locks: list[bool] = []
    try_lock = sqlite_file.SQLiteFile.try_lock

    def late(file: sqlite_file.SQLiteFile) -> bool:
        if locks:
            syncing.wait(10)
        locks.append(True)
        return try_lock(file)

    monkeypatch.setattr(group_commit, "HOLD_SECONDS", 0)
    monkeypatch.setattr(sqlite_file.SQLiteFile, "try_lock", late)
    return locks


async def test_a_group_holds_the_lock_for_a_moment(
    store: SQLiteStore, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A group commits after a moment, so that other processes get the lock in between."""
    await store.create(NOTES, a_note("o"))
    gate, syncing = threading.Event(), threading.Event()
    syncs: list[bool] = []

    def sync(_: int) -> None:
        syncing.set()
        syncs.append(gate.wait(10))

    monkeypatch.setattr(sqlite_file, "sync_data", sync)
    locks = one_by_one(monkeypatch, syncing)

    writes = asyncio.gather(*(store.upsert(NOTES, a_note("o", str(i))) for i in range(25)))
    await until(lambda: len(locks) == 25)
    assert not writes.done()
    with contextlib.closing(sqlite3.connect(path)) as other:
        assert other.execute("SELECT count(*) FROM notes").fetchone() == (26,)
    gate.set()
    await writes

    assert len(locks) == 25
    # the second covers all that were committed while the first was under way
    assert len(syncs) == 2


async def test_a_write_committed_during_a_failing_sync_fails_too(
    store: SQLiteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next sync may succeed, and yet the pages before it are gone."""
    await store.create(NOTES, a_note("o"))
    gate, syncing = threading.Event(), threading.Event()
    syncs: list[int] = []

    def fail_first(descriptor: int) -> None:
        syncing.set()
        gate.wait(10)
        syncs.append(descriptor)
        if len(syncs) == 1:
            raise OSError(5, "Input/output error")

    monkeypatch.setattr(sqlite_file, "sync_data", fail_first)
    locks = one_by_one(monkeypatch, syncing)
    writes = [asyncio.ensure_future(store.create(NOTES, a_note("o", str(i)))) for i in range(5)]
    await until(lambda: len(locks) == len(writes))
    gate.set()

    outcomes = await asyncio.gather(*writes, return_exceptions=True)

    assert all(isinstance(outcome, UnavailableError) for outcome in outcomes)
    assert len(syncs) == 2


async def test_failed_sync_is_unavailable_from_then_on(
    store: SQLiteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a failed sync no later write may claim to be durable, while reads still work."""
    await store.create(NOTES, a_note("o"))

    def fail(_: int) -> None:
        raise OSError(5, "Input/output error")

    ended: list[bool] = []
    store._engines[0]._sync._on_broken = lambda: ended.append(True)
    monkeypatch.setattr(sqlite_file, "sync_data", fail)
    first = asyncio.ensure_future(store.create(NOTES, a_note("o", "a")))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    waiting = asyncio.ensure_future(store.create(NOTES, a_note("o", "pending")))
    with pytest.raises(UnavailableError, match="Input/output error"):
        await first
    with pytest.raises(UnavailableError, match="a sync failed"):
        await waiting
    monkeypatch.undo()
    assert ended == [True]

    with pytest.raises(UnavailableError, match="restart"):
        await store.create(NOTES, a_note("o", "b"))
    assert (await store.read(NOTES, "o", "note-1")).document["id"] == "note-1"


async def test_full_disk_is_unavailable_and_passes(store: SQLiteStore, path: Path) -> None:
    """A group the disk cannot take fails whole; once there is room, writes work again."""
    await store.create(NOTES, a_note("o"))
    file = store._engines[0]._opened()[0]
    (pages,) = file.connection.execute("PRAGMA page_count").fetchone()
    file.connection.execute(f"PRAGMA max_page_count={pages}").fetchall()

    outcomes = await asyncio.gather(
        *(store.create(NOTES, a_note("o", str(i), text="x" * 9000)) for i in range(5)),
        return_exceptions=True,
    )
    file.connection.execute("PRAGMA max_page_count=100000").fetchall()

    assert all(isinstance(outcome, UnavailableError) for outcome in outcomes)
    with pytest.raises(NotFoundError):
        await store.read(NOTES, "o", "0")
    await store.create(NOTES, a_note("o", "0"))


async def test_file_locked_by_another_tool_is_unavailable(
    store: SQLiteStore, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A lock not of our making ends in an error, not in a wait for ever."""
    monkeypatch.setattr(sqlite_file, "BUSY_TIMEOUT_S", 0.01)
    await store.create(NOTES, a_note("o"))
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    with pytest.raises(UnavailableError, match="locked"):
        await store.create(NOTES, a_note("o", "a"))
    other.execute("ROLLBACK")
    other.close()

    await store.create(NOTES, a_note("o", "a"))


async def test_write_waits_for_the_other_process_without_blocking_the_loop(
    store: SQLiteStore, path: Path
) -> None:
    """While another process holds the lock reads go on; the write follows when it lets go."""
    await store.create(NOTES, a_note("o"))
    with path.with_name("store.db.lock").open("rb") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        write = asyncio.ensure_future(store.create(NOTES, a_note("o", "a")))
        await asyncio.wait([write], timeout=0.05)

        assert not write.done()
        assert (await store.read(NOTES, "o", "note-1")).document["id"] == "note-1"
    async with asyncio.timeout(5):
        await write


async def test_a_cancelled_write_disturbs_no_other_write(store: SQLiteStore) -> None:
    """Writes beside a cancelled one succeed, before and after its group began."""
    tasks = [asyncio.ensure_future(store.create(NOTES, a_note("o", str(i)))) for i in range(10)]
    await asyncio.sleep(0)
    tasks[3].cancel()
    await asyncio.sleep(0)
    tasks[7].cancel()

    outcomes = await asyncio.gather(*tasks, return_exceptions=True)

    cancelled = [i for i, o in enumerate(outcomes) if isinstance(o, asyncio.CancelledError)]
    assert cancelled == [3, 7]
    assert (await store.read(NOTES, "o", "9")).document["id"] == "9"
    await store.create(NOTES, a_note("o", "3"))


async def test_checkpoints_bound_the_wal(
    store: SQLiteStore, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Under writes without a pause the WAL is used again from its beginning."""
    monkeypatch.setattr(wal_keeper, "CHECKPOINT_EVERY", 50)
    monkeypatch.setattr(sqlite_file, "LONG_WAL", 100)
    wal = path.with_name("store.db-wal")

    for _ in range(60):
        await asyncio.gather(
            *(store.upsert(NOTES, a_note("o", str(i), text="x" * 3000)) for i in range(50))
        )

    # without checkpoints it has all that was written
    assert wal.stat().st_size < 60 * 50 * 3000 / 2


def is_taken_soon(lock: BinaryIO) -> bool:
    """Tell whether another takes the lock, while this thread does nothing but look."""
    end = time.monotonic() + 5
    while time.monotonic() < end:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        fcntl.flock(lock, fcntl.LOCK_UN)
    return False


async def test_a_busy_process_holds_no_lock_but_has_its_turn(
    store: SQLiteStore, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While its loop is busy others get the lock, a few times; then it takes the lock first."""
    await store.create(NOTES, a_note("o"))
    waited = threading.Semaphore(0)
    tries: list[bool] = []
    await_lock, try_lock = sqlite_file.SQLiteFile.await_lock, sqlite_file.SQLiteFile.try_lock

    def wait(file: sqlite_file.SQLiteFile) -> None:
        await_lock(file)
        waited.release()

    def look(file: sqlite_file.SQLiteFile) -> bool:
        tries.append(try_lock(file))
        return tries[-1]

    def was_tried(times: int) -> bool:
        return len(tries) == times

    monkeypatch.setattr(sqlite_file.SQLiteFile, "await_lock", wait)
    monkeypatch.setattr(sqlite_file.SQLiteFile, "try_lock", look)
    with path.with_name("store.db.lock").open("rb") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        waiting = asyncio.ensure_future(store.upsert(NOTES, a_note("o")))
        for turn in range(group_commit.MAX_LOST_RACES + 1):
            await until(partial(was_tried, turn + 1))
            fcntl.flock(other, fcntl.LOCK_UN)
            if turn < group_commit.MAX_LOST_RACES:
                # the loop does nothing meanwhile
                assert waited.acquire(timeout=5)
                fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
        assert is_taken_soon(other)
        await waiting
    assert tries == [False] * (group_commit.MAX_LOST_RACES + 1)


async def test_writes_of_background_work_do_not_delay_answers(tmp_path: Path) -> None:
    """A process that holds one file leaves the other to those who answer, and the other way."""
    store = SQLiteStore(tmp_path / "s.db", StillClock(), [NOTES, MARKS])
    files = {one.name: file_of(tmp_path / "s.db", one) for one in (NOTES, MARKS)}
    for container in (NOTES, MARKS):
        await store.create(container, {"id": "1", "owner": "o"})
    for held, free in ((MARKS, NOTES), (NOTES, MARKS)):
        path = files[held.name]
        with path.with_name(f"{path.name}.lock").open("rb") as other:
            fcntl.flock(other, fcntl.LOCK_EX)
            async with asyncio.timeout(5):
                await store.upsert(free, {"id": "2", "owner": "o"})
            waiting = asyncio.ensure_future(store.upsert(held, {"id": "3", "owner": "o"}))
            await asyncio.wait([waiting], timeout=0.05)
            assert not waiting.done()
        await waiting
    await store.close()


async def test_writes_survive_close_and_reopening(tmp_path: Path) -> None:
    """Closing flushes; a second store on the file sees it all."""
    first = SQLiteStore(tmp_path / "s.db", StillClock(), CONTAINERS)
    created = await first.create(NOTES, a_note("o"))
    await first.close()
    await first.close()

    second = SQLiteStore(tmp_path / "s.db", StillClock(), CONTAINERS)
    assert await second.read(NOTES, "o", "note-1") == created
    await second.close()


async def test_close_finishes_what_is_pending(tmp_path: Path) -> None:
    """A write not awaited yet is committed by close."""
    store = SQLiteStore(tmp_path / "s.db", StillClock(), CONTAINERS)
    task = asyncio.ensure_future(store.create(NOTES, a_note("o")))
    await asyncio.sleep(0)

    await store.close()

    assert (await task).document["id"] == "note-1"


def test_constructing_touches_nothing(tmp_path: Path) -> None:
    """A store is built outside a loop, at import, without creating files."""
    SQLiteStore(tmp_path / "data" / "s.db", StillClock(), CONTAINERS)

    assert list(tmp_path.iterdir()) == []


async def test_folder_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    """An outage, which may pass; the error names the path."""
    (tmp_path / "data").write_text("a file where the folder should be")
    store = SQLiteStore(tmp_path / "data" / "s.db", StillClock(), CONTAINERS)

    with pytest.raises(UnavailableError, match="data"):
        await store.create(NOTES, a_note("o"))


async def test_file_that_is_no_database_says_so(tmp_path: Path) -> None:
    """A foreign file is refused by name, and stays as it was."""
    (tmp_path / "s.db").write_text("not a database, " * 100)
    store = SQLiteStore(tmp_path / "s.db", StillClock(), CONTAINERS)

    with pytest.raises(UnavailableError, match=r"cannot open or write .*s\.db"):
        await store.create(NOTES, a_note("o"))
