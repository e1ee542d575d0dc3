"""Formats and bounds that each number, string and array of an OpenAPI document has.

A model declares the bounds that a rule gives. The others follow from the pattern of a string, from
JSON's numbers, or from the largest body that the API reads: whatever an answer has came in one.
"""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any, Final

MOST_BYTES: Final = 512 * 1024
"""The largest body of a request; tests/structure/test_declarations.py keeps all below it."""

MOST_CHARACTERS: Final = MOST_BYTES
MOST_ITEMS: Final = MOST_BYTES // 2
"""An item of an array takes at least a character and a comma."""

_INT32: Final = 2**31 - 1
_LARGEST: Final = 2**53 - 1
"""The largest whole number that every client of JSON reads exactly."""

_VALUES: Final = frozenset({"example", "examples", "default", "enum", "const"})
"""The members of a schema whose values are no schemas."""


def bounded(node: Any) -> Any:
    """Return the part of a document with formats and bounds in each of its schemas."""
    if isinstance(node, list):
        return [bounded(one) for one in node]
    if not isinstance(node, dict):
        return node
    whole = {
        name: {key: bounded(value) for key, value in child.items()}
        if name == "properties"
        else child
        if name in _VALUES
        else bounded(child)
        for name, child in node.items()
    }
    kinds = whole.get("type")
    # of a type and null, the type has the bounds
    kind = kinds[0] if isinstance(kinds, list) else kinds
    complete = _COMPLETE.get(kind) if isinstance(kind, str) else None
    return {**complete(whole), **whole} if complete else whole


def _integer(schema: Mapping[str, Any]) -> dict[str, Any]:
    values = [schema["const"]] if "const" in schema else schema.get("enum", ())
    values = [one for one in values if one is not None]
    least = min(values, default=schema.get("minimum", -_LARGEST))
    most = max(values, default=schema.get("maximum", _LARGEST))
    is_small = max(-least, most) <= _INT32
    return {"format": "int32" if is_small else "int64", "minimum": least, "maximum": most}


def _number(_: Mapping[str, Any]) -> dict[str, Any]:
    return {"format": "double", "minimum": -_LARGEST, "maximum": _LARGEST}


def _string(schema: Mapping[str, Any]) -> dict[str, Any]:
    if "const" in schema:
        return {"maxLength": len(schema["const"])}
    if schema.keys() & {"enum", "format"}:
        return {}
    if "pattern" not in schema:
        return {"maxLength": MOST_CHARACTERS}
    return {"maxLength": longest_of(schema["pattern"])}


def longest_of(pattern: str) -> int:
    """Return the length of the longest text that a pattern matches."""
    # the standard library has no other parser of patterns
    parsed: Any = import_module("re._parser").parse(pattern)
    return min(int(parsed.getwidth()[1]), MOST_CHARACTERS)


def _array(_: Mapping[str, Any]) -> dict[str, Any]:
    return {"minItems": 0, "maxItems": MOST_ITEMS}


def _object(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return the bound of an object whose members have no names in the document."""
    return {"maxProperties": MOST_ITEMS} if schema.get("additionalProperties") else {}


_COMPLETE: Final[Mapping[str, Callable[[Mapping[str, Any]], dict[str, Any]]]] = {
    "integer": _integer,
    "number": _number,
    "string": _string,
    "array": _array,
    "object": _object,
}
