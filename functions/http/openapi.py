"""The OpenAPI 3.1 document, built from the endpoints' declarations.

`python -m functions` prints it; infra/openapi.json is that, checked in.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from http import HTTPStatus
from typing import Annotated, Any, get_args

import orjson
from openapi_pydantic import OpenAPI
from pydantic import BaseModel, Field, TypeAdapter
from pydantic.json_schema import models_json_schema

from functions.http import problems
from functions.http.content import DESCRIBED_AS
from functions.http.endpoint import AnyEndpoint
from functions.http.problems import PROBLEM_TYPE
from lib.domain import errors
from lib.domain.errors import FaultCategory
from lib.domain.payment import PaymentStatus

VERSION = "2026.11.0"
_SCHEMAS = "#/components/schemas/"


class FieldError(BaseModel):
    """Which field, by JSON pointer, and which rule."""

    pointer: str
    detail: str


class ProblemAnswer(BaseModel):
    """A problem (RFC 9457)."""

    status: int
    title: str
    detail: str | None = None
    errors: list[FieldError] | None = None
    trace_id: str | None = None
    faultCodeCategory: Annotated[  # noqa: N815 - IO's name on the wire
        FaultCategory | None, Field(description="of a payment alone: pagoPA's fault")
    ] = None
    faultCodeDetail: str | None = None  # noqa: N815 - IO's name on the wire
    payment_status: Annotated[
        PaymentStatus | None, Field(description="of a closed payment notice alone")
    ] = None


class GatewayRefusalAnswer(BaseModel):
    """A refused key: a problem (RFC 9457) and the form of IO's API gateway in one."""

    statusCode: int  # noqa: N815 - IO's name on the wire
    message: str
    title: str
    status: int
    detail: str


_SAMPLES: Mapping[type[errors.DomainError], tuple[errors.DomainError, ...]] = {
    errors.SenderUnknownError: (errors.SenderUnknownError(missing=True),),
    errors.CitizenUnknownError: (errors.CitizenUnknownError("the token has expired"),),
    errors.SettingsConflictError: (errors.SettingsConflictError("Version 1 is not the latest."),),
    errors.SnoozeError: (errors.SnoozeError("must lie in the future"),),
    errors.ValidationTooSoonError: (errors.ValidationTooSoonError(60),),
    errors.PeriodError: (errors.PeriodError(366),),
    errors.AmountTooHighError: (
        errors.AmountTooHighError(amount=200, maximum=100, pointer="/amount_cents"),
    ),
    errors.PaymentFromFutureError: (errors.PaymentFromFutureError("an-event"),),
    errors.NoticeInvalidError: (errors.NoticeInvalidError("/due_date", "is past"),),
    errors.DuplicateNoticeError: (errors.DuplicateNoticeError("It is another debtor's."),),
    errors.NoticeClosedError: (errors.NoticeClosedError("PAID"),),
    errors.NoticeConflictError: (errors.NoticeConflictError("Version 1 is not the latest."),),
    errors.PaymentFaultError: tuple(
        errors.PaymentFaultError(category, "") for category in get_args(FaultCategory)
    ),
}
"""One for each status that the error may be answered with."""


def build(endpoints: Iterable[AnyEndpoint]) -> dict[str, Any]:
    """Return the document as JSON's types, keys in a fixed order."""
    endpoints = tuple(endpoints)
    paths: dict[str, Any] = {}
    for endpoint in endpoints:
        paths.setdefault(endpoint.path, {})[endpoint.method.lower()] = _operation(endpoint)
    document = OpenAPI.model_validate(
        {
            "openapi": "3.1.1",
            "info": {
                "title": "Recapito",
                "version": VERSION,
                "description": "Citizen messaging for public administrations, "
                "wire-compatible with IO.",
            },
            "tags": [
                {"name": "sender", "description": "PAs' systems: send and follow messages"},
                {"name": "citizen", "description": "The mobile app: inbox and settings"},
                {"name": "links", "description": "Pages that links in e-mails open"},
                {"name": "payments", "description": "pagoPA's side: what became of payments"},
                {"name": "operations", "description": "Operators of this installation"},
            ],
            "paths": paths,
            "components": {
                "schemas": _schemas(endpoints),
                "securitySchemes": {
                    "SenderKey": {
                        "type": "apiKey",
                        "in": "header",
                        "name": "Ocp-Apim-Subscription-Key",
                    },
                    "CitizenToken": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
                },
            },
        }
    )
    plain: dict[str, Any] = document.model_dump(mode="json", by_alias=True, exclude_unset=True)
    return plain


def _operation(endpoint: AnyEndpoint) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": endpoint.name,
        "summary": endpoint.summary,
        "tags": [endpoint.tag],
        "security": [{endpoint.policy.scheme: []}] if endpoint.policy.scheme else [],
        "parameters": list(_parameters(endpoint)),
        "responses": {
            **{str(code): _answer(code, body) for code, body in endpoint.answers.items()},
            **_refusals(endpoint),
        },
    }
    if endpoint.description:
        operation["description"] = endpoint.description
    if endpoint.body:
        content = {"application/json": {"schema": _plain(endpoint.body.type)}}
        operation["requestBody"] = {"required": True, "content": content}
    return operation


