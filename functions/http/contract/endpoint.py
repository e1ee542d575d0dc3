"""The contract of an endpoint: one declaration gives trigger, validation, problems and OpenAPI."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

import azure.functions as func
from pydantic import BaseModel, TypeAdapter

from functions.http.contract import cross_origin, problems
from functions.http.contract.answers import Answer, File, HtmlPage, answered, refused
from functions.http.contract.decoding import (
    refuse_unknown,
    type_names,
    unknown_fields,
    unknown_parameters,
    validate,
)
from functions.http.contract.json_body import decode_json
from functions.http.contract.policies import Policy, client_address
from functions.http.contract.prefer import PREFER, WARNINGS_HEADER, Include, applied, included
from functions.http.contract.problems import Problem, RequestError
from functions.http.problems import answer_to
from lib import telemetry
from lib.composition.app import App
from lib.domain.messages.warning import SubmissionWarning
from lib.domain.shared.errors import DomainError
from lib.ports.errors import ContinuationError, UnavailableError

__all__ = (
    "Answer",
    "AnyEndpoint",
    "Body",
    "Call",
    "Endpoint",
    "File",
    "HtmlPage",
    "refused",
)

DEFAULT_BODY_LIMIT: Final = 64 * 1024
UNREAD_BODY_LIMIT: Final = 8 * 1024
"""Of an endpoint that reads no body: a form, such as mail programs send to unsubscribe."""


@dataclass(frozen=True, slots=True)
class Body[B]:
    """The body that an endpoint reads: a pydantic type, a name for refusals, a limit in bytes.

    With a `title` of its own an invalid body is refused under it, in the style of IO's messages.
    `example` is a valid body for the API's description; a test refuses a body without one.
    """

    type: Any
    name: str
    title: str | None = None
    limit: int = DEFAULT_BODY_LIMIT
    example: Mapping[str, Any] | None = None


@dataclass(slots=True)
class Call[C, B, Q]:
    """One authenticated, validated call.

    `warnings` may be added to until the answer is built: their number is in a header of every
    success. `includes`: the members of ours that the caller asked for, see prefer.py. `sent` is
    the body as it was before its validation.
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


