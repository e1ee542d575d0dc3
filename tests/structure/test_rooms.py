"""Folders and modules have a greatest size, and the layers have the same areas."""

import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MOST_MODULES = 12
MOST_LINES = 250
OF_NO_AREA = {"contract", "shared"}
"""The names of folders that the areas of a layer share."""
SPLIT_BY_AREA = (
    *("lib/composition/areas", "lib/domain", "lib/repositories", "lib/use_cases"),
    *("functions/queues", "functions/timers", "functions/http/problems", "tests/functions"),
)
"""Each folder or module in them is an area; an area's name says enough to find it among many."""


def areas() -> set[str]:
    """Return the areas as the contract of imports names them."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    (contract,) = (one for one in settings["contracts"] if one["id"] == "areas")
    return {layer.strip("()") for layer in contract["layers"]}


def test_a_folder_has_at_most_twelve_modules() -> None:
    """A reader finds a module by the folder's name, and then at a glance."""
    folders = {path.parent for top in ("lib", "functions") for path in (ROOT / top).rglob("*.py")}
    folders -= {ROOT / layer for layer in SPLIT_BY_AREA}
    modules = {
        folder.relative_to(ROOT).as_posix(): len(
            [path for path in folder.glob("*.py") if not path.name.startswith("__")]
        )
        for folder in folders
    }

    assert not {name: count for name, count in modules.items() if count > MOST_MODULES}


def test_a_module_of_feature_tests_is_short() -> None:
    """A module tests one thing, and its name says which."""
    lengths = {
        path.relative_to(ROOT).as_posix(): len(path.read_text().splitlines())
        for path in (ROOT / "tests" / "functions").rglob("*.py")
    }

    assert not {name: length for name, length in lengths.items() if length > MOST_LINES}


@pytest.mark.parametrize("layer", SPLIT_BY_AREA)
def test_a_layer_is_split_by_the_areas(layer: str) -> None:
    """A folder or a module with another name is no area's."""
    names = {
        path.stem
        for path in (ROOT / layer).iterdir()
        if not path.name.startswith(("__", "test_", "conftest"))
    }

    assert names - OF_NO_AREA <= areas()
