"""The Bicep files of infra/azure, parsed.

Not every machine has the Bicep compiler. Every machine has the parser of the checks, which reads
enough to compare names.
"""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from pycep import BicepParser

ROOT = Path(__file__).parents[1]
AZURE = ROOT / "infra" / "azure"
FILES = sorted(AZURE.rglob("*.bicep"))
PARSER = BicepParser()


@cache
def parsed(path: Path) -> dict[str, Any]:
    """Parse one file."""
    return dict(PARSER.parse(text=path.read_text()))


def module(name: str) -> dict[str, Any]:
    """Parse one of modules/."""
    return parsed(AZURE / "modules" / f"{name}.bicep")


def config(resource: dict[str, Any]) -> dict[str, Any]:
    """Return the values of a resource or module, within its condition or loop."""
    inner = resource["config"]
    while "config" in inner and ("condition" in inner or "loop_type" in inner):
        inner = inner["config"]
    return dict(inner)


def resources(kind: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield each resource of a type: file, symbol, values."""
    for path in FILES:
        for symbol, resource in parsed(path).get("resources", {}).items():
            if resource["type"] == kind and not resource["existing"]:
                yield path.name, symbol, config(resource)


def only(kind: str) -> dict[str, Any]:
    """Return the values of the only resource of a type."""
    ((_, _, given),) = resources(kind)
    return given


def accessor(first: str, second: str) -> dict[str, Any]:
    """Return `first.second` as the parser returns it."""
    operands = {"operand_1": first, "operand_2": second}
    return {"operator": {"type": "property_accessor", "operands": operands}}


def declarations() -> dict[str, Any]:
    """Return the declarations that Bicep reads."""
    read: dict[str, Any] = json.loads((AZURE / "declarations.json").read_text())
    return read


def loops_over(name: str, symbol: str) -> str:
    """Return the expression that a resource of a module loops over."""
    return str(module(name)["resources"][symbol]["config"]["loop_type"]["detail"]["array_name"])


def app_settings() -> dict[str, Any]:
    """Return the app's settings and their values."""
    joined = module("settings")["outputs"]["settings"]["value"]["function"]["parameters"]
    assert joined["arg_2"] == "mailSettings"
    of_mail = module("mail")["outputs"]["settings"]["value"]
    return {setting["name"]: setting["value"] for setting in (*joined["arg_1"], *of_mail)}


def texts(value: Any) -> Iterator[str]:
    """Yield all texts in a result of the parser."""
    if isinstance(value, dict):
        for inner in value.values():
            yield from texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner)
    elif isinstance(value, str):
        yield value
