"""A cold start in Azure imports little: most libraries are imported at their first use."""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pytest
from pydantic import BaseModel

from functions.declared import ENDPOINTS
from lib.domain.shared.model import Model
from tests.deployed import AZURE_SETTINGS

ROOT: Final = Path(__file__).parents[2]
INDEX: Final = """
import asyncio, json, os, sys
from pathlib import Path
before = set(sys.modules)
from infra.local.invocations.worker_library import WorkerLibrary
functions = asyncio.run(WorkerLibrary.load(Path.cwd())).functions
print(json.dumps([len(functions), sorted(set(sys.modules) - before)]), flush=True)
os._exit(0)  # without the last export of the telemetry
"""
FIRST_CALL: Final = """
import json, os, sys
import function_app
from functions.index import INDEX, declaration
(entry,) = (one for one in INDEX if one["name"] == sys.argv[1])
declaration(entry["at"], entry["name"])
for area in sys.argv[2:]:
    getattr(function_app.RECAPITO, area)
print(json.dumps(sorted(sys.modules)), flush=True)
os._exit(0)  # without the last export of the telemetry
"""
NOT_COUNTED: Final = frozenset(
    {*sys.stdlib_module_names, "azure_functions_runtime", "function_app", "infra"}
)
SHARED: Final = frozenset({"azure", "google", "opentelemetry"})
"""Folders of many packages: the second name tells the package."""
BUDGET: Final[Mapping[str, int]] = {
    "functions": 2,
    "lib": 104,
    # the SDK of the triggers, and what it imports
    "azure.functions": 77,
    "markupsafe": 3,
    "werkzeug": 36,
    # models and settings
    "annotated_types": 1,
    "dotenv": 5,
    "pydantic": 52,
    "pydantic_core": 3,
    "pydantic_settings": 25,
    "typing_extensions": 1,
    "typing_inspection": 4,
    # traces and metrics, without their exporters
    "opentelemetry._logs": 4,
    "opentelemetry.attributes": 1,
    "opentelemetry.context": 4,
    "opentelemetry.environment_variables": 1,
    "opentelemetry.metrics": 5,
    "opentelemetry.sdk": 55,
    "opentelemetry.semconv": 14,
    "opentelemetry.trace": 5,
    "opentelemetry.util": 6,
    "psutil": 8,
    # small ones
    "orjson": 2,
}
"""The most modules of each package. A package that is not here has none."""


def test_a_cold_start_imports_only_what_it_needs() -> None:
    """Import and index the app as Azure's worker does, and count the modules of each package."""
    functions, modules = _printed(INDEX)
    found = Counter(package for package in map(_package_of, modules) if package)
    over = {
        package: f"{count} modules, {BUDGET.get(package, 0)} allowed"
        for package, count in found.most_common()
        if count > BUDGET.get(package, 0)
    }

    assert functions > 50
    assert not over, (
        "the start imports more than before, see `python -X importtime -c 'import function_app'`: "
        f"import these where they are first used, or raise BUDGET: {over}"
    )


@pytest.mark.parametrize(
    ("function", "areas", "most"),
    [
        ("fan_out_message", ("messages",), 419),
        ("submit_message", ("identity", "limits", "messages"), 508),
        ("list_inbox", ("identity", "inbox"), 459),
    ],
)
def test_a_first_call_imports_a_part_of_the_app(
    function: str, areas: tuple[str, ...], most: int
) -> None:
    """The modules that a function and its areas need are fewer than the 670 of the app."""
    modules = _printed(FIRST_CALL, function, *areas)
    own = [name for name in modules if name.startswith(("functions.", "lib."))]

    assert len(own) <= most


def test_models_are_built_at_their_first_use() -> None:
    """Each model of the app derives from `Model`, so that the start does not build it."""
    early = {
        f"{one.__module__}.{one.__name__}"
        for one in BaseModel.__subclasses__()
        if one.__module__.startswith(("functions.", "lib.")) and one is not Model
    }

    assert ENDPOINTS
    assert early == set()


def _printed(program: str, *words: str) -> Any:
    """Run a program with the settings of Azure, and return the JSON that it prints."""
    done = subprocess.run(
        [sys.executable, "-c", program, *words],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **AZURE_SETTINGS},
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def _package_of(module: str) -> str:
    """Return the package that brings a module; empty for the standard library and the worker."""
    first, _, rest = module.partition(".")
    if first in SHARED:
        return f"{first}.{rest.partition('.')[0]}" if rest else ""
    is_counted = first not in NOT_COUNTED and not first.startswith("_sysconfigdata")
    return first if is_counted else ""
