"""Says where an answer differs from what its document declares: which member, which rule."""

from collections.abc import Iterator
from typing import Any, Final

from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.core.transport import Response
from schemathesis.openapi.checks import (
    JsonSchemaError,
    UndefinedContentType,
    UndefinedStatusCode,
)
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

CHECKS: Final = (
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    not_a_server_error,
)
_LONGEST: Final = 300
_JSON: Final = "application/json"
_PROBLEM: Final = "application/problem+json"


def differences(case: Case[Any], answer: Response) -> list[str]:
    """Return a line for each difference.

    A refusal that is declared as JSON may be a problem (RFC 9457): IO's own servers answer so, and
    its documents name JSON alone.
    """
    failures = list(_failures(case, answer))
    if answer.status_code >= 400 and any(map(_is_problem_as_json, failures)):
        answer.headers["content-type"] = [_JSON]
        failures = list(_failures(case, answer))
    return [f"{answer.status_code}: {_told(one)}" for one in failures]


def refusal(answer: Response) -> str:
    """Return what a refusal says, in one line."""
    try:
        body = answer.json()
        parts = [body.get("detail") or body.get("message"), *(body.get("errors") or ())]
        text = "; ".join(str(one) for one in parts if one)
    except (ValueError, AttributeError):
        text = answer.content.decode(errors="replace")
    return " ".join(text.split())[:_LONGEST]


def sent(answer: Response) -> str:
    """Return the request of an answer, in one line."""
    request = answer.request
    body = request.body or b""
    text = body if isinstance(body, str) else body.decode(errors="replace")
    return f"{request.method} {request.path_url} {text}".rstrip()[:_LONGEST]


def _failures(case: Case[Any], answer: Response) -> Iterator[Failure]:
    try:
        case.validate_response(answer, checks=list(CHECKS))
    except FailureGroup as group:
        yield from group.exceptions
    except Failure as failure:
        yield failure


def _is_problem_as_json(failure: Failure) -> bool:
    return (
        isinstance(failure, UndefinedContentType)
        and failure.content_type.startswith(_PROBLEM)
        and _JSON in failure.defined_content_types
    )


def _told(failure: Failure) -> str:
    match failure:
        case UndefinedStatusCode():
            return f"not declared, only {', '.join(failure.defined_status_codes)}"
        case JsonSchemaError():
            member = _member(failure.instance_path)
            rule = failure.schema_path[-1] if failure.schema_path else "schema"
            return f"{member}: {rule}: {failure.validation_message}"[:_LONGEST]
        case _:
            lines = failure.message.splitlines()
            return f"{failure.title}: {'; '.join(filter(None, lines))}"[:_LONGEST]


def _member(path: Any) -> str:
    parts = (f"[{one}]" if isinstance(one, int) else f".{one}" for one in path)
    return "".join(parts).removeprefix(".") or "the body"
