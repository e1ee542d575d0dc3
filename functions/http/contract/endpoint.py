"""The contract of an endpoint: one declaration gives trigger, validation, problems and OpenAPI."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import azure.functions as func
from pydantic import BaseModel, TypeAdapter

from functions.http.callers.access_log import Logs, LogsNothing, note
from functions.http.callers.head import Head, client_address
from functions.http.callers.keys import count_size
from functions.http.callers.vouchers import checked_evidence, with_evidence
from functions.http.contract import cross_origin, problems
from functions.http.contract.answers import (
    Answer,
    File,
    HtmlPage,
    refusal_response,
    success_response,
)
from functions.http.contract.call import Body, Call
from functions.http.contract.decoding import (
    refuse_unknown,
    type_names,
    unknown_fields,
    unknown_parameters,
    validate,
)
from functions.http.contract.policies import Citizens, Policy
from functions.http.contract.prefer import (
    MOST_PREFERENCES,
    PREFER,
    WARNINGS_HEADER,
    Include,
    applied,
    included,
    wants_strict,
)
from functions.http.contract.problems import GatewayRefusal, Problem, RequestError
from functions.http.problems import answer_to
from lib import telemetry
from lib.composition.app import App
from lib.domain.messages.checks.warning import SubmissionWarning
from lib.domain.parties.admission import Admission
from lib.domain.services.service import Sender
from lib.domain.shared.errors import DomainError
from lib.domain.shared.identifiers import MessageId
from lib.ports.errors import ContinuationError, UnavailableError

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

MESSAGE_ID: Final = "id"
"""The parameter of a path that names a message of the inbox."""
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
    def _query_adapter(self) -> TypeAdapter[Q]:
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
        with app.telemetry.request(self.name, self.method, self.path, request.headers) as run:
            head = Head(request.headers, request.params, method=request.method, url=request.url)
            head.answer_headers.update(cross_origin.for_answer(self.tag, request.headers))
            answer = await self._answer(request, head, app)
            run.answered(answer.status_code)
            return answer

    async def _answer(self, request: func.HttpRequest, head: Head, app: App) -> func.HttpResponse:
        problem: Problem | GatewayRefusal
        try:
            call = await self._call(request, head, app)
            answer = await self._done(call)
            await note(self.logs, _admission(self.policy), call, answer.body)
            return success_response(answer, _request_headers(call), head.answer_headers)
        except DomainError as error:
            problem = answer_to(error)
        except RequestError as error:
            problem = error.problem
        except ContinuationError:
            problem = problems.foreign_continuation()
        except UnavailableError as error:
            problem = self.outage(error.retry_after)
        except Exception as error:  # noqa: BLE001 - an error that gets here is a fault of the app
            problem = problems.crashed(telemetry.report(error, self.name))
        return refusal_response(problem, head.answer_headers)

    async def _done(self, call: Call[C, B, Q]) -> Answer:
        """Return the handler's answer, with an entry of the operators' log around a change."""
        if self.records is None:
            return await self.handler(call)
        from functions.http.callers.operators_log import recorded  # noqa: PLC0415 - few use it

        return await recorded(self.records, self.name, call, self.handler)

    async def _call(self, request: func.HttpRequest, head: Head, app: App) -> Call[C, B, Q]:
        headers = head.headers
        caller = await self.policy.authenticate(app, head)
        evidence = None
        if head.voucher is not None:
            evidence = await checked_evidence(app, head.voucher, headers, request.get_body())
        # B is None where no body is declared
        nothing: tuple[Any, Any] = None, None
        sent, body = self.body.read(request, is_ours=self.is_ours) if self.body else nothing
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
        if head.kept is not None:
            await app.inbox.keep_to_services(head.kept, MessageId(path[MESSAGE_ID]))
        if self.size is not None and isinstance(caller, Sender):
            await count_size(app, head, caller, self.size(body))
        prefer = headers.get(PREFER)
        reads = self.includes or self.has_strict_mode
        if reads and prefer and len(prefer) > MOST_PREFERENCES:
            raise RequestError(problems.long_preferences(MOST_PREFERENCES))
        includes = included(prefer, self.includes)
        query_string = urlsplit(request.url).query if self.takes_rest else ""
        warnings = self._unknown(sent, body, {} if self.takes_rest else request.params)
        is_strict = self.has_strict_mode and wants_strict(prefer)
        if evidence is not None:
            caller = await with_evidence(app, caller, evidence, self.name, head.answer_headers)
        return Call(
            app,
            caller,
            body,
            query,
            path,
            read,
            warnings,
            includes,
            sent,
            is_strict,
            query_string,
            is_head=head.method == "HEAD",
        )

    def _unknown(self, sent: Any, body: B, params: Mapping[str, str]) -> list[SubmissionWarning]:
        """Return a warning for each name in the request that the endpoint does not know.

        Raises: RequestError (400) if the endpoint is ours and a name is unknown.
        """
        parameters = unknown_parameters(params, self.query) if params else []
        if self.is_ours:
            refuse_unknown(parameters, "query parameters")
        fields = unknown_fields(sent, type(body)) if isinstance(body, BaseModel) else []
        if self.is_ours and self.body:
            refuse_unknown(fields, self.body.name)
        return fields + parameters

    def _text(self, name: str, value: str) -> str:
        adapter = self._text_adapters[name]
        (io_name,) = type_names(_annotations(adapter), name)
        place = f"headers/{name.title()}" if name in self.headers else f"path/{name}"
        return validate(adapter, value, name=io_name, place=f"#/{place}")


type AnyEndpoint = Endpoint[Any, Any, Any]


def _admission(policy: Any) -> Admission | None:
    """Return what an endpoint of citizens says about delegates."""
    return policy.delegates if isinstance(policy, Citizens) else None


def _annotations(adapter: TypeAdapter[Any]) -> tuple[Any, ...]:
    annotations: tuple[Any, ...] = getattr(adapter._type, "__metadata__", ())  # noqa: SLF001
    return annotations


def _request_headers(call: Call[Any, Any, Any]) -> dict[str, str]:
    """Return the headers with the number of warnings and the names of the added members."""
    count = {WARNINGS_HEADER: str(len(call.warnings))} if call.warnings else {}
    return {**count, **applied(call.includes, is_strict=call.is_strict)}
