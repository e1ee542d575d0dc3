"""A warning to a sender about an accepted request that is probably a mistake."""

from dataclasses import dataclass
from typing import Literal

WarningCode = Literal[
    "CHECK_CHARACTER",
    "CHECK_DIGIT",
    "DUE_DATE_FAR",
    "DUE_DATE_PAST",
    "HELD_ASKED",
    "HELD_PAID",
    "IS_RECIPIENT",
    "MORE_UNKNOWN_FIELDS",
    "NOTICE_CHECK_DIGITS",
    "NOT_AN_AMOUNT",
    "NOT_A_DAY",
    "NOT_IN_TEMPLATE",
    "NO_FIRST_LANGUAGE",
    "NO_SECOND_LANGUAGE",
    "NO_ZONE",
    "ONE_BRACE",
    "PLACEHOLDER_MISSING",
    "SAME_AS_ITALIAN",
    "SHOWS_NOTHING",
    "UNKNOWN_FIELD",
    "UNKNOWN_PARAMETER",
    "VALUE_MISSING",
    "WRONG_LENGTH",
]
"""The kinds of warnings. The pages have the words of each in all their languages."""


@dataclass(frozen=True, slots=True)
class SubmissionWarning:
    """A warning: its place (a JSON pointer into the body, or `#/query/name`), kind and text."""

    pointer: str
    code: WarningCode
    detail: str
