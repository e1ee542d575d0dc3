"""Texts for people are in lib/rendering: no other code has HTML or a citizen's words."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
ELEMENT = re.compile(r"</\w+>|<(!doctype|html|body|div|p|h\d|br|a|form|svg)\b", re.IGNORECASE)
ACCENTED = re.compile("[À-ÖØ-öø-ÿ€]")


def modules() -> Iterator[Path]:
    """Yield the modules that may not write for people."""
    for folder in ("functions", "lib"):
        for path in (ROOT / folder).rglob("*.py"):
            if "rendering" not in path.parts:
                yield path


def texts_of(path: Path) -> Iterator[str]:
    """Yield the string constants of a module, without its docstrings."""
    tree = ast.parse(path.read_text())
    docstrings = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or id(node) in docstrings:
            continue
        if isinstance(node.value, str):
            yield node.value


def found(pattern: re.Pattern[str]) -> list[tuple[str, str]]:
    """Return where a string constant has the pattern."""
    return [
        (path.relative_to(ROOT).as_posix(), text)
        for path in modules()
        for text in texts_of(path)
        if pattern.search(text)
    ]


def test_no_html_outside_of_rendering() -> None:
    """Triggers choose a page; its template is in lib/rendering."""
    assert not found(ELEMENT)


def test_no_words_of_citizens_languages_outside_of_rendering() -> None:
    """A letter with an accent, or the sign of the euro, is in a text for a person."""
    assert not found(ACCENTED)


def test_templates_are_jinja2_s() -> None:
    """All HTML is in templates, whose name turns escaping on; modules of rendering have none."""
    modules = (ROOT / "lib" / "rendering").rglob("*.py")
    assert not [path for path in modules if any(ELEMENT.search(one) for one in texts_of(path))]

    files = [path for path in (ROOT / "lib" / "rendering").rglob("templates/*") if path.is_file()]
    assert {path.suffix for path in files} == {".jinja"}
    assert all(
        path.name.endswith(".html.jinja") == bool(ELEMENT.search(path.read_text()))
        for path in files
    )
