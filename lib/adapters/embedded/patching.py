"""Cosmos DB's partial updates and filter predicates, on plain documents; no I/O."""

import operator
from collections.abc import Callable, Sequence
from typing import Any, Final

import orjson

from lib.ports.documents import (
    MAX_PATCH_OPERATIONS,
    Condition,
    Container,
    Document,
    PatchOperation,
)
from lib.ports.errors import LimitError

JSON_OPTIONS: Final = orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_DATACLASS
"""Refuse what the other engine's JSON encoder refuses."""

_ORDER: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}

type Step = tuple[PatchOperation, list[str]]
"""A checked operation, its value our own copy, with its path split."""


def check_patch(container: Container, operations: Sequence[PatchOperation]) -> list[Step]:
    """Return the steps to apply; raise LimitError for what Cosmos refuses whatever the document."""
    if not 1 <= len(operations) <= MAX_PATCH_OPERATIONS:
        raise LimitError(f"{container.name}: a patch has 1 to {MAX_PATCH_OPERATIONS} operations")
    steps = []
    for operation in operations:
        slash, *keys = operation.path.split("/")
        if slash or not keys or not all(keys):
            raise LimitError(f"{container.name}: a patch path looks like /a/b")
        if keys[0] in {"id", container.partition_key}:
            raise LimitError(f"{container.name}: the id and the partition key cannot be patched")
        if operation.op == "incr" and not _is_number(operation.value):
            raise LimitError(f"{container.name}: incr needs a number")
        value = operation.value
        if isinstance(value, (list, dict, tuple)):
            try:
                value = orjson.loads(orjson.dumps(value, option=JSON_OPTIONS))
            except orjson.JSONEncodeError:
                raise LimitError(f"{container.name}: a patch value is not JSON") from None
            operation = operation._replace(value=value)  # noqa: PLW2901
        if "~" in operation.path:
            keys = [key.replace("~1", "/").replace("~0", "~") for key in keys]
        steps.append((operation, keys))
    return steps


def apply_patch(container: Container, document: Document, steps: list[Step]) -> None:
    """Change `document` in place; after a LimitError it is in an undefined state."""
    for operation, keys in steps:
        parent: Any = document
        for key in keys[:-1]:
            parent = _child(container, parent, key)
        if isinstance(parent, dict):
            _patch_field(container, parent, keys[-1], operation)
        elif isinstance(parent, list):
            _patch_element(container, parent, keys[-1], operation)
        else:
            raise _absent(container)


def holds(document: Document, condition: Condition) -> bool:
    """Return whether the filter predicate is true; values of two types only differ."""
    field, op, value = condition
    if field not in document:
        return False
    actual = document[field]
    alike = _kind(actual) == _kind(value)
    if op == "=":
        return alike and bool(actual == value)
    if op == "!=":
        return not (alike and actual == value)
    if not alike:
        return False
    return "=" in op if value is None else _ORDER[op](actual, value)


def _child(container: Container, parent: Any, key: str) -> Any:
    if isinstance(parent, dict) and key in parent:
        return parent[key]
    if isinstance(parent, list) and key.isdecimal() and int(key) < len(parent):
        return parent[int(key)]
    raise _absent(container)


def _patch_field(
    container: Container, parent: dict[str, Any], key: str, operation: PatchOperation
) -> None:
    op, _, value = operation
    if op in {"replace", "remove"} and key not in parent:
        raise _absent(container)
    if op == "remove":
        del parent[key]
    elif op == "incr":
        parent[key] = _sum(container, parent.get(key, 0), value)
    else:
        parent[key] = value


def _patch_element(
    container: Container, parent: list[Any], key: str, operation: PatchOperation
) -> None:
    op, _, value = operation
    if op == "add" and key == "-":
        parent.append(value)
        return
    if not key.isdecimal() or int(key) >= len(parent) + (op == "add"):
        raise _absent(container)
    index = int(key)
    if op == "add":
        parent.insert(index, value)
    elif op == "remove":
        del parent[index]
    elif op == "incr":
        parent[index] = _sum(container, parent[index], value)
    else:
        parent[index] = value


def _sum(container: Container, old: Any, value: Any) -> Any:
    if not _is_number(old):
        raise LimitError(f"{container.name}: incr needs a number at its path")
    return old + value


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _kind(value: object) -> type:
    if _is_number(value):
        return float
    return str if isinstance(value, str) else type(value)


def _absent(container: Container) -> LimitError:
    return LimitError(f"{container.name}: a patch path or its parent does not exist")
