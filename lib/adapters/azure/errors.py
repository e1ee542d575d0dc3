"""Translate the SDKs' errors to port errors, by status and without the text of an answer."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import Final

import aiohttp
from azure.core.exceptions import AzureError, ClientAuthenticationError, HttpResponseError

from lib.ports.errors import (
    ConflictError,
    LimitError,
    NotFoundError,
    PortError,
    PreconditionFailedError,
    UnavailableError,
)

OPERATION_SECONDS: Final = 10
SUB_STATUS: Final = "x-ms-substatus"
_OWN: Final[dict[int, type[PortError]]] = {
    400: LimitError,
    404: NotFoundError,
    409: ConflictError,
    412: PreconditionFailedError,
    413: LimitError,
}
_PARTITION_FULL: Final = (403, "1014")
_ABSENT_FOR_NOW: Final = frozenset({"1002", "1003"})
"""Sub-statuses of a 404 that do not concern the document: a late replica, a missing container."""


@asynccontextmanager
async def answered(subject: str) -> AsyncIterator[None]:
    """Limit an operation's time, and raise the port's error in place of the SDK's.

    `subject` names the container, queue or service. The time includes opening a client, waiting for
    a connection, and the SDK's own retries.
    """
    try:
        async with asyncio.timeout(OPERATION_SECONDS):
            yield
    except AzureError as error:
        # the error's text may repeat the request, so the error must not be the cause
        raise translate(subject, error) from None
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise UnavailableError(f"{subject}: {type(error).__name__}") from None


def translate(subject: str, error: AzureError) -> PortError:
    """Return the port's error; UnavailableError for a fault that the caller did not cause."""
    identity = isinstance(error, ClientAuthenticationError)
    if identity or not isinstance(error, HttpResponseError) or not error.status_code:
        # an error of the identity has the status of the identity service
        return UnavailableError(f"{subject}: {type(error).__name__}")
    status, headers = error.status_code, _headers(error)
    sub_status = headers.get(SUB_STATUS, "")
    kind = _OWN.get(status)
    if (status, sub_status) == _PARTITION_FULL:
        return LimitError(f"{subject}: the partition is full")
    if kind is not None and not (status == HTTPStatus.NOT_FOUND and sub_status in _ABSENT_FOR_NOW):
        return refusal(subject, status)
    text = f"{subject}: the service answered {status}{sub_status and f' ({sub_status})'}"
    return UnavailableError(text, retry_after=retry_after(headers))


def refusal(subject: str, status: int) -> PortError:
    """Return the port's error for a status that is the caller's own fault."""
    return _OWN[status](f"{subject}: {_REASONS[status]}")


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Return the seconds that an answer asks to wait, by its headers in lower case."""
    for name, unit in (("x-ms-retry-after-ms", 0.001), ("retry-after", 1.0)):
        try:
            return float(headers[name]) * unit
        except (KeyError, ValueError):
            continue
    return None


_REASONS: Final = {
    400: "the service refuses the operation",
    404: "there is no such thing",
    409: "the id exists",
    412: "the ETag or the predicate did not hold",
    413: "it is too large",
}


def _headers(error: HttpResponseError) -> dict[str, str]:
    headers = getattr(error, "headers", None) or getattr(error.response, "headers", None) or {}
    return {name.lower(): str(value) for name, value in headers.items()}
