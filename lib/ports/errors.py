"""The errors a port may raise. Adapters map every engine's own errors to these."""

from typing import Final

MAX_RETRY_AFTER: Final = 86_400


class PortError(Exception):
    """Base of all errors below. Messages name containers and rules, never document contents."""


class NotFoundError(PortError):
    """No such document, blob or queue item (Cosmos 404)."""


class ConflictError(PortError):
    """`create` met an id that its partition already holds (Cosmos 409)."""


class PreconditionFailedError(PortError):
    """The ETag or the filter predicate did not hold; nothing was written (Cosmos 412)."""


class LimitError(PortError):
    """The engine's own limit was passed: size, operations, id characters (Cosmos 400, 413)."""


class ContinuationError(LimitError):
    """The continuation of a query is none that the store gave out."""


class UnavailableError(PortError):
    """A passing failure: throttled, away, timed out. The write may or may not have happened.

    `retry_after`: seconds the engine asks to wait, None when it did not say. The number comes from
    outside: what is no finite, positive number is taken for None, and a day is the most.
    """

    def __init__(self, message: str, *, retry_after: float | None = None) -> None:
        super().__init__(message)
        waits = retry_after is not None and retry_after > 0
        self.retry_after = min(retry_after, MAX_RETRY_AFTER) if retry_after and waits else None
