"""How the API answers the errors of certificates."""

from typing import Any, Final

from functions.http.contract.problem_row import Row, field_error
from lib.domain.certificates.certificate_request import MOST_IN_A_DAY
from lib.domain.certificates.errors import (
    AnswerBegunError,
    AnswerWithoutFileError,
    CertificateNotFoundError,
    CertificateRequestNotFoundError,
    CertificateRequestStateError,
    RequestOpenError,
    TooManyCertificatesError,
    TooManyRequestsError,
    WrongValueError,
)
from lib.domain.certificates.offer import MOST_OFFERS

_FILES: Final = "has at least one file for FULFILLED, and none for REFUSED"

PROBLEMS: Final[tuple[Row[Any], ...]] = (
    Row(
        CertificateNotFoundError,
        404,
        "Certificate not found",
        "The service offers no certificate of this name.",
    ),
    Row(
        TooManyCertificatesError,
        400,
        "Too many certificates",
        f"A service may offer {MOST_OFFERS} certificates: remove one first.",
    ),
    Row(
        CertificateRequestNotFoundError,
        404,
        "Request not found",
        "There is no request with this id that you may see.",
    ),
    Row(
        CertificateRequestStateError,
        409,
        "Request in another status",
        lambda error: f"The request is {error.status}.",
        samples=(CertificateRequestStateError("WITHDRAWN"),),
    ),
    Row(
        AnswerBegunError,
        409,
        "Another answer begun",
        "Another answer to this request is being sent. Send that one again, or try in two hours.",
    ),
    Row(
        RequestOpenError,
        409,
        "Request open",
        "You have an open request for this certificate, with other values: withdraw it first.",
    ),
    Row(
        TooManyRequestsError,
        429,
        "Too many requests for certificates",
        f"You may make {MOST_IN_A_DAY} requests in 24 hours: try again tomorrow.",
    ),
    Row(
        WrongValueError,
        400,
        "Wrong value",
        lambda error: f"/values/{error.name}: {error.detail}",
        lambda error: field_error(f"/values/{error.name}", error.detail),
        samples=(WrongValueError("motivo", "is required"),),
    ),
    Row(
        AnswerWithoutFileError,
        400,
        "Wrong files",
        f"/attachments: {_FILES}",
        field_error("/attachments", _FILES),
    ),
)
