"""Tests use public names: a private name that a test reads cannot be changed freely."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
OWN = ("contract/embedded/", "unit/")
"""The tests of one module or adapter may look inside it."""


def _is_private(name: str) -> bool:
    return name.startswith("_") and not name.endswith("__")


def _private_names(tree: ast.AST) -> Iterator[str]:
    """Yield each private name of another object that the code reads, patches or imports."""
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(value=ast.Name(id="self" | "cls")):
                continue
            case ast.Attribute(attr=name) if _is_private(name):
                yield name
            case ast.ImportFrom(names=names):
                yield from (one.name for one in names if _is_private(one.name))
            case ast.Call(func=ast.Name(id="getattr") | ast.Attribute(attr="setattr")):
                yield from (
                    one.value
                    for one in node.args
                    if isinstance(one, ast.Constant)
                    and isinstance(one.value, str)
                    and _is_private(one.value)
                )


def test_no_test_reads_private_names() -> None:
    """A test asks for what a user of the API sees, or for what a repository returns."""
    files = {path.relative_to(TESTS).as_posix(): path for path in TESTS.rglob("*.py")}
    found = {
        name: names
        for name, path in files.items()
        if not name.startswith(OWN) and (names := list(_private_names(ast.parse(path.read_text()))))
    }

    assert found == {}


@pytest.mark.parametrize(
    ("code", "count"),
    [
        ("app.messages._store", 1),
        ("self._store", 0),
        ("module.__name__", 0),
        ("from lib.module import _CONSTANT", 1),
        ("monkeypatch.setattr(app, '_record', dies)", 1),
        ("getattr(queue, '_clients', None)", 1),
    ],
)
def test_a_private_name_is_recognised(code: str, count: int) -> None:
    """A test may read, import or patch a private name."""
    assert len(list(_private_names(ast.parse(code)))) == count
