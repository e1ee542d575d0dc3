"""The errors of the client: one for each kind of refusal, from the API's problem+json."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class FieldError:
    """A wrong field. `pointer`: a JSON pointer into the body, or `#/query/…`, `#/headers/…`.

    `code`: the kind of the rule; empty from an older API.
    """

    pointer: str
    detail: str
    code: str = ""


class RecapitoError(Exception):
    """A call that failed.

    `status`: of the answer, 0 without one. `title`: the kind of refusal. `detail`: the reason in
    words. `errors`: the wrong fields. `trace_id`: names the fault in the logs of the API.
    """

    def __init__(
        self,
        status: int,
        title: str,
        detail: str = "",
        errors: tuple[FieldError, ...] = (),
        trace_id: str | None = None,
    ) -> None:
        super().__init__(status, title, detail)
        self.status = status
        self.title = title
        self.detail = detail
        self.errors = errors
        self.trace_id = trace_id

    def __str__(self) -> str:
        """Return title and detail, each wrong field, and the id of the fault."""
        lines = [f"{self.title}: {self.detail}" if self.detail else self.title]
        lines += [f"  {one.pointer}: {one.detail}" for one in self.errors]
        if self.trace_id:
            lines.append(f"  trace_id: {self.trace_id}")
        return "\n".join(lines)


class NotReached(RecapitoError):
    """The API did not answer."""


class Refused(RecapitoError):
    """The request is wrong: 400, 413, 415 or 422."""


class NotAuthorized(RecapitoError):
    """The key is missing or is not the key of an active service: 401."""


class Forbidden(RecapitoError):
    """The key has no right to do this: 403."""


class NotFound(RecapitoError):
    """The thing does not exist, or is not the caller's: 404; or it is not kept any more: 410."""


class Conflict(RecapitoError):
    """The thing has another status or version than the request needs: 409 or 412."""


class RateLimited(RecapitoError):
    """Too many calls, or an outage for some seconds: 429. `retry_after`: in seconds."""

    retry_after: float | None = None


class ServerFailed(RecapitoError):
    """The API has a fault or an outage: 500 and above."""


_BY_STATUS: Mapping[int, type[RecapitoError]] = {
    401: NotAuthorized,
    403: Forbidden,
    404: NotFound,
    409: Conflict,
    410: NotFound,
    412: Conflict,
    429: RateLimited,
}
_SERVER = 500


def error_of(status: int, body: Any, retry_after: float | None = None) -> RecapitoError:
    """Return the error of an answer. `body`: as JSON, or None where it is none."""
    members: Mapping[str, Any] = body if isinstance(body, dict) else {}
    listed = members.get("errors")
    kind = _BY_STATUS.get(status, ServerFailed if status >= _SERVER else Refused)
    error = kind(
        status,
        str(members.get("title") or f"HTTP {status}"),
        str(members.get("detail") or ""),
        tuple(
            FieldError(str(one.get("pointer", "")), str(one.get("detail", "")))
            for one in (listed if isinstance(listed, list) else ())
            if isinstance(one, dict)
        ),
        members.get("trace_id"),
    )
    if isinstance(error, RateLimited):
        error.retry_after = retry_after
    return error
