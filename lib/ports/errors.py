"""The errors that a port may raise. Adapters map the errors of every engine to these.

They are not domain errors (`lib/domain/shared/errors.py`), and no caller of the API sees them.
"""

from typing import Final

MAX_RETRY_AFTER: Final = 86_400


class PortError(Exception):
    """Base of the errors of ports. Its text never has the content of a document."""


class NotFoundError(PortError):
    """The document, blob or queue item does not exist (Cosmos 404)."""


class ConflictError(PortError):
    """The partition already has a document with the id to create (Cosmos 409)."""


class PreconditionFailedError(PortError):
    """The ETag or the condition did not hold, and no document was written (Cosmos 412)."""


class LimitError(PortError):
    """A limit of the engine was exceeded: size, operations, characters (Cosmos 400, 413)."""


class ContinuationError(LimitError):
    """The continuation of the query does not come from the store."""


class UnavailableError(PortError):
    """A temporary failure: a limit of rate, an outage, a time-out. A write may have happened.

    `retry_after`: the seconds to wait, if the engine gives them. The number comes from outside: a
    number that is not finite and positive counts as None, and the maximum is a day.
    """

    def __init__(self, message: str, *, retry_after: float | None = None) -> None:
        super().__init__(message)
        waits = retry_after is not None and retry_after > 0
        self.retry_after = min(retry_after, MAX_RETRY_AFTER) if retry_after and waits else None
