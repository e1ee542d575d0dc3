"""How the API answers the errors of operations."""

from typing import Any, Final

from functions.http.contract.problem_row import Row, field_error
from lib.domain.operations.errors import DeadLetterNotFoundError, QueueNotFoundError

PROBLEMS: Final[tuple[Row[Any], ...]] = (
    Row(
        DeadLetterNotFoundError,
        404,
        "Dead letter not found",
        "There is no dead letter of this id on this queue.",
    ),
    Row(
        QueueNotFoundError,
        404,
        "Queue not found",
        lambda error: f"There is no queue of this name; the queues are {', '.join(error.known)}.",
        lambda error: field_error("#/path/queue", f"must be one of {', '.join(error.known)}"),
        samples=(QueueNotFoundError(("a-queue",)),),
    ),
)
