"""Foreign text without what no reader sees, and without what a renderer would take for markup."""

import re
import unicodedata
from typing import Final

_NO_TEXT: Final = {"Cc", "Cs"}
_REORDERING: Final = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
_PUNCTUATION: Final = re.compile(r"[!-/:-@\[-`{-~]")


_BLANK: Final = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
"""Characters that show nothing although their category is that of letters, marks or symbols."""


def shows_nothing(text: str) -> bool:
    """Tell whether a reader sees nothing of the text: spaces and invisible characters alone."""
    return all(
        unicodedata.category(character)[0] in "CZ" or _BLANK.match(character) for character in text
    )


def one_line(text: str) -> str:
    """Return a sender's text as one line, without what no reader sees.

    That is control characters, and those that make text run backwards and so mean something else.
    A text that shows nothing becomes empty, so that its user can put other words in its place.
    """
    if shows_nothing(text):
        return ""
    seen = (
        character
        for character in unicodedata.normalize("NFC", text)
        if character.isspace()
        or not (
            unicodedata.category(character) in _NO_TEXT
            or unicodedata.bidirectional(character) in _REORDERING
        )
    )
    return " ".join("".join(seen).split())


def markdown_of(text: str) -> str:
    """Return a sender's plain text as markdown that shows it letter by letter.

    Each line is a paragraph. Neither link, image, heading, list nor HTML can come of it: whatever
    markdown gives a meaning is ASCII punctuation, and may stand behind a backslash.
    """
    lines = (one_line(line) for line in text.splitlines())
    return "\n\n".join(_PUNCTUATION.sub(r"\\\g<0>", line) for line in lines if line)
