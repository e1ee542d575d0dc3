"""Late imports are loaded before the local host is ready."""

import ast
from collections.abc import Iterator
from pathlib import Path

from infra.local.host.preload import LATE, LATE_OF_STACK

ROOT = Path(__file__).parents[2]
OF_THE_START = {
    "lib/composition/telemetry.py": "runs while the app is built",
    "lib/telemetry/setup.py": "runs while the app is built, or in the threads that export",
}


def late_imports(path: Path) -> Iterator[str]:
    """Name the modules that the functions of a file import."""
    for function in ast.walk(ast.parse(path.read_text())):
        if not isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
            continue
        for node in ast.walk(function):
            if isinstance(node, ast.ImportFrom) and node.module:
                yield node.module
            elif isinstance(node, ast.Import):
                yield from (one.name for one in node.names)


def test_late_imports_are_loaded_before_ready() -> None:
    """A first request must not fail because no descriptor is left to read a module."""
    found = {
        name
        for folder in ("functions", "lib")
        for path in (ROOT / folder).rglob("*.py")
        if path.relative_to(ROOT).as_posix() not in OF_THE_START
        for name in late_imports(path)
    }

    assert found - {*LATE, *(name for names in LATE_OF_STACK.values() for name in names)} == set()
