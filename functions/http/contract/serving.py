"""Answers a request by the declaration of its endpoint: who calls, what is sent, which answer."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import azure.functions as func
from pydantic import BaseModel

from functions.http.callers.access_log import note
from functions.http.callers.head import Head, client_address
from functions.http.callers.keys import count_size
from functions.http.callers.vouchers import checked_evidence, with_evidence
from functions.http.contract import cross_origin, problems
from functions.http.contract.answers import Answer, refusal_response, success_response
from functions.http.contract.call import Call
from functions.http.contract.decoding import (
    refuse_unknown,
    unknown_fields,
    unknown_parameters,
    validate,
)
from functions.http.contract.policies import Citizens
from functions.http.contract.prefer import (
    MOST_PREFERENCES,
    PREFER,
    WARNINGS_HEADER,
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
    from functions.http.contract.endpoint import AnyEndpoint, Endpoint

MESSAGE_ID: Final = "id"
"""The parameter of a path that names a message of the inbox."""


async def serve[C, B, Q](
    endpoint: "Endpoint[C, B, Q]", request: func.HttpRequest, app: App
) -> func.HttpResponse:
    """Answer one request. Every error becomes an answer."""
    with app.telemetry.request(
        endpoint.name, endpoint.method, endpoint.path, request.headers
    ) as run:
        head = Head(request.headers, request.params, method=request.method, url=request.url)
        head.answer_headers.update(cross_origin.for_answer(endpoint.tag, request.headers))
        answer = await _answer(endpoint, request, head, app)
        run.answered(answer.status_code)
        return answer


async def _answer[C, B, Q](
    endpoint: "Endpoint[C, B, Q]", request: func.HttpRequest, head: Head, app: App
) -> func.HttpResponse:
    problem: Problem | GatewayRefusal
    try:
        call = await _call(endpoint, request, head, app)
        answer = await _done(endpoint, call)
        await note(endpoint.logs, _admission(endpoint.policy), call, answer.body)
        return success_response(answer, _request_headers(call), head.answer_headers)
    except DomainError as error:
        problem = answer_to(error)
    except RequestError as error:
        problem = error.problem
    except ContinuationError:
        problem = problems.foreign_continuation()
    except UnavailableError as error:
        problem = endpoint.outage(error.retry_after)
    except Exception as error:  # noqa: BLE001 - an error that gets here is a fault of the app
        problem = problems.crashed(telemetry.report(error, endpoint.name))
    return refusal_response(problem, head.answer_headers)


async def _done[C, B, Q](endpoint: "Endpoint[C, B, Q]", call: Call[C, B, Q]) -> Answer:
    """Return the handler's answer, with an entry of the operators' log around a change."""
    if endpoint.records is None:
        return await endpoint.handler(call)
    from functions.http.callers.operators_log import recorded  # noqa: PLC0415 - few use it

    return await recorded(endpoint.records, endpoint.name, call, endpoint.handler)


async def _call[C, B, Q](
    endpoint: "Endpoint[C, B, Q]", request: func.HttpRequest, head: Head, app: App
) -> Call[C, B, Q]:
    headers = head.headers
    caller = await endpoint.policy.authenticate(app, head)
    evidence = None
    if head.voucher is not None:
        evidence = await checked_evidence(app, head.voucher, headers, request.get_body())
    # B is None where no body is declared
    nothing: tuple[Any, Any] = None, None
    sent, body = endpoint.body.read(request, is_ours=endpoint.is_ours) if endpoint.body else nothing
    path = {
        name: endpoint.text_of(name, request.route_params.get(name, ""))
        for name in endpoint.parameters
    }
    read = {
        name: endpoint.text_of(name, headers[name]) for name in endpoint.headers if name in headers
    }
    query: Any = None
    if endpoint.query is not None:
        query = validate(
            endpoint.query_adapter,
            dict(request.params),
            name="query parameters",
            place="#/query",
        )
    endpoint.policy.admit(
        caller,
        body,
        lambda: client_address(headers.get("x-forwarded-for"), app.settings.trusted_proxies),
    )
    if head.kept is not None:
        await app.inbox.keep_to_services(head.kept, MessageId(path[MESSAGE_ID]))
    if endpoint.size is not None and isinstance(caller, Sender):
        await count_size(app, head, caller, endpoint.size(body))
    prefer = headers.get(PREFER)
    reads = endpoint.includes or endpoint.has_strict_mode
    if reads and prefer and len(prefer) > MOST_PREFERENCES:
        raise RequestError(problems.long_preferences(MOST_PREFERENCES))
    includes = included(prefer, endpoint.includes)
    query_string = urlsplit(request.url).query if endpoint.takes_rest else ""
    warnings = _unknown(endpoint, sent, body, {} if endpoint.takes_rest else request.params)
    is_strict = endpoint.has_strict_mode and wants_strict(prefer)
    if evidence is not None:
        caller = await with_evidence(app, caller, evidence, endpoint.name, head.answer_headers)
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


def _unknown(
    endpoint: "AnyEndpoint", sent: Any, body: Any, params: Mapping[str, str]
) -> list[SubmissionWarning]:
    """Return a warning for each name in the request that the endpoint does not know.

    Raises: RequestError (400) if the endpoint is ours and a name is unknown.
    """
    parameters = unknown_parameters(params, endpoint.query) if params else []
    if endpoint.is_ours:
        refuse_unknown(parameters, "query parameters")
    fields = unknown_fields(sent, type(body)) if isinstance(body, BaseModel) else []
    if endpoint.is_ours and endpoint.body:
        refuse_unknown(fields, endpoint.body.name)
    return fields + parameters


def _admission(policy: Any) -> Admission | None:
    """Return what an endpoint of citizens says about delegates."""
    return policy.delegates if isinstance(policy, Citizens) else None


def _request_headers(call: Call[Any, Any, Any]) -> dict[str, str]:
    """Return the headers with the number of warnings and the names of the added members."""
    count = {WARNINGS_HEADER: str(len(call.warnings))} if call.warnings else {}
    return {**count, **applied(call.includes, is_strict=call.is_strict)}
