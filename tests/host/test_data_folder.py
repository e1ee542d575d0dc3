"""The data folder, which the local host checks before its start and while it runs."""

import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from infra.local.__main__ import main
from lib.adapters.embedded import data_folder
from lib.adapters.embedded.clock import SystemClock
from lib.adapters.embedded.data_folder import (
    BACKGROUND_FILE,
    CLOCK_FILE,
    DATABASES,
    QUEUE_FILE,
    RESTORE_MARK,
    STORE_FILE,
    TIMERS_FILE,
    check_folder,
    name_databases,
)
from lib.adapters.embedded.layout import LAYOUT
from lib.adapters.embedded.sqlite.store import SQLiteStore, file_of
from lib.ports.schema.containers import CONTAINERS
from lib.ports.schema.notifications import NOTIFICATIONS
from tests.contract.embedded.test_layout import written_by
from tests.host.host_process import ROOT, TOY_APP, HostProcess, wait_for


def vanish(path: Path) -> None:
    """Remove the file and the files that belong to it."""
    for ending in ("", "-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)


def empty(path: Path) -> None:
    """Cut the file to no bytes."""
    os.truncate(path, 0)


def scribble(path: Path) -> None:
    """Overwrite the beginning of the file."""
    path.write_bytes(b"no database at all\n" * 100 + path.read_bytes()[1900:])


def spoil_a_page(path: Path) -> None:
    """Overwrite the second page of the file."""
    content = bytearray(path.read_bytes())
    content[4096:8192] = b"\xff" * 4096
    path.write_bytes(content)


def cut(path: Path) -> None:
    """Remove the second half of the file."""
    os.truncate(path, path.stat().st_size // 2 // 4096 * 4096)


@pytest.fixture
def used(tmp_path: Path) -> Path:
    """Return a data folder that a host has served from."""
    folder = tmp_path / "data"
    folder.mkdir(mode=0o700)
    written_by(LAYOUT, folder)
    name_databases(folder)
    return folder


@pytest.fixture
def start(used: Path, capsys: pytest.CaptureFixture[str]) -> Callable[[], str]:
    """Start a host that is expected to give up; return the one line that it prints."""

    def run() -> str:
        assert main(["--app-folder", str(TOY_APP), "--data-folder", str(used), "--port", "0"]) == 1
        (line,) = capsys.readouterr().err.splitlines()
        assert line.startswith("recapito: ")
        return line

    return run


@pytest.mark.parametrize("name", DATABASES)
@pytest.mark.parametrize("harm", [vanish, empty, scribble, spoil_a_page, cut])
def test_a_file_that_is_damaged_or_missing_refuses_the_start(
    used: Path, start: Callable[[], str], name: str, harm: Callable[[Path], None]
) -> None:
    """The host names the file and the remedy in one line; a start would lose data."""
    harm(used / name)

    line = start()

    assert str(used / name) in line
    assert "make restore FROM=..." in line
    word = {"vanish": "missing", "empty": "empty"}.get(harm.__name__, "damaged")
    assert word in line


def test_a_file_that_cannot_be_opened_refuses_the_start(
    used: Path, start: Callable[[], str]
) -> None:
    """The file is not damaged, so that the host does not ask for a restore."""
    (used / QUEUE_FILE).unlink()
    (used / QUEUE_FILE).mkdir()

    line = start()

    assert "queue.db cannot be opened" in line
    assert "restore" not in line


def test_a_clock_that_is_damaged_refuses_the_start(used: Path, start: Callable[[], str]) -> None:
    """The file has a time that is centuries away."""
    (used / CLOCK_FILE).write_bytes(b"\x7f" * 8)

    assert "clock is damaged" in start()


def test_a_restore_that_was_broken_off_refuses_the_start(
    used: Path, start: Callable[[], str]
) -> None:
    """Some files may be of another day than the others."""
    (used / RESTORE_MARK).touch()

    assert "run make restore FROM=... again" in start()


def test_a_folder_is_as_good_new_or_half_made(tmp_path: Path) -> None:
    """A start that was killed while it made the files leaves a folder that another can use."""
    check_folder(tmp_path)
    written_by(LAYOUT, tmp_path)
    (tmp_path / TIMERS_FILE).unlink()
    (tmp_path / QUEUE_FILE).unlink()

    check_folder(tmp_path)


def test_an_older_layout_refuses_the_start(used: Path, start: Callable[[], str]) -> None:
    """One line names the file, the layouts and the remedy."""
    shutil.rmtree(used)
    used.mkdir(mode=0o700)
    written_by(1, used)

    line = start()

    assert f"its data is of an older version (layout 1, not {LAYOUT}): use the version" in line
    assert f"{used}/" in line


def test_the_azure_stack_needs_no_file_of_the_embedded_stack(used: Path) -> None:
    """Files that the embedded stack left do not matter to the azure stack."""
    scribble(used / STORE_FILE)

    check_folder(used, (TIMERS_FILE,))


def test_a_large_file_does_not_hold_up_the_start(
    used: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The check has a limit of time; later damage is found when it is read."""
    monkeypatch.setattr(data_folder, "CHECK_SECONDS", 0)
    with closing(sqlite3.connect(used / STORE_FILE, isolation_level=None)) as connection:
        connection.execute("CREATE TABLE large (a)")
        connection.execute(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200000) "
            "INSERT INTO large SELECT hex(randomblob(50)) FROM n"
        )

    check_folder(used)


def test_the_names_are_those_of_the_stack() -> None:
    """The check and the engines use the same file names."""
    assert file_of(Path(STORE_FILE), NOTIFICATIONS).name == BACKGROUND_FILE


async def test_opening_a_folder_names_its_missing_files(tmp_path: Path) -> None:
    """A host that is ready notes its files, none of which may be missing afterwards."""
    store = SQLiteStore(tmp_path / STORE_FILE, SystemClock(), CONTAINERS)
    store.open()
    await store.close()
    with HostProcess(tmp_path, "--workers", "1", app=ROOT, STACK="embedded"):
        pass

    for name in DATABASES:
        with closing(sqlite3.connect(tmp_path / name)) as connection:
            (files,) = connection.execute("SELECT files FROM _layout").fetchone()
        assert all(other in files for other in DATABASES)


@pytest.mark.slow
@pytest.mark.parametrize("name", [BACKGROUND_FILE, TIMERS_FILE])
def test_a_running_host_ends_when_a_file_is_gone(tmp_path: Path, name: str) -> None:
    """The host names the file and exits, and does not go on with a new and empty file."""
    with HostProcess(tmp_path, "--workers", "1", app=ROOT, STACK="embedded") as host:
        vanish(tmp_path / name)

        wait_for(lambda: host.process.poll() is not None)

        assert host.process.returncode == 1
        assert "gone" in host.output
        last = host.output.splitlines()[-1]
        assert last.startswith(f"recapito: {tmp_path / name} is missing")
