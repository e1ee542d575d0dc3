"""Operations of the OpenAPI documents: parameters, request body and answers of an endpoint."""

import re
from collections.abc import Iterator
from typing import Any, Final

from functions.http.contract.call import FileBody
from functions.http.contract.endpoint import AnyEndpoint
from functions.http.contract.prefer import MOST_PREFERENCES, PREFER, STRICT
from functions.http.openapi import security
from functions.http.openapi.answers import answers_of
from functions.http.openapi.bounds import longest_of
from functions.http.openapi.schemas import plain, query_parameters

_JSON: Final = "application/json"
_MERGE_PATCH: Final = "application/merge-patch+json"
"""The media type of a change of some members (RFC 7396). The API reads JSON under every name."""

_MOST_CHARACTERS: Final = 512
"""The longest text of a parameter without a rule: a platform takes 8 KiB of address or header."""


def operation_of(endpoint: AnyEndpoint, path: str) -> dict[str, Any]:
    """Return the operation that describes the endpoint at the path.

    `path`: the path of the endpoint, or one that has other names for the same parameters.
    """
    operation: dict[str, Any] = {
        "operationId": endpoint.name,
        "summary": endpoint.summary,
        "tags": [endpoint.tag],
        "security": security.required(endpoint.policy.scheme),
        "parameters": list(_parameters(endpoint, path)),
        "responses": answers_of(endpoint),
    }
    if endpoint.description:
        operation["description"] = endpoint.description
    if isinstance(endpoint.body, FileBody):
        # OpenAPI 3.1's form for bytes
        examples = endpoint.body.example or {}
        files = {one: {"example": examples[one]} for one in endpoint.body.media_types}
        operation["requestBody"] = {"required": True, "content": files}
    elif endpoint.body:
        content: dict[str, Any] = {"schema": plain(endpoint.body.type)}
        if endpoint.body.example is not None:
            content["example"] = endpoint.body.example
        operation["requestBody"] = {
            "required": not endpoint.body.is_optional,
            "content": {endpoint.body.media_type or _json(endpoint): content},
        }
    return operation


def _json(endpoint: AnyEndpoint) -> str:
    return _MERGE_PATCH if endpoint.method == "PATCH" else _JSON


def _parameters(endpoint: AnyEndpoint, path: str) -> Iterator[dict[str, Any]]:
    own = re.findall(r"{(\w+)", endpoint.path)
    for name, of_endpoint in zip(re.findall(r"{(\w+)", path), own, strict=True):
        type_ = plain(endpoint.parameters[of_endpoint])
        yield {"name": name, "in": "path", "required": True, **_described(type_)}
    if endpoint.query:
        for name, schema in query_parameters(endpoint.query).items():
            # the platform drops a parameter without a value
            empty = {"allowEmptyValue": True}
            yield {"name": name, "in": "query", **empty, **_described(schema)}
    for name, type_ in endpoint.headers.items():
        yield {"name": name.title(), "in": "header", **_described(plain(type_))}
    if endpoint.includes or endpoint.has_strict_mode:
        yield _prefer(endpoint)


def _prefer(endpoint: AnyEndpoint) -> dict[str, Any]:
    """Return the header with the preferences that the endpoint knows."""
    known = []
    if endpoint.includes:
        members = f"include={','.join(endpoint.includes)}"
        known.append((members, "the answer gets these members beyond IO's contract"))
    if endpoint.has_strict_mode:
        known.append((STRICT, "a value that would give a warning refuses the request"))
    meanings = " ".join(f"`{preference}`: {meaning}." for preference, meaning in known)
    return {
        "name": PREFER.title(),
        "in": "header",
        "description": f"Preferences (RFC 7240). {meanings} Absent: none.",
        "schema": {"type": "string", "maxLength": MOST_PREFERENCES},
        "example": known[0][0],
    }


def _described(schema: dict[str, Any]) -> dict[str, Any]:
    """Return a parameter's description, and beside it the schema without a description."""
    rest = {name: value for name, value in schema.items() if name != "description"}
    if rest.get("type") == "string" and not rest.keys() & {"enum", "format", "maxLength"}:
        longest = longest_of(rest.get("pattern", ""))
        rest["maxLength"] = min(longest, _MOST_CHARACTERS) if longest else _MOST_CHARACTERS
    return {"description": schema.get("description", ""), "schema": rest}
