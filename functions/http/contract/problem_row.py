"""A row of a table of problems: one domain error, its answer, and a sample of the error."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from functions.http.contract.problems import FieldCode, GatewayRefusal, Problem, field_fault
from lib.domain.shared.errors import (
    DomainError,
    ForbiddenError,
    InvalidRequestError,
    LimitExceededError,
    ResourceNotFoundError,
    StateConflictError,
    UnauthenticatedError,
    UpstreamRefusalError,
)

STATUSES: Final[Mapping[type[DomainError], frozenset[int]]] = {
    InvalidRequestError: frozenset((400, 416, 422)),
    UnauthenticatedError: frozenset((401,)),
    ForbiddenError: frozenset((403,)),
    ResourceNotFoundError: frozenset((404, 410)),
    StateConflictError: frozenset((409, 412)),
    # IO answers 400 to an amount that is too high
    LimitExceededError: frozenset((400, 429)),
    # the status depends on the fault of the other system; IO passes on its refusals, and a 500
    UpstreamRefusalError: frozenset((400, 403, 404, 409, 415, 429, 500, 502, 503, 504)),
}
"""The statuses that the errors of each category may have."""

type FieldErrors = tuple[dict[str, str], ...]
type Computed[E, V] = V | Callable[[E], V]
"""A value, or a function that computes the value from the error."""


def field_error(pointer: str, detail: str, code: FieldCode = "INVALID") -> FieldErrors:
    """Return the problem's member `errors` for one field."""
    return (field_fault(pointer, detail, code),)


@dataclass(frozen=True, slots=True)
class Row[E: DomainError]:
    """How the API answers one domain error.

    `errors`, `headers` and `members`: see `Problem`. `form`: the class of the answer.
    `samples`: one error for each status of the row, for the OpenAPI document. They may be left out
    if the error takes no arguments.
    """

    error: type[E]
    status: Computed[E, int]
    title: Computed[E, str]
    detail: Computed[E, str | None]
    errors: Computed[E, FieldErrors] = ()
    headers: Computed[E, Mapping[str, str]] = field(default_factory=dict)
    members: Computed[E, Mapping[str, str]] = field(default_factory=dict)
    form: Callable[..., Problem | GatewayRefusal] = Problem
    samples: tuple[E, ...] = ()

    def answer(self, error: E) -> Problem | GatewayRefusal:
        """Return the answer to the error."""
        optional = {
            "errors": _value(error, self.errors),
            "headers": _value(error, self.headers),
            "members": _value(error, self.members),
        }
        return self.form(
            _value(error, self.status),
            _value(error, self.title),
            _value(error, self.detail),
            **{name: value for name, value in optional.items() if value},
        )

    def sample_answers(self) -> Iterable[Problem | GatewayRefusal]:
        """Return an answer for each status that the row can have."""
        return [self.answer(sample) for sample in self.samples or (self.error(),)]


def _value[E, V](error: E, value: Computed[E, V]) -> V:
    return value(error) if callable(value) else value
