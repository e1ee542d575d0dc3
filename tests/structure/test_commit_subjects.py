"""Commit subjects have a form and a length; the same rule is git's hook."""

import shutil
import subprocess
from pathlib import Path

import pytest

from infra.commit_subject import MOST, faults, main

ROOT = Path(__file__).resolve().parents[2]
SINCE = "4b9efa55687c60635239908852f6ada3a5f8ab4b"
"""The commit since which the rule holds."""


def test_the_subjects_since_the_rule_obey_it() -> None:
    """Skipped where the history is not here: a copy, or a clone of the last commits alone."""
    git = shutil.which("git")
    if git is None or not (ROOT / ".git").exists():
        pytest.skip("no repository here")
    log = [git, "-C", str(ROOT), "log", "--no-merges", "--format=%h %s", f"{SINCE}..HEAD"]
    listed = subprocess.run(log, capture_output=True, check=False, text=True)
    if listed.returncode:
        pytest.skip("the commit that the rule begins with is not here")
    commits = [line.partition(" ") for line in listed.stdout.splitlines()]

    assert {commit: faults(subject) for commit, _, subject in commits if faults(subject)} == {}


@pytest.mark.parametrize(
    "message",
    [
        "api: An unknown path is told where the paths are.",
        "payment notices: A stranger's message keeps no instalment back.\n\nWhy: it was wrong.\n",
        "payment_notices: The area may be written as its folder is named.",
        f"api: {'x' * (MOST - 6)}.",
        "# a comment of git\napi: The type of a problem is declared.\n# another\n",
        "dependencies: bump the emulators group in /infra/local with 2 updates, and more of them",
        "Merge branch 'main' into a-branch",
        "fixup! api: The type of a problem is declared.",
    ],
)
def test_a_good_message_has_no_faults(message: str) -> None:
    """Comments of git do not count, and what git or a bot writes passes."""
    assert faults(message) == []


@pytest.mark.parametrize(
    ("message", "said"),
    [
        (f"api: {'x' * (MOST - 5)}.", "73 characters"),
        ("An unknown path is told.", "area: What"),
        ("Api: An unknown path is told.", "area: What"),
        ("api: An unknown path is told", "area: What"),
        ("api:An unknown path is told.", "area: What"),
        ("", "area: What"),
        ("api: A path is told.\nWhy: it was not.", "empty line"),
    ],
)
def test_a_bad_message_has_one_fault(message: str, said: str) -> None:
    """The fault says what the rule is."""
    (fault,) = faults(message)

    assert said in fault


def test_the_hook_refuses_with_one_line_for_each_fault(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Git stops the commit where the hook's status is not 0."""
    message = tmp_path / "COMMIT_EDITMSG"
    message.write_text("An unknown path is told.\nand where the paths are")

    assert main([str(message)]) == 1
    assert capsys.readouterr().err.count("recapito: ") == 2

    message.write_text("api: An unknown path is told where the paths are.\n")

    assert main([str(message)]) == 0
