"""The Bicep files: each parses, is used, and gets the parameters that it needs."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.bicep import (
    AZURE,
    FILES,
    config,
    parsed,
)

MAX_LINES = 250


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_file_parses_and_fits_on_a_few_screens(path: Path) -> None:
    """A file that cannot be parsed would escape every check."""
    assert parsed(path)["globals"]["scope"]["value"] in {"subscription", "resourceGroup"}
    assert len(path.read_text().splitlines()) <= MAX_LINES


def module_calls() -> Iterator[tuple[Path, str, Path, dict[str, Any]]]:
    """Yield each use of a module: file, symbol, the module's file, its values."""
    for path in FILES:
        for symbol, call in parsed(path).get("modules", {}).items():
            yield path, symbol, path.parent / call["detail"]["path"], config(call)


def test_a_module_gets_the_parameters_it_has() -> None:
    """A module gets every parameter without a default, and no unknown parameter."""
    for path, symbol, target, given in module_calls():
        parameters = parsed(target)["parameters"]
        needed = {name for name, one in parameters.items() if one.get("default") is None}
        passed = set(given.get("params", {}))
        assert needed <= passed <= set(parameters), (path.name, symbol)


def test_outputs_that_are_read_exist() -> None:
    """Each output that a file reads is an output of that module."""
    targets = {(path, symbol): target for path, symbol, target, _ in module_calls()}

    for path in FILES:
        for symbol, name in re.findall(r"\b(\w+)!?\.outputs\.(\w+)", path.read_text()):
            assert name in parsed(targets[path, symbol])["outputs"], (path.name, symbol, name)


def test_every_declaration_is_used() -> None:
    """Every parameter, variable, module, output and module file is used."""
    read = {name for path in FILES for name in re.findall(r"\.outputs\.(\w+)", path.read_text())}
    used = {target for _, _, target, _ in module_calls()}

    assert set(FILES) == used | {AZURE / "main.bicep"}
    for path in FILES:
        code = re.sub(r"(?m)^ *//.*", "", path.read_text())
        for name in (*parsed(path).get("parameters", {}), *parsed(path).get("variables", {})):
            assert len(re.findall(rf"\b{name}\b", code)) > 1, (path.name, name)
        if path.name != "main.bicep":
            assert set(parsed(path).get("outputs", {})) <= read, path.name


def test_no_module_comes_from_a_registry() -> None:
    """All that is deployed is in the repository and is checked here."""
    assert {
        call["type"] for path in FILES for call in parsed(path).get("modules", {}).values()
    } == {"local"}
