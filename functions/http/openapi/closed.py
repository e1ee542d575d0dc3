"""Close the bodies of requests in which an unknown member is refused.

Recapito's own operations refuse a member that they do not know; IO's operations ignore the member
with a warning. A schema that both read, or that an answer has, is therefore written twice.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

import orjson

from functions.http.contract.endpoint import AnyEndpoint
from functions.http.openapi.schemas import SCHEMAS

_SUFFIX: Final = "Request"
_NAMED: Final = re.compile(rf'"{re.escape(SCHEMAS)}([\w.-]+)"')


def with_closed_bodies(
    paths: Mapping[str, Any], schemas: Mapping[str, Any], endpoints: Iterable[AnyEndpoint]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the paths and the schemas, with closed schemas in the requests of our operations."""
    ours = {(one.path, one.method.lower()) for one in endpoints if one.is_ours and one.body}
    bodies = [paths[path][method]["requestBody"] for path, method in sorted(ours)]
    closed = _reached(bodies, schemas)
    rest = [
        operation if (path, method) not in ours else operation["responses"]
        for path, operations in paths.items()
        for method, operation in operations.items()
    ]
    shared = closed & _reached(rest, schemas)
    added = {
        f"{name}{_SUFFIX}" if name in shared else name: _closed(_renamed(schemas[name], shared))
        for name in closed
    }
    renamed = {
        path: {
            method: {**operation, "requestBody": _renamed(operation["requestBody"], shared)}
            if (path, method) in ours
            else operation
            for method, operation in operations.items()
        }
        for path, operations in paths.items()
    }
    return renamed, {**schemas, **added}


def _reached(node: Any, schemas: Mapping[str, Any]) -> set[str]:
    """Return the names of the schemas that a part of the document names, directly or in turn."""
    found: set[str] = set()
    waiting = [node]
    while waiting:
        for name in _NAMED.findall(orjson.dumps(waiting.pop()).decode()):
            if name not in found:
                found.add(name)
                waiting.append(schemas[name])
    return found


def _renamed(node: Any, names: set[str]) -> Any:
    """Return a part of the document that names the closed copies of these schemas."""
    if isinstance(node, list):
        return [_renamed(one, names) for one in node]
    if isinstance(node, dict):
        return {name: _renamed(child, names) for name, child in node.items()}
    if isinstance(node, str) and node.removeprefix(SCHEMAS) in names and node.startswith(SCHEMAS):
        return f"{node}{_SUFFIX}"
    return node


def _closed(schema: Any) -> dict[str, Any]:
    """Return the schema of an object without members that it does not name."""
    is_object = isinstance(schema.get("properties"), dict)
    return {"additionalProperties": False, **schema} if is_object else schema
