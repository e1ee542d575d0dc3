"""The rules of a message's subject and text, in each of its languages."""

from typing import Final
from unicodedata import category

from lib.domain.shared.values import TextOf

SUBJECT_LENGTH: Final = TextOf(10, 120)
MARKDOWN_LENGTH: Final = TextOf(80, 10_000)


def one_line(subject: str) -> str:
    """Return the subject; raise ValueError for characters that a line of text cannot have."""
    for place, character in enumerate(subject, 1):
        if category(character) in {"Cc", "Zl", "Zp"}:
            msg = f"must be one line without control characters; character {place} is one"
            raise ValueError(msg)
    return subject
