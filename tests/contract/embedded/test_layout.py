"""Stored data says which layout it has; data of the version before is read, or refused."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from infra.local.timers.store import TimerStore
from lib.adapters.embedded.clock import SystemClock
from lib.adapters.embedded.data_folder import (
    DATABASES,
    QUEUE_FILE,
    STORE_FILE,
    TIMERS_FILE,
    DataFolderError,
    check_folder,
)
from lib.adapters.embedded.layout import LAYOUT, OLDEST
from lib.adapters.embedded.sqlite.queue import SQLiteQueue
from lib.adapters.embedded.sqlite.store import SQLiteStore
from lib.ports.documents import Container
from lib.ports.errors import UnavailableError
from lib.ports.schema import CONTAINERS
from tests.contract.support import NOTES, StillClock, a_note

LAYOUTS = Path(__file__).parent / "layouts"
BEFORE = Container("notes", partition_key="owner")
IN_BACKGROUND = Container("notes", partition_key="owner", in_background=True)
OTHER_KEY = Container("notes", partition_key="kind")
OTHER = Container("others", partition_key="owner")
CONTAINERS_THEN = frozenset(
    {
        "messages",
        "profiles",
        "service-preferences",
        "activations",
        "installations",
        "push-channels",
        "services",
        "sender-keys",
        "idempotency-keys",
        "deliveries",
        "noise-budgets",
        "payments",
        "statistics",
        "reminders",
        "dead-letters",
    }
)
"""Of layouts 0 and 1: a version that no longer has one of them must say what becomes of it."""


def written_by(layout: int, folder: Path) -> None:
    """Make the folder that a version of that layout wrote: one of each thing."""
    for name in DATABASES:
        with closing(sqlite3.connect(folder / name)) as connection:
            connection.executescript((LAYOUTS / f"{layout}-{Path(name).stem}.sql").read_text())
            connection.execute("PRAGMA journal_mode=WAL").fetchall()


def layout_of(path: Path) -> int:
    """Return what the file says of itself."""
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute("SELECT version FROM _layout").fetchone()[0])


@pytest.mark.parametrize("layout", range(OLDEST, LAYOUT + 1))
async def test_data_of_each_version_is_read(tmp_path: Path, layout: int) -> None:
    """Every document, item and timer that it wrote is found; else LAYOUT must be raised.

    Documents are those of the day on which the layout came, one in each container of then.
    """
    written_by(layout, tmp_path)
    check_folder(tmp_path)
    clock = StillClock()
    clock.moment = datetime(2026, 11, 28, tzinfo=UTC)
    store = SQLiteStore(tmp_path / STORE_FILE, clock, CONTAINERS)
    queue = SQLiteQueue(tmp_path / QUEUE_FILE, SystemClock())
    timers = TimerStore(tmp_path / TIMERS_FILE)

    for container in CONTAINERS:
        if container.name in CONTAINERS_THEN:
            found = (await store.read(container, "1", "1")).document
            assert found == {"id": "1", container.partition_key: "1"}
    assert {container.name for container in CONTAINERS} >= CONTAINERS_THEN
    (item,) = await queue.receive(
        "message-submitted", limit=1, visibility_timeout=timedelta(minutes=1)
    )
    assert item.text == "{}"
    await queue.delete("message-submitted", item)
    assert timers.read("tick").last == datetime(2026, 11, 1, tzinfo=UTC)
    timers.close()
    await store.close()
    await queue.close()
    assert {layout_of(tmp_path / name) for name in DATABASES} == {LAYOUT}


async def test_a_table_that_moved_to_another_file_is_refused(tmp_path: Path) -> None:
    """Nobody would look for its documents there: reminders were lost without a word."""
    old = SQLiteStore(tmp_path / "s.db", StillClock(), [BEFORE])
    await old.create(BEFORE, a_note("o"))
    await old.close()

    new = SQLiteStore(tmp_path / "s.db", StillClock(), [IN_BACKGROUND, OTHER])
    with pytest.raises(UnavailableError, match=r"keeps notes in another file: use the version"):
        new.open()
    await new.close()


async def test_another_partition_key_is_refused(tmp_path: Path) -> None:
    """The documents could not be found under it."""
    old = SQLiteStore(tmp_path / "s.db", StillClock(), [BEFORE])
    await old.create(BEFORE, a_note("o"))
    await old.close()

    new = SQLiteStore(tmp_path / "s.db", StillClock(), [OTHER_KEY])
    with pytest.raises(UnavailableError, match="notes has another partition key"):
        new.open()


@pytest.mark.parametrize("version", [OLDEST - 1, LAYOUT + 1])
async def test_another_layout_is_refused(tmp_path: Path, version: int) -> None:
    """By the engine and by the look before the start, in one line that says what to do."""
    store = SQLiteStore(tmp_path / STORE_FILE, StillClock(), [NOTES])
    store.open()
    await store.close()
    with sqlite3.connect(tmp_path / STORE_FILE) as connection:
        connection.execute("UPDATE _layout SET version = ?", (version,))
    connection.close()

    with pytest.raises(UnavailableError, match=f"layout {version}, not {LAYOUT}"):
        SQLiteStore(tmp_path / STORE_FILE, StillClock(), [NOTES]).open()
    with pytest.raises(DataFolderError, match=rf"store\.db: .*layout {version}.*: use the version"):
        check_folder(tmp_path)
