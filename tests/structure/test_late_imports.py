"""Late imports are loaded before the local host is ready."""

import ast
import codecs
import contextlib
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from infra.local.host.preload import LATE, LATE_OF_STACK, OF_REQUESTS

ROOT = Path(__file__).parents[2]
OF_THE_START = {
    "lib/composition/settings/push.py": "runs while the settings are read",
    "lib/composition/telemetry.py": "runs while the app is built",
    "lib/telemetry/setup.py": "runs while the app is built, or in the threads that export",
}
LISTS = "lib/domain/batches/recipients/sources/encoding.py"

BACKGROUND = """
import json, sys
from functions.index import INDEX, declaration
from infra.local.host.preload import OF_REQUESTS, preload

preload("embedded", in_background=True)
loaded = set(sys.modules)
for entry in INDEX:
    if "route" not in entry:
        declaration(entry["at"], entry["name"])
later, of_requests = sys.modules.keys() - loaded, sys.modules.keys() & OF_REQUESTS
print(json.dumps({"later": sorted(later), "of_requests": sorted(of_requests)}))
"""


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


def test_encodings_of_lists_are_loaded_before_ready() -> None:
    """Python loads an encoding's module at its first use, also in a library."""
    tree = ast.parse((ROOT / LISTS).read_text())
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            with contextlib.suppress(LookupError):
                found.add(f"encodings.{codecs.lookup(node.value).name.replace('-', '_')}")

    assert "encodings.utf_16_be" in found
    assert found - {*LATE, "encodings.utf_8"} == set()


def test_a_background_process_has_what_its_functions_need() -> None:
    """It has each queue function and timer, and nothing that only requests use."""
    done = subprocess.run(
        [sys.executable, "-c", BACKGROUND],
        cwd=ROOT,
        capture_output=True,
        check=False,
        text=True,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout) == {"later": [], "of_requests": []}
    assert set(LATE) >= OF_REQUESTS
