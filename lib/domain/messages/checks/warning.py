"""A warning to a sender about an accepted request that is probably a mistake."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SubmissionWarning:
    """A warning: its place (a JSON pointer into the body, or `#/query/name`) and its text."""

    pointer: str
    detail: str
