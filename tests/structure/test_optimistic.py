"""One place runs a lost write again: lib/repositories/shared/optimistic.py."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

LIB = Path(__file__).parents[2] / "lib"
LOST = {"PreconditionFailedError", "ConflictError"}
FILES = [
    one for room in ("repositories", "use_cases") for one in sorted((LIB / room).rglob("*.py"))
]


def _loops(tree: ast.AST) -> Iterator[int]:
    """Yield the lines where a lost race is caught inside a loop and the loop goes on."""
    for loop in ast.walk(tree):
        if not isinstance(loop, ast.For | ast.While | ast.AsyncFor):
            continue
        for node in ast.walk(loop):
            if isinstance(node, ast.ExceptHandler) and node.type is not None:
                caught = {one.id for one in ast.walk(node.type) if isinstance(one, ast.Name)}
                goes_on = any(isinstance(one, ast.Continue) for one in ast.walk(node))
                if caught & LOST and goes_on:
                    yield node.lineno


@pytest.mark.parametrize("file", FILES, ids=lambda one: one.relative_to(LIB).as_posix())
def test_no_module_has_a_loop_of_its_own(file: Path) -> None:
    """Reading, changing and writing again goes through `until_written`."""
    if file.name == "optimistic.py":
        return
    assert list(_loops(ast.parse(file.read_text()))) == []


def test_the_loop_is_recognised() -> None:
    """The helper itself has one."""
    helper = LIB / "repositories" / "shared" / "optimistic.py"

    assert list(_loops(ast.parse(helper.read_text()))) != []
