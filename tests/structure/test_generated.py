"""Generated files: `make generate` writes them, and `make lint` refuses a stale one."""

import sys
from pathlib import Path

import pytest

from infra import generated
from tests.host.host_process import ROOT

LINT = "$(PY) -m infra.generated --check"


def test_a_stale_file_is_refused_and_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """By its name and the command that writes it."""
    path = tmp_path / "made.json"
    path.write_text("old")
    files = {path: lambda: b"new"}

    monkeypatch.setattr(sys, "argv", ["generate", "--check"])
    assert generated.main(files, tmp_path) == 1
    assert "made.json is stale: run `make generate`" in capsys.readouterr().err
    assert path.read_text() == "old"
    monkeypatch.setattr(sys, "argv", ["generate"])
    assert generated.main(files, tmp_path) == 0
    assert path.read_text() == "new"
    monkeypatch.setattr(sys, "argv", ["generate", "--check"])
    assert generated.main(files, tmp_path) == 0


def test_lint_checks_every_generated_file() -> None:
    """A file that says it is generated is on the list."""
    assert LINT in (ROOT / "Makefile").read_text()
    assert all(path.is_file() for path in generated.FILES)
