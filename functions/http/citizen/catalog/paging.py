"""The pages of the catalogue, and answers that a client need not download again."""

import hashlib
from collections.abc import Mapping
from typing import Annotated, Any, Final

from pydantic import BeforeValidator, Field, StringConstraints

from functions.http.contract.endpoint import Answer, Call
from lib.domain.shared.described import says
from lib.domain.shared.model import Model

BASE: Final = "/api/catalog/v1"
IF_NONE_MATCH: Final = "if-none-match"
SECONDS: Final = 300


def _digits(value: object) -> object:
    """Accept only digits, without the spaces and underscores that Python allows in numbers."""
    if isinstance(value, str) and not (value.isascii() and value.isdigit()):
        raise ValueError("must be a whole number")
    return value


KnownTag = Annotated[
    str,
    says("The ETag of the answer that you have; where it is the present one, the answer is 304."),
    StringConstraints(max_length=1024),
]
HEADERS: Final[Mapping[str, Any]] = {IF_NONE_MATCH: KnownTag}


class PageQuery(Model):
    """The page of a list."""

    limit: Annotated[
        int,
        BeforeValidator(_digits),
        Field(ge=1, le=100),
        says("How many entries a page has at most; 20 by default."),
    ] = 20
    offset: Annotated[
        int,
        BeforeValidator(_digits),
        Field(ge=0, le=100_000),
        says("How many entries to skip before the page; 0 by default."),
    ] = 0
    sessionId: Annotated[  # noqa: N815 - IO's name on the wire
        str | None,
        StringConstraints(min_length=1, max_length=1024),
        says("The session of the search. It has no effect, and is not stored."),
    ] = None


class Paged(Model):
    """The place of a page in its list."""

    offset: Annotated[int, says("How many entries were skipped before the page.")]
    limit: Annotated[int, says("How many entries the page may have at most.")]
    count: Annotated[int, says("How many entries the whole list has.")]


def answer(call: Call[Any, None, Any], body: Model) -> Answer:
    """Return the body with its tag, or 304 where the client has it."""
    digest = hashlib.sha256(body.model_dump_json(exclude_none=True).encode()).hexdigest()
    tag = f'"{digest[:32]}"'
    headers = {"ETag": tag, "Cache-Control": f"private, max-age={SECONDS}"}
    known = call.headers.get(IF_NONE_MATCH, "")
    if tag in {one.strip().removeprefix("W/") for one in known.split(",")}:
        return Answer(304, headers=headers)
    return Answer(200, body, headers)
