"""The OpenAPI 3.1 documents, built from the endpoints' declarations.

`python -m functions` prints the document of all endpoints; infra/openapi has one for each audience.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

import orjson

from functions.http.contract.endpoint import AnyEndpoint
from functions.http.openapi import about, answers, operations, security
from functions.http.openapi.audiences import TAGS, Audience, of_audience
from functions.http.openapi.bounds import bounded
from functions.http.openapi.closed import with_closed_bodies
from functions.http.openapi.problem_answers import (
    GatewayRefusalAnswer,
    ProblemAnswer,
    TokenRefusalAnswer,
)
from functions.http.openapi.schemas import schemas_of

_PARAMETER: Final = re.compile(r"{\w+}")
_REFERENCE: Final = re.compile(r'"#/components/(\w+)/([\w.-]+)"')


def build(
    endpoints: Iterable[AnyEndpoint],
    audience: Audience | None = None,
    installation: about.Installation = about.EXAMPLE,
) -> dict[str, Any]:
    """Return the document of an audience, or of all, as JSON types with keys in a fixed order."""
    endpoints = tuple(endpoints)
    described = of_audience(endpoints, audience)
    tags = {endpoint.tag for endpoint in described}
    schemes = {name for one in described for name in security.schemes_of(one.policy.scheme)}
    shapes: dict[str, str] = {}
    paths: dict[str, Any] = {}
    for endpoint in described:
        # paths that differ in the names of parameters alone must be one path
        path = shapes.setdefault(_PARAMETER.sub("{}", endpoint.path), endpoint.path)
        operation = operations.operation_of(endpoint, path)
        paths.setdefault(path, {})[endpoint.method.lower()] = operation
    schemas = schemas_of(endpoints, (ProblemAnswer, GatewayRefusalAnswer, TokenRefusalAnswer))
    paths, schemas = with_closed_bodies(paths, schemas, described)
    components = {"schemas": schemas, "headers": answers.HEADERS}
    document: dict[str, Any] = {
        "openapi": "3.1.1",
        "info": about.info(audience, installation),
        "servers": about.servers(installation),
        "tags": [
            {"name": name, "description": tag.description}
            for name, tag in TAGS.items()
            if name in tags
        ],
        "paths": bounded(paths),
        "components": {
            **bounded(_used(paths, components)),
            "securitySchemes": {
                name: scheme for name, scheme in security.SCHEMES.items() if name in schemes
            },
        },
    }
    return document


def _used(document: Any, components: Mapping[str, Any]) -> dict[str, Any]:
    """Return the components that the document names, and those that these name in turn."""
    used: dict[str, dict[str, Any]] = {kind: {} for kind in components}
    waiting = [document]
    while waiting:
        for kind, name in _REFERENCE.findall(orjson.dumps(waiting.pop()).decode()):
            if name not in used[kind]:
                used[kind][name] = components[kind][name]
                waiting.append(components[kind][name])
    return {kind: dict(sorted(parts.items())) for kind, parts in used.items()}


def printed(endpoints: Iterable[AnyEndpoint], audience: Audience | None = None) -> bytes:
    """Return the document as JSON, as in infra/openapi."""
    document = build(endpoints, audience)
    return orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
