"""Clean text from senders: remove invisible characters, and escape markup."""

import re
import unicodedata
from typing import Final

_NO_TEXT: Final = {"Cc", "Cs"}
_REORDERING: Final = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
_PUNCTUATION: Final = re.compile(r"[!-/:-@\[-`{-~]")


_BLANK: Final = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
"""Invisible characters whose category is that of letters, marks or symbols."""


def shows_nothing(text: str) -> bool:
    """Tell whether the text has no visible character: only spaces and invisible characters."""
    return all(
        unicodedata.category(character)[0] in "CZ" or _BLANK.match(character) for character in text
    )


def one_line(text: str) -> str:
    """Return a sender's text as one line, without control and invisible characters.

    Characters that make text run backwards, and so change its meaning, are removed as well. A text
    without visible characters becomes empty, so that the caller can use another text.
    """
    if shows_nothing(text):
        return ""
    allowed = (
        character
        for character in unicodedata.normalize("NFC", text)
        if character.isspace()
        or not (
            unicodedata.category(character) in _NO_TEXT
            or unicodedata.bidirectional(character) in _REORDERING
        )
    )
    return " ".join("".join(allowed).split())


def markdown_of(text: str) -> str:
    """Return a sender's plain text as markdown that shows it unchanged.

    Each line is a paragraph. The result has no link, image, heading, list or HTML: only ASCII
    punctuation has a meaning in markdown, and a backslash escapes it.
    """
    lines = (one_line(line) for line in text.splitlines())
    return "\n\n".join(_PUNCTUATION.sub(r"\\\g<0>", line) for line in lines if line)
