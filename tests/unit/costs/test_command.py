"""The command that prints the costs and writes their tables into the README."""

import sys

import pytest

from infra.costs import __main__ as command
from infra.costs.model.data import DataError
from infra.costs.tables import readme

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("text", ["", "<!-- table: a -->\n<!-- end -->\n" * 2])
def test_a_readme_without_every_table_once_is_refused(text: str) -> None:
    """A table that is missing or appears twice is an error of `make lint`."""
    with pytest.raises(DataError, match="each of these tables once: a"):
        readme.rewritten(text, {"a": "1"})


def test_a_changed_input_prints_and_leaves_the_readme(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The README shows the inputs of the data file alone."""
    before = readme.FILE.read_bytes()
    monkeypatch.setattr(sys, "argv", ["costs", "messages=50000000", "reads=2"])

    assert command.main() == 0

    assert "GB, 50 M a year" in capsys.readouterr().out
    assert readme.FILE.read_bytes() == before


@pytest.mark.parametrize("given", [["nothing=1"], ["reads"], ["reads=many"]])
def test_a_wrong_argument_ends_in_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], given: list[str]
) -> None:
    """The command prints one sentence, no traceback, and exits with 1."""
    monkeypatch.setattr(sys, "argv", ["costs", *given])

    assert command.main() == 1

    assert capsys.readouterr().err.startswith("recapito: ")
