"""Answers of the OpenAPI documents: successes, refusals and their headers."""

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any, Final

from pydantic import BaseModel

from functions.http.callers.vouchers import EVIDENCE_HEADER
from functions.http.contract import problems
from functions.http.contract.endpoint import AnyEndpoint
from functions.http.contract.prefer import PREFERENCE_APPLIED, WARNINGS_HEADER
from functions.http.contract.problems import PROBLEM_TYPE
from functions.http.openapi.schemas import SCHEMAS, plain
from functions.http.problems import ROWS

_RATE_LIMIT: Final = ("RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset")
_RETRY_AFTER: Final = "Retry-After"
_CACHE_CONTROL: Final = "Cache-Control"


def _count(description: str, example: int, least: int = 0) -> dict[str, Any]:
    bounds = {"format": "int32", "minimum": least, "maximum": 2**31 - 1}
    schema = {"type": "integer", **bounds}
    return {"description": description, "schema": schema, "example": example}


HEADERS: Final[Mapping[str, Any]] = {
    WARNINGS_HEADER: _count(
        "The number of warnings about the accepted request. Absent: there are none.", 2, 1
    ),
    PREFERENCE_APPLIED: {
        "description": "The preferences of the header Prefer that were applied.",
        "schema": {"type": "string", "maxLength": 255},
        "example": "include=warnings",
    },
    EVIDENCE_HEADER: {
        "description": "The id of the evidence that came with the call. Absent: none came.",
        "schema": {"type": "string", "maxLength": 26},
        "example": "01HQRZ6T6G2P1NB3QF0J9S2K4V",
    },
    _CACHE_CONTROL: {
        "description": "no-store: no cache may keep the answer. A public image has the seconds for "
        "which a cache may keep the image as max-age.",
        "schema": {"type": "string", "maxLength": 255},
        "example": "no-store",
    },
    "RateLimit-Limit": _count(
        "The number of calls that the caller has in a window of time. Absent: the call was not "
        "counted.",
        150,
    ),
    "RateLimit-Remaining": _count(
        "The number of calls that are left in this window. Absent: the call was not counted.", 149
    ),
    "RateLimit-Reset": _count(
        "The seconds until the next window. Absent: the call was not counted.", 5
    ),
    _RETRY_AFTER: _count("The seconds to wait before the same request is sent again.", 5, 1),
}

_UNCHECKED: Final = frozenset({"type", "description"})
"""The members of a parameter's schema that refuse no text."""


def answers_of(endpoint: AnyEndpoint) -> dict[str, dict[str, Any]]:
    """Return every answer of the endpoint by status."""
    successes = {
        str(code): _answer(endpoint, code, body) for code, body in endpoint.answers.items()
    }
    refusals = _refusals(endpoint)
    for code in successes.keys() & refusals.keys():
        # a page refuses a login, a problem refuses parameters that are no login's
        pages = successes[code]["content"]
        refusals[code] |= {"content": {**pages, **refusals[code]["content"]}, "x-noqa": True}
    return {**successes, **refusals}


def _named(names: Iterable[str]) -> dict[str, Any]:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def _answer(endpoint: AnyEndpoint, code: int, body: type[BaseModel] | str | None) -> dict[str, Any]:
    names = [_CACHE_CONTROL]
    if not (endpoint.is_ours and endpoint.policy.scheme is None):
        names.append(WARNINGS_HEADER)
    if endpoint.includes or endpoint.has_strict_mode:
        names.append(PREFERENCE_APPLIED)
    if endpoint.policy.scheme == "SenderKey":
        names.append(EVIDENCE_HEADER)
    answer: dict[str, Any] = {
        "description": HTTPStatus(code).phrase,
        "headers": _named((*names, *_RATE_LIMIT)),
    }
    if isinstance(body, str):
        answer["content"] = {body: {}}  # OpenAPI 3.1's form for bytes
        if code >= HTTPStatus.BAD_REQUEST:
            # the checker's mark for a refusal that is no problem: a page that a person reads
            answer["x-noqa"] = True
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
            if isinstance(problem, problems.TokenRefusal):
                media[HTTPStatus(problem.status)] = (problem.media_type, "TokenRefusalAnswer")
    texts = (*endpoint.parameters.values(), *endpoint.headers.values())
    checked = any(plain(type_).keys() > _UNCHECKED for type_ in texts)
    if endpoint.body or checked or endpoint.query or endpoint.includes or endpoint.is_ours:
        title = (endpoint.body and endpoint.body.title) or "Invalid request"
        found.setdefault(400, []).append(title)
    if endpoint.body:
        found[413], found[415] = ["Payload too large"], ["Unsupported media type"]
    refusals: dict[str, dict[str, Any]] = {}
    for code, titles in sorted(found.items()):
        media_type, schema = media.get(HTTPStatus(code), (PROBLEM_TYPE, "ProblemAnswer"))
        refusals[str(code)] = {
            "description": "; ".join(dict.fromkeys(titles)),
            "headers": _named(_headers_of_refusal(code)),
            "content": {media_type: {"schema": {"$ref": f"{SCHEMAS}{schema}"}}},
        }
        if media_type != PROBLEM_TYPE:
            # the checker's mark for a refusal that is no problem: RFC 6749 fixes its media type
            refusals[str(code)]["x-noqa"] = True
    return refusals


def _headers_of_refusal(code: int) -> tuple[str, ...]:
    limits = _RATE_LIMIT if code < HTTPStatus.INTERNAL_SERVER_ERROR else ()
    waits = code in {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}
    return (_CACHE_CONTROL, *limits, *((_RETRY_AFTER,) if waits else ()))
