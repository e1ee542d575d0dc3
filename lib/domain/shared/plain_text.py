"""Clean text from senders: remove invisible characters, and escape markup."""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

_NO_TEXT: Final = {"Cc", "Cs"}
_REORDERING: Final = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
_PUNCTUATION: Final = re.compile(r"[!-/:-@\[-`{-~]")


_BLANK: Final = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
"""Invisible characters whose category is that of letters, marks or symbols."""


_SPACES: Final = re.compile(r"\s+")
_NO_BREAK: Final = frozenset("\u00a0\u202f")
"""The spaces that keep a number and its unit on one line."""


def shows_nothing(text: str) -> bool:
    """Tell whether the text has no visible character: only spaces and invisible characters."""
    if "!" <= text[:1] <= "~":
        return False
    return all(
        unicodedata.category(character)[0] in "CZ" or _BLANK.match(character) for character in text
    )


def one_line(text: str) -> str:
    """Return a sender's text as one line, without control and invisible characters.

    Characters that make text run backwards, and so change its meaning, are removed as well. A
    no-break space stays where it is the only space between two words. A text
    without visible characters becomes empty, so that the caller can use another text.
    """
    if shows_nothing(text):
        return ""
    if text.isprintable() and unicodedata.is_normalized("NFC", text):
        # a printable text has none of the characters below, and most texts are printable
        return " ".join(text.split())
    allowed = (
        character
        for character in unicodedata.normalize("NFC", text)
        if character.isspace()
        or not (
            unicodedata.category(character) in _NO_TEXT
            or unicodedata.bidirectional(character) in _REORDERING
        )
    )
    return _SPACES.sub(_one_space, "".join(allowed)).strip()


def _one_space(run: re.Match[str]) -> str:
    return run[0] if run[0] in _NO_BREAK else " "


def markdown_of(text: str) -> str:
    """Return a sender's plain text as markdown that shows it unchanged.

    Each line is a paragraph. The result has no link, image, heading, list or HTML: only ASCII
    punctuation has a meaning in markdown, and a backslash escapes it.
    """
    return "\n\n".join(_escaped_lines(text))


def inline_markdown_of(text: str) -> str:
    """Return a sender's plain text as markdown that shows it unchanged inside a paragraph.

    As `markdown_of`, but a line break stays a line break. Empty for a text that shows nothing.
    """
    if text.isprintable():
        # without line breaks
        return escaped(one_line(text))
    return "  \n".join(_escaped_lines(text))


def escaped(line: str) -> str:
    """Return a clean line as markdown that shows it unchanged."""
    return _PUNCTUATION.sub(r"\\\g<0>", line)


def _escaped_lines(text: str) -> Iterator[str]:
    for line in text.splitlines():
        if shown := one_line(line):
            yield escaped(shown)
