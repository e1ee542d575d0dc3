"""The OpenAPI 3.1 document, built from the endpoints' declarations.

`python -m functions` prints the document; infra/openapi.json is its checked-in copy.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from http import HTTPStatus
from typing import Any, Final

import orjson
from openapi_pydantic import OpenAPI
from pydantic import BaseModel

from functions.http.contract import problems
from functions.http.contract.endpoint import AnyEndpoint
from functions.http.contract.policies import CITIZEN_LOGIN
from functions.http.contract.prefer import PREFER, PREFERENCE_APPLIED, WARNINGS_HEADER, Include
from functions.http.contract.problems import PROBLEM_TYPE
from functions.http.openapi.problem_answers import GatewayRefusalAnswer, ProblemAnswer
from functions.http.openapi.schemas import SCHEMAS, plain, schemas_of, tidy
from functions.http.problems import ROWS
from lib import __version__

_HEADERS: Mapping[str, Any] = {
    WARNINGS_HEADER: {
        "description": "The number of warnings about the accepted request. Absent: there are none.",
        "schema": {"type": "integer", "minimum": 1},
        "example": 2,
    },
    PREFERENCE_APPLIED: {
        "description": "The members that the answer has because the header Prefer asked for them.",
        "schema": {"type": "string"},
        "example": "include=warnings",
    },
}


_UNCHECKED: Final = frozenset({"type", "description"})
"""The members of a parameter's schema that refuse no text."""


def build(endpoints: Iterable[AnyEndpoint]) -> dict[str, Any]:
    """Return the document as JSON types, with the keys in a fixed order."""
    endpoints = tuple(endpoints)
    paths: dict[str, Any] = {}
    for endpoint in endpoints:
        paths.setdefault(endpoint.path, {})[endpoint.method.lower()] = _operation(endpoint)
    document = OpenAPI.model_validate(
        {
            "openapi": "3.1.1",
            "info": {
                "title": "Recapito",
                "version": __version__,
                "description": "Citizen messaging for public administrations. The operations on "
                "messages, profiles, preferences, devices and payment info are wire-compatible "
                "with IO's.",
            },
            "tags": [
                {"name": "sender", "description": "PAs' systems: send and follow messages"},
                {"name": "citizen", "description": "The mobile app: inbox and settings"},
                {"name": "links", "description": "Pages that links in e-mails open"},
                {"name": "payments", "description": "pagoPA: report the outcomes of payments"},
                {"name": "operations", "description": "Operators of this installation"},
            ],
            "paths": paths,
            "components": {
                "schemas": schemas_of(endpoints, (ProblemAnswer, GatewayRefusalAnswer)),
                "headers": _HEADERS,
                "securitySchemes": {
                    "SenderKey": _key("The key of a service."),
                    "ManageKey": _key("The key with which an organisation manages its services."),
                    "OperatorKey": _key("The key of an operator of this installation."),
                    "CitizenToken": {
                        "type": "http",
                        "scheme": "bearer",
                        "bearerFormat": "JWT",
                        "description": CITIZEN_LOGIN,
                    },
                },
            },
        }
    )
    plain: dict[str, Any] = document.model_dump(mode="json", by_alias=True, exclude_unset=True)
    return plain


def _key(description: str) -> dict[str, str]:
    """Return the security scheme of a key in the header that IO's gateway reads."""
    return {
        "type": "apiKey",
        "in": "header",
        "name": "Ocp-Apim-Subscription-Key",
        "description": description,
    }


def _operation(endpoint: AnyEndpoint) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": endpoint.name,
        "summary": endpoint.summary,
        "tags": [endpoint.tag],
        "security": [{endpoint.policy.scheme: []}] if endpoint.policy.scheme else [],
        "parameters": list(_parameters(endpoint)),
        "responses": {
            **{
                str(code): _answer(code, body, endpoint.includes)
                for code, body in endpoint.answers.items()
            },
            **_refusals(endpoint),
        },
    }
    if endpoint.description:
        operation["description"] = endpoint.description
    if endpoint.body:
        content: dict[str, Any] = {"schema": plain(endpoint.body.type)}
        if endpoint.body.example is not None:
            content["example"] = endpoint.body.example
        operation["requestBody"] = {
            "required": not endpoint.body.is_optional,
            "content": {"application/json": content},
        }
    return operation


