"""The contract of an endpoint: one declaration gives trigger, validation, problems and OpenAPI."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import azure.functions as func
from pydantic import BaseModel, TypeAdapter

from functions.http.callers.access_log import Logs, LogsNothing
from functions.http.contract import problems
from functions.http.contract.answers import Answer, File, HtmlPage, refusal_response
from functions.http.contract.call import Body, Call
from functions.http.contract.decoding import type_names, validate
from functions.http.contract.policies import Policy
from functions.http.contract.prefer import Include
from functions.http.contract.problems import Problem
from functions.http.contract.serving import serve
from lib.composition.app import App
from lib.domain.shared.errors import DomainError

if TYPE_CHECKING:
    from functions.http.callers.operators_log import Records

__all__ = (
    "Answer",
    "AnyEndpoint",
    "Body",
    "Call",
    "Endpoint",
    "File",
    "HtmlPage",
    "refusal_response",
)

UNREAD_BODY_LIMIT: Final = 8 * 1024
"""The limit in bytes of an endpoint that reads no body, such as a form of a mail program."""


@dataclass(frozen=True)
class Endpoint[C, B, Q]:
    """The declaration of one operation of the HTTP API.

    `name`: the name of the Azure function. `path`: the route; `parameters` has the type of each
    `{parameter}` in it. `headers`: the optional request headers, each with its type.
    `answers`: for each success status the model of the body, the media type of a file, or None
    for an empty body. `refusals`: the domain errors that the handler may raise; the policy names
    its own. `includes`: the members beyond IO's contract, which an answer has only if the header
    `Prefer` asks for them. `outage`: a function that returns the answer to a temporary outage; its
    argument is the seconds to wait, or None if they are not known. `is_ours`: the operation is not
    one of IO's, so an unknown name in a request is refused and not ignored. `has_strict_mode`:
    the header `Prefer` may ask that warnings refuse the request. `size`: a function that
    returns the number of calls for which a sender's request counts, by its body. `takes_rest`: the
    last parameter has the rest of the path, with its slashes, and the query may have any names;
    the handler gets it as it was sent. `changes`: a GET of a browser changes something, so there is
    no HEAD beside it.
    `logs`: what the access log of the citizen gets of an accepted call, or why nothing; None where
    no citizen is named, and for what a citizen reads of their own.
    `records`: what the operators' log gets of a call; each operator's endpoint that writes has it.
    """

    name: str
    method: str
    path: str
    summary: str
    tag: str
    policy: Policy[C]
    handler: Callable[[Call[C, B, Q]], Awaitable[Answer]]
    answers: Mapping[int, type[BaseModel] | str | None]
    parameters: Mapping[str, Any] = field(default_factory=dict)
    query: type[BaseModel] | None = None
    body: Body[B] | None = None
    headers: Mapping[str, Any] = field(default_factory=dict)
    includes: tuple[Include, ...] = ()
    refusals: tuple[type[DomainError], ...] = ()
    outage: Callable[[float | None], Problem] = problems.unavailable
    is_ours: bool = False
    has_strict_mode: bool = False
    size: Callable[[B], int] | None = None
    takes_rest: bool = False
    changes: bool = False
    logs: Logs | LogsNothing | None = None
    records: "Records | None" = None
    description: str = ""

    @cached_property
    def query_adapter(self) -> TypeAdapter[Q]:
        """The query is validated by this adapter."""
        query: Any = self.query
        return TypeAdapter(query)

    @cached_property
    def _text_adapters(self) -> Mapping[str, TypeAdapter[str]]:
        types = {**self.parameters, **self.headers}
        return {name: TypeAdapter(type_) for name, type_ in types.items()}

    @property
    def methods(self) -> tuple[func.HttpMethod, ...]:
        """The HTTP methods of the endpoint. In answers to HEAD the platform leaves out the body."""
        method = func.HttpMethod(self.method)
        has_head = method is func.HttpMethod.GET and not self.changes
        return (method, func.HttpMethod.HEAD) if has_head else (method,)

    @property
    def body_limit(self) -> int:
        """The largest body of a request, in bytes, whether the endpoint reads it or not."""
        return self.body.limit if self.body else UNREAD_BODY_LIMIT

    @property
    def entry(self) -> dict[str, Any]:
        """The entry of the endpoint in functions/index.json."""
        route = self.path.removeprefix("/")
        if self.takes_rest:
            begin, _, last = route.rpartition("{")
            route = f"{begin}{{*{last}"
        return {
            "name": self.name,
            "route": route,
            "methods": [method.value for method in self.methods],
            "body_limit": self.body_limit,
        }

    async def respond(self, request: func.HttpRequest, app: App) -> func.HttpResponse:
        """Answer one request. Every error becomes an answer."""
        return await serve(self, request, app)

    def text_of(self, name: str, value: str) -> str:
        """Return the valid value of a parameter of the path or of a header. Raise RequestError."""
        adapter = self._text_adapters[name]
        (io_name,) = type_names(_annotations(adapter), name)
        place = f"headers/{name.title()}" if name in self.headers else f"path/{name}"
        return validate(adapter, value, name=io_name, place=f"#/{place}")


type AnyEndpoint = Endpoint[Any, Any, Any]


def _annotations(adapter: TypeAdapter[Any]) -> tuple[Any, ...]:
    annotations: tuple[Any, ...] = getattr(adapter._type, "__metadata__", ())  # noqa: SLF001
    return annotations
