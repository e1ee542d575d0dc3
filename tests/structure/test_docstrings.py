"""Docstrings say what the code does before what it costs; each package says what belongs in it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
COUNT = r"(?:a|an|one|two|three|four|five|six|seven|eight|nine|ten|no|\d+)"
OPERATION = (
    r"(?:batch(?:es)?|calls?|creates?|deletes?|documents?|e-mails?|operations?|patch(?:es)?|"
    r"puts?|quer(?:y|ies)|reads?|replaces?|upserts?|writes?)"
)
OPENS_WITH_A_COUNT = re.compile(
    rf"(?:at most )?{COUNT}(?: or {COUNT})? (?:point |conditional )?{OPERATION}\b"
    r"(?: (?:of|for|and|each|per|a)\b|[,;:.]|$)",
    re.IGNORECASE,
)

RIDDLE = re.compile(
    r"What |Who |Whoever |Where |One of |Of (?!the\b)|And |But |Nor |None but |"
    r"(?:Tell|Say|Show|Find) what (?:became|becomes|is|was) of |"
    r"Raise as |Return (?:what it|it)\b|.*\b(?:[Ww]ho(?:ever)?) dies\b"
)
PLAIN = ("lib/domain", "lib/use_cases", "lib/repositories", "lib/rendering", "lib/composition")


def documented(code: str) -> Iterator[tuple[str, str]]:
    """Yield the name and the first line of each docstring in a module."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            docstring = ast.get_docstring(node)
            if docstring:
                yield getattr(node, "name", "module"), docstring.partition("\n")[0]


def deployed() -> list[Path]:
    """List the modules of the app."""
    return sorted(path for folder in ("functions", "lib") for path in (ROOT / folder).rglob("*.py"))


def test_no_docstring_opens_with_a_count_of_operations() -> None:
    """Not "One point read.", but "Return the citizen's profile. Cost: one point read."."""
    found = [
        f"{path.relative_to(ROOT)}: {name}: {line}"
        for path in deployed()
        for name, line in documented(path.read_text())
        if OPENS_WITH_A_COUNT.match(line)
    ]

    assert found == []


def test_a_count_of_operations_is_recognised() -> None:
    """The test above refuses counts, and nothing that only begins like one."""
    refused = [
        "One point read.",
        "Three reads, one patch.",
        "A read and a write of the payment.",
        "One document per citizen.",
        "One or two point reads of the notice.",
        "At most two queries for each slot.",
    ]
    accepted = [
        "Return the citizen's profile. Cost: one point read.",
        "A document as read or written, with its ETag.",
        "A port query as SQL.",
        "One SQLite file, shared by any number of processes.",
    ]

    assert [line for line in refused if not OPENS_WITH_A_COUNT.match(line)] == []
    assert [line for line in accepted if OPENS_WITH_A_COUNT.match(line)] == []


def test_first_lines_name_their_subject() -> None:
    """Not "What a sender registered once.", but "A configuration that a sender registered."."""
    found = [
        f"{path.relative_to(ROOT)}: {name}: {line}"
        for folder in PLAIN
        for path in sorted((ROOT / folder).rglob("*.py"))
        for name, line in documented(path.read_text())
        if RIDDLE.match(line)
    ]

    assert found == []


def test_a_riddle_is_recognised() -> None:
    """The test above refuses clauses without a noun, and no plain sentence."""
    refused = [
        "What a sender registered once.",
        "Who a citizen is, by their identity provider.",
        "Where it stands.",
        "Of blobs and of queues.",
        "Claim, send, settle. Who dies while sending leaves the claim.",
        "Raise as the call does.",
    ]
    accepted = [
        "A configuration that a sender registered.",
        "Return what the template writes.",
        "Tell whether the message may still be announced.",
        "Whether the message is in the inbox.",
    ]

    assert [line for line in refused if not RIDDLE.match(line)] == []
    assert [line for line in accepted if RIDDLE.match(line)] == []


def test_each_package_says_what_belongs_in_it() -> None:
    """A reader who looks for a place reads one sentence for each folder."""
    packages = [path for path in deployed() if path.name == "__init__.py"]

    assert len(packages) > 50
    assert [
        str(path.relative_to(ROOT))
        for path in packages
        if not ast.get_docstring(ast.parse(path.read_text()))
    ] == []
