"""The SDKs' errors as errors of the ports."""

from types import SimpleNamespace

import pytest
from azure.core.exceptions import (
    AzureError,
    ClientAuthenticationError,
    DecodeError,
    HttpResponseError,
    ServiceRequestError,
    ServiceResponseTimeoutError,
)
from azure.cosmos.exceptions import CosmosBatchOperationError, CosmosHttpResponseError

from lib.adapters.azure.errors import translate
from lib.ports.errors import (
    ConflictError,
    LimitError,
    NotFoundError,
    PortError,
    PreconditionFailedError,
    UnavailableError,
)

SECRET = "AAAAAA00A00A000A"

BATCH = CosmosBatchOperationError(0, {}, 409, SECRET, [])  # type: ignore[no-untyped-call]


def answer(status: int, **headers: str) -> AzureError:
    """Return the error of an answer that repeats the request."""
    response = SimpleNamespace(
        status_code=status, headers={k.replace("_", "-"): v for k, v in headers.items()}, reason=""
    )
    return CosmosHttpResponseError(message=SECRET, response=response)  # type: ignore[no-untyped-call]


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (answer(400), LimitError),
        (answer(401), UnavailableError),
        (answer(403), UnavailableError),
        (answer(403, x_ms_substatus="1014"), LimitError),
        (answer(404), NotFoundError),
        (answer(404, x_ms_substatus="1002"), UnavailableError),
        (answer(404, x_ms_substatus="1003"), UnavailableError),
        (answer(408), UnavailableError),
        (answer(409), ConflictError),
        (answer(410), UnavailableError),
        (answer(412), PreconditionFailedError),
        (answer(413), LimitError),
        (answer(429), UnavailableError),
        (answer(449), UnavailableError),
        (answer(500), UnavailableError),
        (answer(503), UnavailableError),
        (BATCH, ConflictError),
        (DecodeError(SECRET, response=SimpleNamespace(status_code=200, reason="")), None),
        (ServiceRequestError(SECRET), UnavailableError),
        (ServiceResponseTimeoutError(SECRET), UnavailableError),
        (HttpResponseError(SECRET), UnavailableError),
    ],
)
def test_an_answer_becomes_the_ports_error(
    error: AzureError, expected: type[PortError] | None
) -> None:
    """Status and sub-status decide; no text of the answer is in the error."""
    translated = translate("messages", error)

    assert type(translated) is (expected or UnavailableError)
    assert SECRET not in str(translated)


@pytest.mark.parametrize("status", [400, 401, 404, 409, 500])
def test_an_identity_that_cannot_be_had_is_an_outage(status: int) -> None:
    """The status of the identity's endpoint says nothing about a document."""
    response = SimpleNamespace(status_code=status, headers={}, reason="")

    error = ClientAuthenticationError(SECRET, response=response)

    assert type(translate("messages", error)) is UnavailableError


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [({"x_ms_retry_after_ms": "1500"}, 1.5), ({"retry_after": "3"}, 3.0), ({}, None)],
)
def test_how_long_to_wait_is_passed_on(headers: dict[str, str], seconds: float | None) -> None:
    """The time is in seconds, from each header that may have it."""
    translated = translate("messages", answer(429, **headers))

    assert isinstance(translated, UnavailableError)
    assert translated.retry_after == seconds
