"""Requests for certificates in answers to services and citizens."""

from typing import Annotated, Any

from lib.domain.certificates.certificate_request import CertificateRequest, RequestStatus
from lib.domain.shared.described import says
from lib.domain.shared.identifiers import MessageIdField, ServiceId
from lib.domain.shared.model import Model


class RequestView(Model):
    """A request for a certificate."""

    id: Annotated[str, says("The id of the request.")]
    service_id: Annotated[ServiceId, says("The id of the service that is asked.")]
    certificate: Annotated[str, says("The name of the certificate at its service.")]
    title: Annotated[str, says("The title of the certificate at the time of the request.")]
    values: Annotated[dict[str, str], says("What the citizen wrote, by the names of the fields.")]
    status: Annotated[
        RequestStatus,
        says(
            "The status of the request. PENDING: it waits. ANSWERING: the answer is "
            "being sent. FULFILLED, REFUSED: it was answered by a message. WITHDRAWN: its citizen "
            "withdrew it. EXPIRED: the service did not answer in time."
        ),
    ]
    created_at: Annotated[str, says("When the citizen made the request: date and time in UTC.")]
    changed_at: Annotated[str, says("When its status changed last: date and time in UTC.")]
    expires_at: Annotated[
        str, says("When the request expires without an answer: date and time in UTC.")
    ]
    reason: Annotated[
        str | None, says("Why it was refused. Absent: it was not, or the reason was not told.")
    ] = None
    message_id: Annotated[
        MessageIdField | None,
        says("The id of the message with the answer, or about the expiry. Absent: there is none."),
    ] = None


def request_members(request: CertificateRequest) -> dict[str, Any]:
    """Return the members of a RequestView."""
    return {
        "id": request.id,
        "service_id": request.service_id,
        "certificate": request.certificate,
        "title": request.title,
        "values": dict(request.values),
        "status": request.status,
        "created_at": request.created_at,
        "changed_at": request.changed_at,
        "expires_at": request.expires_at,
        "reason": request.reason,
        "message_id": request.message_id,
    }