def _parameters(endpoint: AnyEndpoint) -> Iterator[dict[str, Any]]:
    for name in re.findall(r"{(\w+)", endpoint.path):
        type_ = plain(endpoint.parameters[name])
        yield {"name": name, "in": "path", "required": True, **_described(type_)}
    if endpoint.query:
        for name, schema in endpoint.query.model_json_schema()["properties"].items():
            yield {"name": name, "in": "query", **_described(tidy(schema))}
    for name, type_ in endpoint.headers.items():
        yield {"name": name.title(), "in": "header", **_described(plain(type_))}
    if endpoint.includes:
        yield {
            "name": PREFER.title(),
            "in": "header",
            "description": "The members beyond IO's contract that the answer gets (RFC 7240). "
            "Absent: none.",
            "schema": {"type": "string"},
            "example": f"include={','.join(endpoint.includes)}",
        }


def _described(schema: dict[str, Any]) -> dict[str, Any]:
    """Return a parameter's description, and beside it the schema without a description."""
    rest = {name: value for name, value in schema.items() if name != "description"}
    return {"description": schema.get("description", ""), "schema": rest}


def _answer(
    code: int, body: type[BaseModel] | str | None, includes: tuple[Include, ...]
) -> dict[str, Any]:
    names = (WARNINGS_HEADER, PREFERENCE_APPLIED) if includes else (WARNINGS_HEADER,)
    answer: dict[str, Any] = {
        "description": HTTPStatus(code).phrase,
        "headers": {name: {"$ref": f"#/components/headers/{name}"} for name in names},
    }
    if isinstance(body, str):
        answer["content"] = {body: {}}  # OpenAPI 3.1's form for bytes
    elif body:
        answer["content"] = {"application/json": {"schema": plain(body)}}
    return answer


def _refusals(endpoint: AnyEndpoint) -> dict[str, dict[str, Any]]:
    outage = endpoint.outage(None)
    found: dict[int, list[str]] = {500: ["Internal server error"], outage.status: [outage.title]}
    media = {HTTPStatus.UNAUTHORIZED: (PROBLEM_TYPE, "ProblemAnswer")}
    for refusal in (*endpoint.policy.refusals, *endpoint.refusals):
        for problem in ROWS[refusal].sample_answers():
            found.setdefault(problem.status, []).append(problem.title)
            if isinstance(problem, problems.GatewayRefusal):
                media[HTTPStatus.UNAUTHORIZED] = (PROBLEM_TYPE, "GatewayRefusalAnswer")
    checked = any(plain(type_).keys() > _UNCHECKED for type_ in endpoint.parameters.values())
    if endpoint.body or checked or endpoint.query or endpoint.headers or endpoint.is_ours:
        title = (endpoint.body and endpoint.body.title) or "Invalid request"
        found.setdefault(400, []).append(title)
    if endpoint.body:
        found[413], found[415] = ["Payload too large"], ["Unsupported media type"]
    refusals: dict[str, dict[str, Any]] = {}
    for code, titles in sorted(found.items()):
        media_type, schema = media.get(HTTPStatus(code), (PROBLEM_TYPE, "ProblemAnswer"))
        refusals[str(code)] = {
            "description": "; ".join(dict.fromkeys(titles)),
            "content": {media_type: {"schema": {"$ref": f"{SCHEMAS}{schema}"}}},
        }
    return refusals


def printed(endpoints: Iterable[AnyEndpoint]) -> bytes:
    """Return the document as JSON, as in infra/openapi.json."""
    return orjson.dumps(build(endpoints), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
