"""Apply Cosmos DB's partial updates and filter predicates to documents in memory."""

import operator
from collections.abc import Callable
from typing import Any, Final

from lib.adapters.rules.patches import PatchStep, is_number
from lib.ports.documents import Condition, Container, Document, PatchOperation
from lib.ports.errors import LimitError

_ORDER: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def apply_patch(container: Container, document: Document, steps: list[PatchStep]) -> None:
    """Apply a patch to `document` in place; after a LimitError its state is undefined."""
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
    """Tell whether the filter predicate holds; never for values of two types."""
    field, op, value = condition
    if field not in document:
        return False
    actual = document[field]
    alike = _kind(actual) == _kind(value)
    if op == "=":
        return alike and bool(actual == value)
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
    if not is_number(old):
        raise LimitError(f"{container.name}: incr needs a number at its path")
    return old + value


def _kind(value: object) -> type:
    if is_number(value):
        return float
    return str if isinstance(value, str) else type(value)


def _absent(container: Container) -> LimitError:
    return LimitError(f"{container.name}: a patch path or its parent does not exist")