@dataclass(frozen=True)
class Endpoint[C, B, Q]:
    """An endpoint; `name` is the Azure function's, `path` has `{parameters}` declared beside it.

    `answers` maps each success status to its model, the media type of a file, or None for an
    empty body; `refusals` are the domain errors the handler may raise, beside the policy's own.
    `headers` are the optional request headers it reads, with the type each must have. `includes`
    are the members of ours that its answers have only where the header `Prefer` asks for them.
    `outage` builds the answer to a passing one from the seconds to wait, where they are known.
    `is_ours`: not an operation of IO, so names that it does not know are refused, not ignored.
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
    description: str = ""

    @cached_property
    def _body_adapter(self) -> TypeAdapter[B]:
        return TypeAdapter(self.body.type if self.body else None)

    @cached_property
    def _query_adapter(self) -> TypeAdapter[Q]:
        query: Any = self.query
        return TypeAdapter(query)

    @cached_property
    def _text_adapters(self) -> Mapping[str, TypeAdapter[str]]:
        types = {**self.parameters, **self.headers}
        return {name: TypeAdapter(type_) for name, type_ in types.items()}

    @property
    def methods(self) -> tuple[func.HttpMethod, ...]:
        """The methods it answers; the platform's server leaves out the body where it is HEAD."""
        method = func.HttpMethod(self.method)
        return (method, func.HttpMethod.HEAD) if method is func.HttpMethod.GET else (method,)

    @property
    def body_limit(self) -> int:
        """Bytes that a request's body may have, whether it is read or not."""
        return self.body.limit if self.body else UNREAD_BODY_LIMIT

    def register(self, functions: func.FunctionApp, app: App) -> None:
        """Add the HTTP trigger to the Functions app."""

        async def handle(req: func.HttpRequest) -> func.HttpResponse:
            return await self.respond(req, app)

        handle.__name__ = self.name
        functions.function_name(self.name)(
            functions.route(
                route=self.path.removeprefix("/"),
                methods=self.methods,
                auth_level=func.AuthLevel.ANONYMOUS,
            )(handle)
        )

    async def respond(self, request: func.HttpRequest, app: App) -> func.HttpResponse:
        """Answer one request; nothing is raised."""
        with app.telemetry.request(self.name, self.method, self.path, request.headers) as run:
            answer = await self._answer(request, app)
            answer.headers.update(cross_origin.for_answer(self.tag, request.headers))
            run.answered(answer.status_code)
            return answer

    async def _answer(self, request: func.HttpRequest, app: App) -> func.HttpResponse:
        try:
            call = await self._call(request, app)
            return answered(await self.handler(call), _said_besides(call))
        except DomainError as error:
            return refused(answer_to(error))
        except RequestError as error:
            return refused(error.problem)
        except ContinuationError:
            return refused(problems.foreign_continuation())
        except UnavailableError as error:
            return refused(self.outage(error.retry_after))
        except Exception as error:  # noqa: BLE001 - the last line: what gets here is a fault
            return refused(problems.crashed(telemetry.report(error, self.name)))

    async def _call(self, request: func.HttpRequest, app: App) -> Call[C, B, Q]:
        headers = request.headers
        caller = await self.policy.authenticate(app, headers)
        sent, body = self._decode_body(request)
        path = {
            name: self._text(name, request.route_params.get(name, "")) for name in self.parameters
        }
        read = {name: self._text(name, headers[name]) for name in self.headers if name in headers}
        query: Any = None
        if self.query is not None:
            query = validate(
                self._query_adapter,
                dict(request.params),
                name="query parameters",
                place="#/query",
            )
        self.policy.admit(
            caller,
            body,
            lambda: client_address(headers.get("x-forwarded-for"), app.settings.trusted_proxies),
        )
        includes = included(headers.get(PREFER), self.includes)
        warnings = self._unknown(sent, body, request.params)
        return Call(app, caller, body, query, path, read, warnings, includes, sent)

    def _unknown(self, sent: Any, body: B, params: Mapping[str, str]) -> list[SubmissionWarning]:
        """Return what the endpoint does not know of the request; refuse it where it is ours."""
        parameters = unknown_parameters(params, self.query) if params else []
        if self.is_ours:
            refuse_unknown(parameters, "query parameters")
        fields = unknown_fields(sent, type(body)) if isinstance(body, BaseModel) else []
        if self.is_ours and self.body:
            refuse_unknown(fields, self.body.name)
        return fields + parameters

    def _decode_body(self, request: func.HttpRequest) -> tuple[Any, B]:
        if self.body is None:
            return None, None  # type: ignore[return-value]  # B is None where no body is declared
        if request.headers.get("content-encoding", "identity").strip().lower() != "identity":
            raise RequestError(problems.encoded_body())
        value = decode_json(request.get_body(), self.body.limit)
        known = self.body.type
        if self.is_ours and isinstance(known, type) and issubclass(known, BaseModel):
            # before the rules: a field that is required may be missing for its misspelt name
            refuse_unknown(unknown_fields(value, known), self.body.name)
        return value, validate(
            self._body_adapter, value, name=self.body.name, title=self.body.title
        )

    def _text(self, name: str, value: str) -> str:
        adapter = self._text_adapters[name]
        (io_name,) = type_names(_annotations(adapter), name)
        place = f"headers/{name.title()}" if name in self.headers else f"path/{name}"
        return validate(adapter, value, name=io_name, place=f"#/{place}")


type AnyEndpoint = Endpoint[Any, Any, Any]


def _annotations(adapter: TypeAdapter[Any]) -> tuple[Any, ...]:
    annotations: tuple[Any, ...] = getattr(adapter._type, "__metadata__", ())  # noqa: SLF001
    return annotations


def _said_besides(call: Call[Any, Any, Any]) -> dict[str, str]:
    """Return the headers that tell of warnings and of the members that were asked for."""
    count = {WARNINGS_HEADER: str(len(call.warnings))} if call.warnings else {}
    return {**count, **applied(call.includes)}
