"""The answers of endpoints, and how they become HTTP responses."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar, Final

import azure.functions as func
import orjson
from pydantic import BaseModel, WithJsonSchema

from functions.http.contract.problems import GatewayRefusal, Problem
from lib.domain.messages.content import Content

CONTENT_TYPE: Final = "content-type"
DESCRIBED_AS: Final = "x-described-as"
"""The key of a schema that names the model which describes the value in the OpenAPI document."""

StoredContent = Annotated[dict[str, Any], WithJsonSchema({DESCRIBED_AS: Content.__name__})]
"""The content of a message. The store holds validated content: an answer does not validate it."""


@dataclass(frozen=True, slots=True)
class File:
    """A body to download: bytes of the media type that the endpoint declares.

    `name`: the file name. It goes into a header, so it must not contain text that a sender wrote.
    """

    content: bytes
    media_type: str
    name: str


@dataclass(frozen=True, slots=True)
class Image:
    """A body that browsers show: bytes of the media type that the endpoint declares."""

    content: bytes
    media_type: str


@dataclass(frozen=True, slots=True)
class Text:
    """A body of plain text."""

    text: str
    media_type: ClassVar[str] = "text/plain"


@dataclass(frozen=True, slots=True)
class EntityStatement:
    """A signed statement of an entity about itself (OpenID Federation)."""

    token: str
    media_type: ClassVar[str] = "application/entity-statement+jwt"


@dataclass(frozen=True, slots=True)
class HtmlPage:
    """A body that a person reads in a browser: HTML without style or script (see host.json)."""

    html: str
    media_type: ClassVar[str] = "text/html; charset=utf-8"


@dataclass(frozen=True, slots=True)
class StoredJson:
    """A JSON body of stored values: the store holds validated values, so nothing validates them.

    `members`: those of the model that the endpoint declares, in its order, without absent ones.
    """

    members: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer of an endpoint.

    `nulls`: absent fields of the body are written as null. By default they are left out.
    `cookies`: a header `Set-Cookie` for each.
    """

    status: int
    body: BaseModel | StoredJson | File | Image | Text | EntityStatement | HtmlPage | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    nulls: bool = False
    cookies: tuple[str, ...] = ()


def success_response(
    answer: Answer, more_headers: Mapping[str, str], of_all: Mapping[str, str]
) -> func.HttpResponse:
    """Return the response to an accepted request; the answer's headers override the others.

    `of_all`: the headers that every answer has.
    """
    headers = {CONTENT_TYPE: "application/json"}
    match answer.body:
        case None:
            content = b""
        case StoredJson(members):
            content = orjson.dumps(members)
        case File(content, media_type, name):
            headers = {
                CONTENT_TYPE: media_type,
                "content-disposition": f'attachment; filename="{name}"',
            }
        case Image(content, media_type):
            headers = {CONTENT_TYPE: media_type}
        case Text(text):
            headers = {CONTENT_TYPE: Text.media_type}
            content = text.encode()
        case EntityStatement(token):
            headers = {CONTENT_TYPE: EntityStatement.media_type}
            content = token.encode()
        case HtmlPage(html):
            headers = {CONTENT_TYPE: HtmlPage.media_type}
            content = html.encode()
        case model:
            content = model.__pydantic_serializer__.to_json(
                model, by_alias=True, exclude_none=not answer.nulls
            )
    headers = {**headers, **more_headers, **of_all, **answer.headers}
    response = func.HttpResponse(content, status_code=answer.status, headers=headers)
    for cookie in answer.cookies:
        response.headers.add("Set-Cookie", cookie)
    return response


def refusal_response(
    problem: Problem | GatewayRefusal, of_all: Mapping[str, str]
) -> func.HttpResponse:
    """Return the response to a refused request; `of_all`: the headers that every answer has."""
    return func.HttpResponse(
        problem.body(),
        status_code=problem.status,
        headers={CONTENT_TYPE: problem.media_type, **problem.headers, **of_all},
    )
