"""Errors of operations."""

from lib.domain.shared.errors import ResourceNotFoundError


class DeadLetterNotFoundError(ResourceNotFoundError):
    """The dead letter does not exist."""


class QueueNotFoundError(ResourceNotFoundError):
    """The queue does not exist. `known`: the names of the queues that exist."""

    def __init__(self, known: tuple[str, ...]) -> None:
        super().__init__("no such queue")
        self.known = known
