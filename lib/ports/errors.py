"""The errors a port may raise. Adapters map every engine's own errors to these."""


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


class UnavailableError(PortError):
    """A passing failure: throttled, away, timed out. The write may or may not have happened.

    `retry_after`: seconds the engine asks to wait, None when it did not say.
    """

    def __init__(self, message: str, *, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after