def _parameters(endpoint: AnyEndpoint) -> Iterator[dict[str, Any]]:
    for name in re.findall(r"{(\w+)", endpoint.path):
        schema = _plain(endpoint.parameters[name])
        yield {"name": name, "in": "path", "required": True, "schema": schema}
    if endpoint.query:
        for name, schema in endpoint.query.model_json_schema()["properties"].items():
            yield {"name": name, "in": "query", "schema": _tidy(schema)}
    for name, type_ in endpoint.headers.items():
        yield {"name": name.title(), "in": "header", "schema": _plain(type_)}


def _answer(code: int, body: type[BaseModel] | str | None) -> dict[str, Any]:
    answer: dict[str, Any] = {"description": HTTPStatus(code).phrase}
    if isinstance(body, str):
        answer["content"] = {body: {}}  # OpenAPI 3.1's form for bytes
    elif body:
        answer["content"] = {"application/json": {"schema": _plain(body)}}
    return answer


def _refusals(endpoint: AnyEndpoint) -> dict[str, dict[str, Any]]:
    found: dict[int, list[str]] = {500: ["Internal server error"], 503: ["Service unavailable"]}
    media = {HTTPStatus.UNAUTHORIZED: (PROBLEM_TYPE, "ProblemAnswer")}
    for refusal in (*endpoint.policy.refusals, *endpoint.refusals):
        for sample in _SAMPLES.get(refusal) or (refusal(),):
            problem = problems.ANSWERS[refusal](sample)
            title = getattr(problem, "title", "No key, or not a valid one")
            found.setdefault(problem.status, []).append(title)
            if isinstance(problem, problems.GatewayRefusal):
                media[HTTPStatus.UNAUTHORIZED] = (PROBLEM_TYPE, "GatewayRefusalAnswer")
    checked = any(type_ is not str for type_ in endpoint.parameters.values())
    if endpoint.body or checked or endpoint.query or endpoint.headers:
        title = (endpoint.body and endpoint.body.title) or "Invalid request"
        found.setdefault(400, []).append(title)
    if endpoint.body:
        found[413], found[415] = ["Payload too large"], ["Unsupported media type"]
    refusals: dict[str, dict[str, Any]] = {}
    for code, titles in sorted(found.items()):
        media_type, schema = media.get(HTTPStatus(code), (PROBLEM_TYPE, "ProblemAnswer"))
        refusals[str(code)] = {
            "description": "; ".join(dict.fromkeys(titles)),
            "content": {media_type: {"schema": {"$ref": f"{_SCHEMAS}{schema}"}}},
        }
    return refusals


def _plain(type_: Any) -> dict[str, Any]:
    """Return a type's schema, a reference where it is a model."""
    if isinstance(type_, type) and issubclass(type_, BaseModel):
        return {"$ref": f"{_SCHEMAS}{type_.__name__}"}
    schema = TypeAdapter(type_).json_schema(ref_template=f"{_SCHEMAS}{{model}}")
    schema.pop("$defs", None)
    tidied: dict[str, Any] = _tidy(schema)
    return tidied


def _schemas(endpoints: Iterable[AnyEndpoint]) -> dict[str, Any]:
    models: dict[str, Any] = {
        "ProblemAnswer": ProblemAnswer,
        "GatewayRefusalAnswer": GatewayRefusalAnswer,
    }
    definitions: dict[str, Any] = {}
    for endpoint in endpoints:
        for model in endpoint.answers.values():
            if isinstance(model, type):
                models[model.__name__] = model
        if endpoint.body:
            adapter = TypeAdapter(endpoint.body.type)
            schema = adapter.json_schema(ref_template=f"{_SCHEMAS}{{model}}")
            definitions |= schema.pop("$defs", {})
            if isinstance(endpoint.body.type, type):
                definitions[endpoint.body.type.__name__] = schema
    _, answers = models_json_schema(
        [(model, "serialization") for model in models.values()],
        ref_template=f"{_SCHEMAS}{{model}}",
    )
    definitions |= answers["$defs"]
    return {name: _tidy(schema) for name, schema in sorted(definitions.items())}


def _tidy(schema: Any) -> Any:
    """Drop what pydantic adds for itself: titles, and defaults of null that nobody may send."""
    if isinstance(schema, list):
        return [_tidy(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    if DESCRIBED_AS in schema:
        return {"$ref": f"{_SCHEMAS}{schema[DESCRIBED_AS]}"}
    tidied = {
        name: {key: _tidy(value) for key, value in child.items()}
        if name == "properties"
        else _tidy(child)
        for name, child in schema.items()
        if not (name == "title" or (name == "default" and child is None))
    }
    options = [one for one in tidied.get("anyOf", ()) if one != {"type": "null"}]
    if len(options) == 1:
        del tidied["anyOf"]
        tidied |= options[0]
    return tidied


def printed(endpoints: Iterable[AnyEndpoint]) -> bytes:
    """Return the document as checked in."""
    return orjson.dumps(build(endpoints), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
