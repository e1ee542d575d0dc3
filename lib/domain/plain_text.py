"""Foreign text made fit for one line."""

import unicodedata
from typing import Final

_NO_TEXT: Final = {"Cc", "Cs"}
_REORDERING: Final = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}


def one_line(text: str) -> str:
    """Return a sender's text as one line, without what no reader sees.

    That is control characters, and those that make text run backwards and so mean something else.
    """
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
