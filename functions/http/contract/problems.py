"""Answers that refuse a request, as problem+json (RFC 9457).

The functions here build the answers to faults that are not domain errors: an unknown path or
method, a body that cannot be read, an outage, a crash. Domain errors: `functions/http/problems`.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final, Literal

import orjson

from lib.domain.messages.checks.warning import WarningCode

PROBLEM_TYPE: Final = "application/problem+json"

type OwnCode = Literal[
    "ADDRESS",
    "AMOUNT",
    "CHANGED",
    "EMAIL",
    "EMAIL_TAKEN",
    "EMPTY",
    "FISCAL_CODE",
    "INVALID",
    "NETWORK",
    "NOTICE_NUMBER",
    "NOT_A_CHOICE",
    "NOT_A_LOGO",
    "NOT_A_TIME",
    "NOT_ENOUGH",
    "NOT_LATER",
    "NOT_YOURS",
    "ORGANIZATION",
    "PAYMENT_TAKEN",
    "REASON",
    "REFERENCE",
    "REQUIRED",
    "SERVICE",
    "TOO_FAR",
    "TOO_FEW",
    "TOO_LARGE",
    "TOO_LONG",
    "TOO_MANY",
    "TOO_SHORT",
    "TOO_SMALL",
    "UNKNOWN_FILE",
    "UUID",
    "WRONG_CODE",
    "WRONG_TYPE",
]
type FieldCode = OwnCode | WarningCode
"""The kinds of faults of fields. The pages have the words of each but INVALID, the kind of a rule
that has no kind of its own, in all their languages."""


@dataclass(frozen=True, slots=True)
class Problem:
    """The answer to a refused request.

    `errors`: the refused fields, each as `field_fault` writes it.
    `members`: more members, which only some problems have, by their names on the wire.
    """

    status: int
    title: str
    detail: str | None = None
    errors: tuple[dict[str, str], ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    trace_id: str | None = None
    members: Mapping[str, str] = field(default_factory=dict)
    media_type: ClassVar[str] = PROBLEM_TYPE

    def body(self) -> bytes:
        """Return the problem as JSON."""
        members: dict[str, Any] = {
            "detail": self.detail,
            "status": self.status,
            "title": self.title,
            "errors": self.errors,
            "trace_id": self.trace_id,
            **self.members,
        }
        return orjson.dumps({name: value for name, value in members.items() if value})


@dataclass(frozen=True, slots=True)
class GatewayRefusal:
    """A refusal whose body has both IO's gateway form and the members of a problem.

    Clients of IO read `statusCode` and `message`, others read a problem's members.
    """

    status: int
    title: str
    message: str
    headers: Mapping[str, str] = field(default_factory=dict)
    errors: tuple[dict[str, str], ...] = ()
    media_type: ClassVar[str] = PROBLEM_TYPE

    def body(self) -> bytes:
        """Return the refusal as JSON."""
        return orjson.dumps(
            {
                "statusCode": self.status,
                "message": self.message,
                "title": self.title,
                "status": self.status,
                "detail": self.message,
                **({"errors": self.errors} if self.errors else {}),
            }
        )


@dataclass(frozen=True, slots=True)
class TokenRefusal(Problem):
    """A refused request for tokens, whose member `error` clients read (RFC 6749, section 5.2).

    Clients of OAuth read it from JSON alone, so the media type is not that of a problem.
    """

    media_type: ClassVar[str] = "application/json"


def field_fault(pointer: str, detail: str, code: FieldCode = "INVALID") -> dict[str, str]:
    """Return the fault of a field. `detail`: the rule in words. `code`: its kind."""
    return {"pointer": pointer, "code": code, "detail": detail}


class RequestError(Exception):
    """The request cannot be read or validated. `problem`: the answer to it."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.title)
        self.problem = problem


def no_endpoint() -> GatewayRefusal:
    """Return the answer to a path that does not exist, in the gateway's words."""
    fault = field_fault("#/path", "is not a path of this API; see /openapi.json")
    return GatewayRefusal(404, "Not found", "Resource not found", errors=(fault,))


def wrong_method(method: str, allowed: Iterable[str]) -> GatewayRefusal:
    """Return the answer to a method that the path does not allow."""
    named = ", ".join(allowed)
    return GatewayRefusal(
        405,
        "Method not allowed",
        f"The path does not answer {method[:20]}; it answers {named}.",
        {"Allow": named},
    )


def encoded_body() -> Problem:
    """Return the answer to a compressed body, since a small body can unpack to gigabytes."""
    return Problem(
        415,
        "Unsupported media type",
        "Send the body as it is, without the header Content-Encoding.",
        headers={"Accept-Encoding": "identity"},
    )


def long_preferences(most: int) -> Problem:
    """Return the answer to a header `Prefer` that is too long."""
    rule = f"must have at most {most} characters"
    fault = field_fault("#/headers/Prefer", rule, "TOO_LONG")
    return Problem(400, "Invalid Prefer", f"Prefer {rule}", (fault,))


_AGAIN: Final = (
    "The request could not be completed now; send it again after the time in Retry-After."
)

_CRASHED: Final = "The fault is in the logs under the trace_id; name it when you report the fault."


def foreign_continuation(parameter: str = "continuation", member: str = "next") -> Problem:
    """Return the answer to a continuation that the API did not give out.

    `parameter`: the query parameter that has it. `member`: the member of an answer that gives it.
    """
    rule = f"must be the `{member}` of the page before"
    return Problem(
        400,
        "Invalid query parameters",
        f"{parameter} {rule}",
        (field_fault(f"#/query/{parameter}", rule),),
    )


def unavailable(retry_after: float | None, detail: str = _AGAIN) -> Problem:
    """Return the answer to a temporary outage. The client may send the same request again."""
    return Problem(503, "Service unavailable", detail, headers=_wait(retry_after))


def try_again(retry_after: float | None) -> Problem:
    """Return the answer to a temporary outage, for operations that IO's senders call.

    Their clients retry 429 and 500; one of them cancels the notice for good on a 503.
    """
    return Problem(429, "Too many requests", _AGAIN, headers=_wait(retry_after))


def _wait(seconds: float | None) -> dict[str, str]:
    """Return the header `Retry-After` in whole seconds, as clients expect it."""
    return {"Retry-After": str(max(1, math.ceil(seconds or 5)))}


def crashed(trace_id: str) -> Problem:
    """Return the answer to a fault of the app. It shows only the id of the fault in the logs.

    IO's answers have a detail, and a client of IO fails at a refusal without one.
    """
    return Problem(500, "Internal server error", _CRASHED, trace_id=trace_id)
