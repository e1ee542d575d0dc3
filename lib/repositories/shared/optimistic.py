"""Read, change and conditionally write a document that other calls may change meanwhile."""

from collections.abc import Awaitable, Callable
from typing import Final

from lib.ports.errors import (
    ConflictError,
    NotFoundError,
    PreconditionFailedError,
    UnavailableError,
)

MAX_ATTEMPTS: Final = 8
"""The most attempts. A failed attempt means that the write of another call succeeded."""


async def until_written[T](subject: str, attempt: Callable[[], Awaitable[T]]) -> T:
    """Return the result of `attempt`, and call it again while another write comes first.

    `attempt` reads the document again each time, and does not catch ConflictError, NotFoundError
    and PreconditionFailedError of its write. `subject` names the document's kind in the error.
    Raises: UnavailableError after MAX_ATTEMPTS; other errors of `attempt`.
    Concurrency: the attempts have no pause, since one of the writers succeeds each time.
    """
    for _ in range(MAX_ATTEMPTS):
        try:
            return await attempt()
        except (ConflictError, NotFoundError, PreconditionFailedError):
            continue
    raise UnavailableError(f"{subject} is being changed too often", retry_after=1)
