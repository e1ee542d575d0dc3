"""The version stands in one place, and what is published about the app is valid and agrees."""

import importlib
import json
import re
from pathlib import Path
from typing import Any

from lib import __version__
from lib.rendering.texts.languages import phrases_of, written_languages

ROOT = Path(__file__).resolve().parents[2]
CHANGELOG = (ROOT / "CHANGELOG.md").read_text()
RELEASES = re.findall(
    r"^## \[(\d{4}\.\d{1,2}\.\d+)\] - (\d{4}-\d{2}-\d{2})$", CHANGELOG, re.MULTILINE
)
PUBLIC_CODE: Any = importlib.import_module("yaml").safe_load((ROOT / "publiccode.yml").read_text())
SECTIONS = ["Security", "Removed", "Deprecated", "Added", "Changed", "Fixed"]
MANDATORY = {
    *("publiccodeYmlVersion", "name", "url", "platforms", "developmentStatus", "softwareType"),
    *("description", "legal", "maintenance", "localisation"),
}
OPTIONAL = {
    *("softwareVersion", "releaseDate", "categories", "usedBy", "roadmap", "intendedAudience"),
    *("supports", "organisation", "dependsOn", "landingURL", "isBasedOn", "logo", "fundedBy"),
}


def test_the_version_is_the_same_everywhere() -> None:
    """lib.__version__ is the newest release of the changelog and of what is published."""
    documents = [json.loads(path.read_text()) for path in (ROOT / "infra/openapi").glob("*.json")]

    assert re.fullmatch(r"20\d\d\.([1-9]|1[0-2])\.(0|[1-9]\d*)", __version__)
    assert RELEASES[0] == (__version__, str(PUBLIC_CODE["releaseDate"]))
    assert {document["info"]["version"] for document in documents} == {__version__}
    assert PUBLIC_CODE["softwareVersion"] == __version__


def test_releases_go_back_in_time() -> None:
    """The newest stands first, and each has the year and month of its day."""
    numbers = [tuple(map(int, version.split("."))) for version, _ in RELEASES]
    days = [tuple(map(int, day.split("-"))) for _, day in RELEASES]

    assert numbers == sorted(set(numbers), reverse=True)
    assert [number[:2] for number in numbers] == [day[:2] for day in days]


def test_the_changelog_has_its_form() -> None:
    """Unreleased comes first; releases have known sections, in their order, none empty."""
    headings = re.findall(r"^## (.+)$", CHANGELOG, re.MULTILINE)

    assert headings[0] == "[Unreleased]"
    assert len(headings) == 1 + len(RELEASES)
    for part in re.split(r"^## .+$", CHANGELOG, flags=re.MULTILINE)[1:]:
        sections = re.findall(r"^### (.+)$", part, re.MULTILINE)
        bodies = re.split(r"^### .+$", part, flags=re.MULTILINE)[1:]
        assert sections == [one for one in SECTIONS if one in sections]
        assert all("\n- " in body for body in bodies)


def test_publiccode_has_what_the_standard_asks_for() -> None:
    """As the standard has it at 0.7, for a backend that a community maintains."""
    described = PUBLIC_CODE["description"]

    assert PUBLIC_CODE.keys() - OPTIONAL == MANDATORY
    assert PUBLIC_CODE["url"].startswith("https://")
    assert PUBLIC_CODE["legal"] == {"license": "EUPL-1.2"}
    assert PUBLIC_CODE["maintenance"]["type"] == "community"
    assert PUBLIC_CODE["maintenance"]["contacts"][0]["name"]
    assert described.keys() == {"en", "it"}
    for text in described.values():
        assert "\n" not in text["shortDescription"].strip()
        assert len(text["shortDescription"]) <= 150
        assert 150 <= len(text["longDescription"]) <= 10_000
        assert 5 <= len(text["features"]) <= 20


def test_publiccode_names_the_languages_there_are() -> None:
    """Citizens read Recapito's texts in these."""
    assert sorted(PUBLIC_CODE["localisation"]["availableLanguages"]) == sorted(
        phrases_of(one).tag for one in written_languages()
    )
