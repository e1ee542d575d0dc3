"""Without the sandbox the app refuses what a sandbox left, and keeps no such data itself."""

from pathlib import Path

import pytest

from infra.local.data.private import check_private
from infra.local.errors import HostError
from infra.local.sandbox.seed import refuse_seeded, seed
from lib.composition.app import build_app
from lib.composition.settings import SettingsError
from lib.composition.settings.tokens import SANDBOX_KEY_FILE
from lib.composition.stacks import CLOCK_FILE, NOTIFICATIONS_FILE
from tests.builders.settings import NO_SANDBOX, settings_for
from tests.host.host_process import HostProcess, run_to_exit

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", [CLOCK_FILE, SANDBOX_KEY_FILE])
def test_a_folder_that_a_sandbox_used_is_refused(tmp_path: Path, name: str) -> None:
    """By what every sandbox writes there, and what backups keep."""
    (tmp_path / name).touch()

    with pytest.raises(SettingsError, match=f"DATA_FOLDER: .*{name}"):
        build_app(settings_for(tmp_path, **NO_SANDBOX))


async def test_a_store_that_a_sandbox_filled_is_refused(tmp_path: Path) -> None:
    """Its keys are in the README; a store of one's own is none."""
    app = build_app(settings_for(tmp_path, **NO_SANDBOX))
    await refuse_seeded(app)
    await seed(app)

    with pytest.raises(HostError, match="sandbox-service"):
        await refuse_seeded(app)
    await app.close()


async def test_without_the_sandbox_nothing_is_captured(tmp_path: Path) -> None:
    """A file of notifications would show citizens to everybody who reads the disk."""
    app = build_app(settings_for(tmp_path, **NO_SANDBOX))

    assert (app.ports.push, app.ports.mailer) == (None, None)
    assert app.ports.channels == frozenset()
    assert not (tmp_path / NOTIFICATIONS_FILE).exists()
    await app.close()


def test_files_of_the_host_are_private(tmp_path: Path) -> None:
    """The folder existed before, and other users may enter it."""
    folder = tmp_path / "data"
    folder.mkdir(mode=0o755)
    folder.chmod(0o755)
    with HostProcess(folder, "--workers", "1") as host:
        host.call("POST", "/sandbox/token", {"fiscal_code": "AAAAAA00A00A000A"})
        modes = {
            path.name: path.stat().st_mode & 0o077
            for path in folder.rglob("*")
            if path.suffix in {".db", ".json", ".jsonl", ".pem"} or path.name == CLOCK_FILE
        }

    assert len(modes) >= 4
    assert [name for name, mode in modes.items() if mode] == []


def test_a_folder_with_files_that_others_can_read_is_refused(tmp_path: Path) -> None:
    """One line says how to protect them; a folder closed to others is accepted."""
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "store.db").touch()
    (folder / "store.db").chmod(0o644)
    folder.chmod(0o700)
    check_private(folder)

    folder.chmod(0o755)
    with pytest.raises(HostError, match=r"read store\.db in it; .*chmod -R go= "):
        check_private(folder)
    code, output = run_to_exit(folder, "--workers", "1")
    assert (code, "chmod -R go=" in output) == (1, True)


def test_the_start_of_a_real_app_names_the_sandbox_s_settings(tmp_path: Path) -> None:
    """The start has the example's settings, with SANDBOX false."""
    host = HostProcess(tmp_path, "--workers", "1", app=ROOT, SANDBOX="false")

    assert host.wait(60) == 1
    output = (tmp_path / "output.txt").read_text()
    assert "KEY_HASH_SECRET" in output
    assert "sandbox-key-hash-secret" not in output
