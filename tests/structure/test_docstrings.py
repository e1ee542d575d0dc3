"""Docstrings say what the code does before what it costs; each package says what belongs in it."""

import ast
import inspect
import io
import re
import tokenize
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
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
BARE_CLAUSE = re.compile(
    r"(?:^|(?<=[.:;] ))(?:Who(?:ever|se|m)?|What(?:ever)?|Nor|None but) ", re.MULTILINE
)
"""A sentence that begins with a clause in place of a noun."""
BARE_COMMENT = re.compile(r"(?:who(?:ever|se|m)?|what(?:ever)?|nor|none but) ", re.IGNORECASE)


type Texts = tuple[tuple[str, str], ...]
"""Names, each with its text."""


def documented(code: str) -> Texts:
    """Return the name and the text of each docstring in a module."""
    return texts(code)[0]


def described(code: str) -> Texts:
    """Return the name and the text of each docstring under a constant, a type or a field."""
    return texts(code)[1]


@cache
def texts(code: str) -> tuple[Texts, Texts]:
    """Return the docstrings of a module, and those under names; several tests read them."""
    nodes = [node for node in ast.walk(ast.parse(code)) if hasattr(node, "body")]
    return tuple(_docstrings(nodes)), tuple(_under_names(nodes))


def _docstrings(nodes: list[ast.AST]) -> Iterator[tuple[str, str]]:
    for node in nodes:
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            docstring = ast.get_docstring(node)
            if docstring:
                yield getattr(node, "name", "module"), docstring


def _under_names(nodes: list[ast.AST]) -> Iterator[tuple[str, str]]:
    for node in nodes:
        body = getattr(node, "body", None)
        for before, after in pairwise(body if isinstance(body, list) else ()):
            match before, after:
                case (
                    ast.Assign(targets=[ast.Name(id=name)])
                    | ast.AnnAssign(target=ast.Name(id=name))
                    | ast.TypeAlias(name=ast.Name(id=name)),
                    ast.Expr(value=ast.Constant(value=str(text))),
                ):
                    yield name, inspect.cleandoc(text)
                case (
                    ast.AnnAssign(target=ast.Attribute(attr=name))
                    | ast.Assign(targets=[ast.Attribute(attr=name)]),
                    ast.Expr(value=ast.Constant(value=str(text))),
                ):
                    yield name, inspect.cleandoc(text)


def comments(code: str) -> Iterator[tuple[int, str]]:
    """Yield each block of comments in a module, with the number of its first line."""
    first, last, lines = 0, 0, list[str]()
    for token in tokenize.generate_tokens(io.StringIO(code).readline):
        if token.type == tokenize.COMMENT and not token.string.startswith(("# noqa", "# type")):
            row, text = token.start[0], token.string.removeprefix("#").strip()
            if lines and row == last + 1:
                lines.append(text)
            else:
                if lines:
                    yield first, " ".join(lines)
                first, lines = row, [text]
            last = row
    if lines:
        yield first, " ".join(lines)


def deployed() -> list[Path]:
    """List the modules of the app."""
    return sorted(path for folder in ("functions", "lib") for path in (ROOT / folder).rglob("*.py"))


PLAIN = ("lib", "functions", "infra/local", "infra/azure", "tests", "clients/python")
"""The folders whose docstrings and comments are held to plain English."""


def plain_modules() -> list[Path]:
    """List the modules of PLAIN, without the tests of features and the packages of npm."""
    features = ROOT / "tests" / "functions"
    return [
        path
        for folder in PLAIN
        for path in sorted((ROOT / folder).rglob("*.py"))
        if not path.is_relative_to(features) and "node_modules" not in path.parts
    ]


def test_no_docstring_opens_with_a_count_of_operations() -> None:
    """Not "One point read.", but "Return the citizen's profile. Cost: one point read."."""
    found = [
        f"{path.relative_to(ROOT)}: {name}: {line}"
        for path in deployed()
        for name, text in documented(path.read_text())
        if OPENS_WITH_A_COUNT.match(line := text.partition("\n")[0])
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
        for path in plain_modules()
        for code in (path.read_text(),)
        for name, text in (*documented(code), *described(code))
        if RIDDLE.match(line := text.partition("\n")[0])
    ]

    assert found == []


def test_no_sentence_has_a_bare_clause_for_a_noun() -> None:
    """Not "Whoever waits is woken.", but "All waiting callers are woken."."""
    found = []
    for path in plain_modules():
        code, place = path.read_text(), path.relative_to(ROOT)
        found += [
            f"{place}: {name}: {text}"
            for name, text in (*documented(code), *described(code))
            if BARE_CLAUSE.search(text)
        ]
        found += [
            f"{place}: {line}: {text}"
            for line, text in comments(code)
            if BARE_COMMENT.match(text) or BARE_CLAUSE.search(text)
        ]

    assert found == []


def test_a_riddle_is_recognised() -> None:
    """The test above refuses clauses without a noun, and no plain sentence."""
    refused = [
        "What a sender registered once.",
        "Who a citizen is, by their identity provider.",
        "Where it stands.",
        "Of blobs and of queues.",
        "And is not stored.",
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


def test_docstrings_and_comments_are_found() -> None:
    """The tests above see the texts under constants, types and fields, and blocks of comments."""
    code = (
        '# first\n# second\nLIMIT = 1\n"""The limit."""\ntype Name = str\n"""A name."""\n'
        'class Thing:\n    size: int = 2  # aside\n    """The size."""\n'
    )

    assert sorted(described(code)) == [
        ("LIMIT", "The limit."),
        ("Name", "A name."),
        ("size", "The size."),
    ]
    assert list(comments(code)) == [(1, "first second"), (8, "aside")]


def test_a_bare_clause_is_recognised() -> None:
    """The test above refuses a clause at the beginning of a sentence, and nowhere else."""
    refused = [
        "Whoever waits is woken.",
        "Return the claim. Who dies while sending leaves it.",
        "Return it.\nWhat fails now succeeds later.",
        "Write all: Nor is a part left.",
    ]
    accepted = ["Return what the template writes.", "Tell whether the caller,\nwho waits, may."]

    assert [text for text in refused if not BARE_CLAUSE.search(text)] == []
    assert [text for text in accepted if BARE_CLAUSE.search(text)] == []
    assert BARE_COMMENT.match("whose key is known need not wait")


def test_each_package_says_what_belongs_in_it() -> None:
    """A reader who looks for a place reads one sentence for each folder."""
    packages = [path for path in deployed() if path.name == "__init__.py"]

    assert len(packages) > 50
    assert [
        str(path.relative_to(ROOT))
        for path in packages
        if not ast.get_docstring(ast.parse(path.read_text()))
    ] == []
