"""Endpoints of the requests for a service's certificates: read them, and answer them."""

from typing import Annotated, Final

from pydantic import Field

from functions.http.contract import problems
from functions.http.contract.endpoint import Answer, AnyEndpoint, Body, Call, Endpoint
from functions.http.pa.certificates.offers import WRITERS
from functions.http.parameters.values import DIGITS
from functions.http.views.files.requests import RequestView, request_members
from lib.domain.attachments.errors import AttachmentNotFoundError, AttachmentStateError
from lib.domain.certificates.certificate_request import CertificateRequest, RequestStatus
from lib.domain.certificates.errors import (
    AnswerBegunError,
    AnswerWithoutFileError,
    CertificateRequestNotFoundError,
    CertificateRequestStateError,
)
from lib.domain.certificates.request_answer import RequestAnswer
from lib.domain.organizations.errors import TrialCapError
from lib.domain.services.errors import ProductionForbiddenError, RecipientForbiddenError
from lib.domain.services.service import Sender
from lib.domain.shared.described import says
from lib.domain.shared.identifiers import FiscalCodeField, UlidField
from lib.domain.shared.model import Model

PATH: Final = "/api/v1/certificate-requests"
RequestIdField = Annotated[UlidField, says("The id of the request.")]
_EXAMPLE: Final = {
    "outcome": "FULFILLED",
    "subject": "Il tuo certificato di residenza",
    "markdown": "In allegato trovi il certificato di residenza che hai chiesto, firmato "
    "digitalmente dall'ufficiale d'anagrafe.",
    "attachments": ["01J0000000000000000000000A"],
}


class ReceivedRequest(RequestView):
    """A request for a certificate, with the citizen who made it."""

    fiscal_code: Annotated[FiscalCodeField, says("The citizen who made the request.")]


class RequestsQuery(Model):
    """The page to return."""

    status: Annotated[
        RequestStatus | None, says("Only requests in this status. Absent: all requests.")
    ] = None
    limit: Annotated[int, DIGITS, Field(ge=1, le=100), says("The most requests to return.")] = 20
    after: Annotated[
        UlidField | None, says("Only requests after this id: the `next` of the page before.")
    ] = None


class ReceivedRequestList(Model):
    """A page of requests."""

    items: Annotated[list[ReceivedRequest], says("The requests, the oldest first.")]
    next: Annotated[str | None, says("The start of the next page. Absent: there is none.")] = None


def received_view(request: CertificateRequest) -> ReceivedRequest:
    """Return a request as its service reads it."""
    return ReceivedRequest(**request_members(request), fiscal_code=request.fiscal_code)


async def _list(call: Call[Sender, None, RequestsQuery]) -> Answer:
    query, size = call.query, call.query.limit
    found = await call.app.certificates.answers.page(
        call.caller, size + 1, query.after, query.status
    )
    items = [received_view(one) for one in found[:size]]
    following = items[-1].id if len(found) > size else None
    return Answer(200, ReceivedRequestList(items=items, next=following))


async def _read(call: Call[Sender, None, None]) -> Answer:
    return Answer(
        200, received_view(await call.app.certificates.answers.read(call.caller, call.path["id"]))
    )


async def _answer(call: Call[Sender, RequestAnswer, None]) -> Answer:
    answered = await call.app.certificates.answers.answer(call.caller, call.path["id"], call.body)
    return Answer(200, received_view(answered))


list_certificate_requests = Endpoint(
    name="list_certificate_requests",
    is_ours=True,
    method="GET",
    path=PATH,
    summary="List the requests of citizens for your certificates",
    description=(
        "In the order in which they were made. A request leaves the list of `status=PENDING` when "
        "it is answered or withdrawn, or when its time is over. Requests are kept for a year after "
        "their last change. To learn of new and changed ones, follow "
        "`/api/v1/certificate-request-changes`."
    ),
    tag="sender",
    policy=WRITERS,
    query=RequestsQuery,
    handler=_list,
    answers={200: ReceivedRequestList},
)

read_certificate_request = Endpoint(
    name="read_certificate_request",
    is_ours=True,
    method="GET",
    path=f"{PATH}/{{id}}",
    summary="Read a request of a citizen for a certificate",
    description="With its status and what the citizen wrote.",
    tag="sender",
    policy=WRITERS,
    parameters={"id": RequestIdField},
    handler=_read,
    answers={200: ReceivedRequest},
    refusals=(CertificateRequestNotFoundError,),
)

answer_certificate_request = Endpoint(
    name="answer_certificate_request",
    is_ours=True,
    method="POST",
    path=f"{PATH}/{{id}}/answer",
    summary="Send the answer to a request for a certificate",
    description=(
        "The citizen gets a message, with the files of a fulfilment. Send the same answer again "
        "where you got none, at any time: it sends no second message. 409: the request was "
        "withdrawn, answered or has expired, another answer is being sent, or a file is not ready."
    ),
    tag="sender",
    policy=WRITERS,
    parameters={"id": RequestIdField},
    body=Body[RequestAnswer](
        RequestAnswer, name="RequestAnswer", limit=256 * 1024, example=_EXAMPLE
    ),
    handler=_answer,
    answers={200: ReceivedRequest},
    outage=problems.try_again,
    refusals=(
        CertificateRequestNotFoundError,
        CertificateRequestStateError,
        AnswerWithoutFileError,
        AttachmentNotFoundError,
        AttachmentStateError,
        AnswerBegunError,
        RecipientForbiddenError,
        ProductionForbiddenError,
        TrialCapError,
    ),
)

ENDPOINTS: tuple[AnyEndpoint, ...] = (
    list_certificate_requests,
    read_certificate_request,
    answer_certificate_request,
)
