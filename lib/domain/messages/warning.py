"""Something in an accepted request that its sender probably did not mean."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SubmissionWarning:
    """A warning: where, by JSON pointer into the body or as `#/query/name`, and what is odd."""

    pointer: str
    detail: str
