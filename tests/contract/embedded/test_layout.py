"""Stored data names its layout: data of a released layout is migrated, older data is refused."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from infra.local.timers.store import TimerStore
from lib.adapters.embedded import layout as layouts
from lib.adapters.embedded.clock import SystemClock
from lib.adapters.embedded.data_folder import (
    DATABASES,
    QUEUE_FILE,
    STORE_FILE,
    TIMERS_FILE,
    DataFolderError,
    check_folder,
)
from lib.adapters.embedded.layout import LAYOUT, MIGRATIONS, OLDEST
from lib.adapters.embedded.sqlite.queue import SQLiteQueue
from lib.adapters.embedded.sqlite.store import SQLiteStore
from lib.ports.documents import Container
from lib.ports.errors import UnavailableError
from lib.ports.schema.containers import CONTAINERS
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
        "email-addresses",
        "activations",
        "installations",
        "push-channels",
        "services",
        "sender-keys",
        "remote-content-configurations",
        "idempotency-keys",
        "deliveries",
        "doubtful-claims",
        "daily-limits",
        "payments",
        "statistics",
        "schedule",
        "dead-letters",
    }
)
"""The containers of layout 2: a version without one of them needs a new layout and a step."""


def written_by(layout: int, folder: Path) -> None:
    """Make a folder as a version of that layout wrote it: one document, item and timer each."""
    for name in DATABASES:
        with closing(sqlite3.connect(folder / name)) as connection:
            connection.executescript((LAYOUTS / f"{layout}-{Path(name).stem}.sql").read_text())
            connection.execute("PRAGMA journal_mode=WAL").fetchall()


def layout_of(path: Path) -> int:
    """Return the layout that the file names."""
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute("SELECT version FROM _layout").fetchone()[0])


@pytest.mark.parametrize("layout", range(OLDEST, LAYOUT + 1))
async def test_data_of_each_version_is_read(tmp_path: Path, layout: int) -> None:
    """Every document, item and timer is found: one in each container that the layout had."""
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


@pytest.mark.parametrize("named", [True, False], ids=["layout 1", "layout 0"])
def test_a_folder_from_before_the_first_release_is_refused(tmp_path: Path, named: bool) -> None:
    """One line names the file, both layouts and the remedy; nothing in the folder is changed."""
    written_by(1, tmp_path)
    if not named:
        for name in DATABASES:
            with closing(sqlite3.connect(tmp_path / name)) as connection:
                connection.execute("DROP TABLE _layout")

    with pytest.raises(DataFolderError) as refused:
        check_folder(tmp_path)

    path = tmp_path / DATABASES[0]
    assert str(refused.value) == (
        f"{path}: its data is of an older version (layout {int(named)}, not {LAYOUT}): "
        "use the version that wrote it, or start anew with another data folder"
    )
    with closing(sqlite3.connect(path)) as connection:
        tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
    assert ("_layout" in tables) == named
    assert "schedule" not in tables


def test_each_layout_from_the_oldest_on_has_a_step_to_the_next() -> None:
    """A released layout that no step leads from would lock its users out."""
    assert set(MIGRATIONS) == set(range(OLDEST, LAYOUT))


def _renames(connection: sqlite3.Connection) -> None:
    """Rename the table of one container, where the file has it, as a step of a release would."""
    tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
    if BEFORE.name in tables:
        connection.execute(f'ALTER TABLE "{BEFORE.name}" RENAME TO "{OTHER.name}"')


def _fails_midway(connection: sqlite3.Connection) -> None:
    _renames(connection)
    raise sqlite3.OperationalError("disk I/O error")


async def test_a_released_layout_is_migrated_when_its_files_are_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each file once, and not at all where the step fails: its documents are found afterwards."""
    old = SQLiteStore(tmp_path / STORE_FILE, StillClock(), [BEFORE])
    await old.create(BEFORE, a_note("o", "1"))
    await old.close()
    monkeypatch.setattr(layouts, "LAYOUT", LAYOUT + 1)

    monkeypatch.setattr(layouts, "MIGRATIONS", {**MIGRATIONS, LAYOUT: _fails_midway})
    with pytest.raises(UnavailableError, match="disk I/O error"):
        SQLiteStore(tmp_path / STORE_FILE, StillClock(), [OTHER]).open()
    assert layout_of(tmp_path / STORE_FILE) == LAYOUT

    monkeypatch.setattr(layouts, "MIGRATIONS", {**MIGRATIONS, LAYOUT: _renames})
    check_folder(tmp_path)
    for _ in range(2):
        new = SQLiteStore(tmp_path / STORE_FILE, StillClock(), [OTHER])
        assert (await new.read(OTHER, "o", "1")).document["id"] == "1"
        await new.close()
        assert layout_of(tmp_path / STORE_FILE) == LAYOUT + 1


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
