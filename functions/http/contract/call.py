"""The body that an endpoint reads, as JSON or as a file, and the call that its handler gets."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, override

import azure.functions as func
from pydantic import BaseModel, TypeAdapter

from functions.http.callers.access_log import Found
from functions.http.contract import problems
from functions.http.contract.decoding import (
    refuse_unknown,
    refused_warnings,
    unknown_fields,
    validate,
)
from functions.http.contract.json_body import decode_json
from functions.http.contract.prefer import Include
from functions.http.contract.problems import Problem, RequestError
from lib.composition.app import App
from lib.domain.messages.checks.warning import SubmissionWarning

DEFAULT_BODY_LIMIT: Final = 64 * 1024
_NOT_ENCODED: Final = frozenset({"identity", "utf-8"})
"""Examples of PDND's clients name the character set as the encoding."""
_NO_TYPE: Final = "application/octet-stream"


@dataclass(frozen=True)
class Body[B]:
    """The body that an endpoint reads.

    `type`: a pydantic type. `name`: the name of the body in refusals. `limit`: bytes.
    `title`: the title of the refusal of an invalid body, whose detail then has the style of IO's
    messages endpoint. `example`: a valid body for the OpenAPI document; a test requires one.
    `is_optional`: an empty body stands for an object without members. `media_type`: the media type
    in the OpenAPI document; None for JSON.
    """

    type: Any
    name: str
    title: str | None = None
    limit: int = DEFAULT_BODY_LIMIT
    example: Mapping[str, Any] | None = None
    is_optional: bool = False
    media_type: str | None = None

    @cached_property
    def _adapter(self) -> TypeAdapter[B]:
        return TypeAdapter(self.type)

    def read(self, request: func.HttpRequest, *, is_ours: bool) -> tuple[Any, B]:
        """Return the body of a request as it was sent, and validated.

        Raises: RequestError (400, 413, 415). An unknown field is refused if the endpoint is ours.
        """
        content = plain_content(request)
        is_absent = self.is_optional and not content
        value = {} if is_absent else decode_json(content, self.limit)
        known = self.type
        if is_ours and isinstance(known, type) and issubclass(known, BaseModel):
            # checked before the rules, which would report a misspelt field as a missing one
            refuse_unknown(unknown_fields(value, known), self.name)
        return value, validate(self._adapter, value, name=self.name, title=self.title)


@dataclass(frozen=True, slots=True)
class UploadedFile:
    """The bytes of a file. `content_type`: the header as it was sent, with its parameters."""

    content: bytes
    content_type: str


@dataclass(frozen=True)
class FileBody(Body[UploadedFile]):
    """The body of an endpoint that reads a file. `example`: one for each of its media types."""

    media_types: tuple[str, ...] = ()

    @override
    def read(self, request: func.HttpRequest, *, is_ours: bool) -> tuple[Any, UploadedFile]:
        """Return the file. Raises: RequestError (413, 415)."""
        content = plain_content(request)
        content_type = request.headers.get("content-type", _NO_TYPE)
        if content_type.partition(";")[0].strip().lower() not in self.media_types:
            told = f"The Content-Type must be one of {', '.join(self.media_types)}."
            raise RequestError(Problem(415, "Unsupported media type", told))
        if len(content) > self.limit:
            told = f"The body may have at most {self.limit} bytes."
            raise RequestError(Problem(413, "Payload too large", told))
        return None, UploadedFile(content, content_type)


def plain_content(request: func.HttpRequest) -> bytes:
    """Return the octets of a body that is not compressed. Raises: RequestError (415)."""
    if request.headers.get("content-encoding", "identity").strip().lower() not in _NOT_ENCODED:
        raise RequestError(problems.encoded_body())
    return request.get_body()


@dataclass(slots=True)
class Call[C, B, Q]:
    """One authenticated, validated call.

    `warnings`: the handler may add to them; a header of every success has their number.
    `includes`: the members beyond IO's contract that the caller asked for, see prefer.py.
    `sent`: the body before its validation. `is_strict`: each warning refuses the request.
    `query_string`: the query as it was sent, for an endpoint that takes the rest of a path.
    `is_head`: the answer is sent without its body.
    `found`: the handler may set it, for the access log of a citizen whom the call does not name.
    """

    app: App
    caller: C
    body: B
    query: Q
    path: Mapping[str, str]
    headers: Mapping[str, str]
    warnings: list[SubmissionWarning]
    includes: tuple[Include, ...] = ()
    sent: Any = None
    is_strict: bool = False
    query_string: str = ""
    is_head: bool = False
    found: Found | None = None

    def warn(self, warnings: Iterable[SubmissionWarning]) -> None:
        """Add warnings. A handler with a strict mode calls this before it writes anything.

        Raises: RequestError (400) in the strict mode, if there is any warning.
        """
        self.warnings += warnings
        if self.is_strict and self.warnings:
            raise RequestError(refused_warnings(self.warnings))
