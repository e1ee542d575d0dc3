"""Endpoints of certificates for citizens: see what may be asked for, ask, and follow."""

from typing import Annotated, Final

from pydantic import Field, StringConstraints

from functions.http.callers.access_log import LogsNothing
from functions.http.contract.endpoint import Answer, AnyEndpoint, Body, Call, Endpoint
from functions.http.contract.policies import Citizens
from functions.http.views.files.requests import RequestView, request_members
from lib.domain.certificates.certificate_request import CertificateRequest
from lib.domain.certificates.errors import (
    CertificateNotFoundError,
    CertificateRequestNotFoundError,
    CertificateRequestStateError,
    RequestOpenError,
    TooManyRequestsError,
    WrongValueError,
)
from lib.domain.certificates.offer import MOST_FIELDS, MOST_LENGTH, CertificateName, Offer
from lib.domain.identity.access import Access
from lib.domain.parties.admission import OWNER_ALONE
from lib.domain.shared.described import says
from lib.domain.shared.identifiers import ServiceId, ServiceIdField, UlidField
from lib.domain.shared.model import Model

OFFERS: Final = "/api/communication/v1/certificates"
PATH: Final = "/api/communication/v1/certificate-requests"
RequestIdField = Annotated[UlidField, says("The id of the request.")]


class OfferedCertificates(Model):
    """The certificates of a service."""

    items: Annotated[list[Offer], says("The certificates that may be asked for, by their names.")]


class NewRequest(Model):
    """A request for a certificate."""

    service_id: ServiceIdField
    certificate: CertificateName
    values: Annotated[
        dict[str, Annotated[str, StringConstraints(max_length=MOST_LENGTH)]],
        Field(max_length=MOST_FIELDS, default_factory=dict),
        says("The answers to the fields of the form, by their names. Absent: there are none."),
    ]


class RequestList(Model):
    """The requests of a citizen."""

    items: Annotated[list[RequestView], says("The latest requests, the latest first.")]


def _view(request: CertificateRequest) -> RequestView:
    return RequestView(**request_members(request))


async def _offers(call: Call[Access, None, None]) -> Answer:
    found = await call.app.certificates.offers.of_service(ServiceId(call.path["service_id"]))
    return Answer(200, OfferedCertificates(items=found))


async def _request(call: Call[Access, NewRequest, None]) -> Answer:
    asked = call.body
    request = await call.app.certificates.request(
        call.caller, asked.service_id, asked.certificate, asked.values
    )
    return Answer(201, _view(request))


async def _list(call: Call[Access, None, None]) -> Answer:
    found = await call.app.certificates.request.all(call.caller)
    return Answer(200, RequestList(items=[_view(one) for one in found]))


async def _withdraw(call: Call[Access, None, None]) -> Answer:
    return Answer(
        200, _view(await call.app.certificates.request.withdraw(call.caller, call.path["id"]))
    )


list_offered_certificates = Endpoint(
    name="list_offered_certificates",
    is_ours=True,
    method="GET",
    path=f"{OFFERS}/{{service_id}}",
    summary="List the certificates that a service offers",
    description="Each with the fields of its form. A service that offers none has an empty list.",
    tag="citizen",
    policy=Citizens(OWNER_ALONE),
    parameters={"service_id": ServiceIdField},
    handler=_offers,
    answers={200: OfferedCertificates},
)

request_certificate = Endpoint(
    name="request_certificate",
    is_ours=True,
    method="POST",
    path=PATH,
    summary="Request a certificate of a service",
    description=(
        "The service answers by a message, with the certificate or with the reason why not. You "
        "have one open request for each certificate: the same request again is answered with it. "
        "You may make 10 requests in 24 hours."
    ),
    tag="citizen",
    policy=Citizens(OWNER_ALONE),
    body=Body[NewRequest](
        NewRequest,
        name="NewRequest",
        example={
            "service_id": "sandbox-service",
            "certificate": "residenza",
            "values": {"motivo": "Iscrizione a un concorso"},
        },
    ),
    handler=_request,
    logs=LogsNothing("the list of requests shows it"),
    answers={201: RequestView},
    refusals=(CertificateNotFoundError, WrongValueError, RequestOpenError, TooManyRequestsError),
)

list_own_certificate_requests = Endpoint(
    name="list_own_certificate_requests",
    is_ours=True,
    method="GET",
    path=PATH,
    summary="List your requests for certificates",
    description="The latest hundred requests, with their statuses.",
    tag="citizen",
    policy=Citizens(OWNER_ALONE),
    handler=_list,
    answers={200: RequestList},
)

withdraw_certificate_request = Endpoint(
    name="withdraw_certificate_request",
    is_ours=True,
    method="DELETE",
    path=f"{PATH}/{{id}}",
    summary="Withdraw a request for a certificate",
    description=(
        "You can withdraw a request while it is PENDING; later the call is answered 409. The "
        "service sees that you withdrew it. A repeated call changes nothing."
    ),
    tag="citizen",
    policy=Citizens(OWNER_ALONE),
    parameters={"id": RequestIdField},
    handler=_withdraw,
    logs=LogsNothing("the list of requests shows it"),
    answers={200: RequestView},
    refusals=(CertificateRequestNotFoundError, CertificateRequestStateError),
)

ENDPOINTS: tuple[AnyEndpoint, ...] = (
    list_offered_certificates,
    request_certificate,
    list_own_certificate_requests,
    withdraw_certificate_request,
)
