"""The documents name what is there: rooms, files, links, settings."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCUMENTS = [
    ROOT / "README.md",
    ROOT / "CHANGELOG.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "SECURITY.md",
    ROOT / "clients" / "python" / "README.md",
    ROOT / "infra" / "README.md",
    ROOT / "infra" / "glossary.md",
    ROOT / "infra" / "costs" / "README.md",
    ROOT / "infra" / "runbooks.md",
    *sorted((ROOT / "infra" / "decisions").glob("*.md")),
]
ROOMS = (ROOT / "README.md").read_text().partition("## Find your way")[2].split("```")[1]


def _tracked() -> list[str]:
    git = shutil.which("git")
    if git is None or not (ROOT / ".git").exists():
        pytest.skip("no repository here")
    listing = subprocess.run(
        [git, "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return listing.stdout.splitlines()


def test_the_rooms_of_the_readme_are_the_folders_there_are() -> None:
    """Each folder of the app, of infra and of the tests is named, and nothing else is."""
    tracked = _tracked()
    rooms = {
        parts[1]
        for parts in (name.split("/") for name in tracked)
        if len(parts) > 2 and parts[0] in {"functions", "lib", "infra", "tests"}
    }
    named = set(re.findall(r"[\w.-]+", ROOMS))
    files = {name.rpartition("/")[2] for name in tracked}
    folders = {part for name in tracked for part in name.split("/")[:-1]}

    assert rooms - named == set()
    assert set(re.findall(r"(?<![*\w])\w+\.(?:py|json|md)\b", ROOMS)) - files == set()
    assert set(re.findall(r"(\w+)/(?=[\s,;])", ROOMS)) - folders == set()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda one: str(one.relative_to(ROOT)))
def test_links_and_paths_lead_somewhere(document: Path) -> None:
    """Those to files of this repository, from where the document lies."""
    text = document.read_text()
    links = [one for one in re.findall(r"\]\(([^)#]+)\)", text) if "://" not in one]
    paths = re.findall(r"`((?:functions|infra|lib|tests)/[\w./-]+)`", text)

    assert [one for one in links if not (document.parent / one).exists()] == []
    assert [one for one in paths if not (ROOT / one).exists()] == []


def test_every_decision_is_listed() -> None:
    """The list has each decision once, under its own title, in the order of the numbers."""
    folder = ROOT / "infra" / "decisions"
    written = [
        (path.name, path.read_text().partition("\n")[0].removeprefix("# "))
        for path in sorted(folder.glob("0*.md"))
    ]
    listed = re.findall(r"- \[(\d{4})\]\((.+?)\) (.+)", (folder / "README.md").read_text())

    assert [(name, f"{number} {title}") for number, name, title in listed] == written


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda one: str(one.relative_to(ROOT)))
def test_tables_are_whole(document: Path) -> None:
    """No row stands apart from its table, where it would show as plain text."""
    lines = re.sub(r"(?ms)^```.*?^```$", "", document.read_text()).splitlines()
    begins = [
        index
        for index, line in enumerate(lines)
        if line.startswith("|") and not lines[index - 1].startswith("|")
    ]

    assert [lines[one] for one in begins if not re.match(r"\|[ :|-]+$", lines[one + 1])] == []
