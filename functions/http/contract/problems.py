"""Answers that refuse: problem+json (RFC 9457), and those of no domain error."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final

import orjson

PROBLEM_TYPE: Final = "application/problem+json"


@dataclass(frozen=True, slots=True)
class Problem:
    """An answer that refuses. `errors` name fields: `{"pointer": "/a/b", "detail": rule}`.

    `members` are what one kind of problem has besides, by their names on the wire.
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
    """A refusal in the form of IO's API gateway and in that of a problem, in one body.

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


class RequestError(Exception):
    """A request that is wrong in itself, with its answer."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.title)
        self.problem = problem


def no_endpoint() -> GatewayRefusal:
    """Return the answer to a path that nothing is at: the gateway's words, and where to look."""
    where = {"pointer": "#/path", "detail": "is no path of this API; /openapi.json has all of them"}
    return GatewayRefusal(404, "Not found", "Resource not found", errors=(where,))


def wrong_method(method: str, allowed: Iterable[str]) -> GatewayRefusal:
    """Return the answer to a method that the path does not have."""
    named = ", ".join(allowed)
    return GatewayRefusal(
        405,
        "Method not allowed",
        f"The path does not answer {method[:20]}; it answers {named}.",
        {"Allow": named},
    )


def encoded_body() -> Problem:
    """Return the answer to a compressed body: a small one can unpack to gigabytes."""
    return Problem(
        415,
        "Unsupported media type",
        "Send the body as it is, without the header Content-Encoding.",
        headers={"Accept-Encoding": "identity"},
    )


_AGAIN: Final = (
    "The request could not be completed now; send it again after the time in Retry-After."
)


def foreign_continuation() -> Problem:
    """Return the answer to a page that follows none of ours."""
    rule = "must be what `next` of the page before says"
    return Problem(
        400,
        "Invalid query parameters",
        f"continuation {rule}",
        ({"pointer": "#/query/continuation", "detail": rule},),
    )


def unavailable(retry_after: float | None) -> Problem:
    """Return the answer to a passing outage; the client may send the same again."""
    return Problem(503, "Service unavailable", _AGAIN, headers=_wait(retry_after))


def try_again(retry_after: float | None) -> Problem:
    """Return the answer to a passing outage of an operation that IO's senders call.

    Their clients retry 429 and 500; one of them cancels the notice for good on a 503.
    """
    return Problem(429, "Too many requests", _AGAIN, headers=_wait(retry_after))


def _wait(seconds: float | None) -> dict[str, str]:
    """Return the header with whole seconds, which a client reads as an integer."""
    return {"Retry-After": str(max(1, math.ceil(seconds or 5)))}


def crashed(trace_id: str) -> Problem:
    """Return the answer to a fault of ours: nothing but the id that finds it in the logs."""
    return Problem(500, "Internal server error", trace_id=trace_id)
