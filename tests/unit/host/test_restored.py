"""The host says once, after a restore, that all its workers serve the restored data."""

from pathlib import Path

import pytest

from infra.local.data.restored import RestoreWatch
from infra.local.invocations.log import HostLog
from lib.adapters.embedded.data_folder import STORE_FILE

LINE = "Serving the restored data\n"


def replace(store: Path) -> None:
    """Do as a restore does: move the file aside, and put another one in its place."""
    store.rename(store.with_name(f"{store.name}-{store.stat().st_ino}"))
    store.write_bytes(b"restored")


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """Give the file of the store."""
    path = tmp_path / STORE_FILE
    path.write_bytes(b"former")
    return path


@pytest.fixture
def restores(store: Path) -> RestoreWatch:
    """Give the watch of a host whose two workers serve."""
    watch = RestoreWatch(store.parent, HostLog(1), slots=2)
    watch.begin()
    return watch


def test_a_restore_is_reported_when_the_last_worker_serves(
    store: Path, restores: RestoreWatch, capfd: pytest.CaptureFixture[str]
) -> None:
    replace(store)
    for slot in (1, 0):
        assert capfd.readouterr().out == ""
        assert restores.is_outdated(slot)
        restores.serves(slot)

    assert capfd.readouterr().out == LINE
    assert not restores.is_outdated(0)


def test_each_restore_is_reported(
    store: Path, restores: RestoreWatch, capfd: pytest.CaptureFixture[str]
) -> None:
    for _ in range(2):
        replace(store)
        for slot in (0, 1):
            assert restores.is_outdated(slot)
            restores.serves(slot)

    assert capfd.readouterr().out == 2 * LINE


def test_a_death_without_a_restore_is_not_reported(
    restores: RestoreWatch, capfd: pytest.CaptureFixture[str]
) -> None:
    assert not restores.is_outdated(0)
    restores.serves(0)

    assert capfd.readouterr().out == ""


def test_a_lost_file_is_not_a_restore(store: Path, restores: RestoreWatch) -> None:
    store.unlink()

    assert not restores.is_outdated(0)


def test_a_folder_without_a_store_is_not_restored(tmp_path: Path) -> None:
    """The azure stack has no file in the folder."""
    watch = RestoreWatch(tmp_path, HostLog(1), slots=2)
    watch.begin()

    assert not watch.is_outdated(0)
