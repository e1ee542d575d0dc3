"""Text on a page: the embedded faces, the characters that they have, and line breaks."""

import unicodedata
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from itertools import groupby
from typing import Final

from reportlab.pdfbase.pdfmetrics import registerFont, stringWidth
from reportlab.pdfbase.ttfonts import TTFont

from lib.domain.shared.plain_text import one_line

REGULAR: Final = "TitilliumWeb-Regular"
BOLD: Final = "TitilliumWeb-Bold"
_FOLDER: Final = files("fontpkg_titillium_web") / "files"

_NO_BREAK: Final = "\u00a0"
_NARROW_NO_BREAK: Final = "\u202f"

type Phrase = tuple[tuple[str, str], ...]
"""A text in parts, each with its language tag; "" is the language of the document."""


def plain(text: str) -> Phrase:
    """Return a text in the language of the document."""
    return ((text, ""),)


def said(phrase: Phrase) -> str:
    """Return the text of a phrase."""
    return " ".join(text for text, _ in phrase)


@cache
def glyphs(face: str) -> frozenset[int]:
    """Load a face, once per process, and return the code points that the face has."""
    font = TTFont(face, str(_FOLDER / f"{face}.ttf"))
    registerFont(font)
    return frozenset(font.face.charToGlyph)


def shown(text: str, face: str) -> str:
    """Return a sender's text on one line, in characters that the face has.

    A character that the face lacks is replaced by its plain characters (the ligature fi by f and
    i). Without plain characters, a letter or digit becomes `?`, and another sign is left out.
    """
    return one_line("".join(_replacement(character, face) for character in one_line(text)))


def _replacement(character: str, face: str) -> str:
    known = glyphs(face)
    if ord(character) in known:
        return character
    if character == _NARROW_NO_BREAK:
        return _NO_BREAK
    plain_form = unicodedata.normalize("NFKD", character)
    if plain_form != character:
        return "".join(_replacement(part, face) for part in plain_form)
    return "?" if unicodedata.category(character)[0] in "LN" else ""


def lines_of(phrase: Phrase, face: str, size: float, width: float) -> list[Phrase]:
    """Break a phrase into lines at its spaces, or within a word that is wider than a line.

    A no-break space is no place to break. A line has the parts of each language. Each
    word keeps the space after it, so that a screen
    reader does not join it to the first word of the next line.
    """
    lines: list[list[tuple[str, str]]] = [[]]
    used = 0.0
    for text, language in phrase:
        for piece in _pieces(text, face, size, width):
            if lines[-1] and used + stringWidth(piece.rstrip(), face, size) > width:
                lines.append([])
                used = 0
            lines[-1].append((piece, language))
            used += stringWidth(piece, face, size)
    if lines[-1]:
        last, language = lines[-1][-1]
        lines[-1][-1] = last.rstrip(), language
    return [
        tuple(
            ("".join(piece for piece, _ in pieces), language)
            for language, pieces in groupby(line, lambda part: part[1])
        )
        for line in lines
    ]


def _pieces(text: str, face: str, size: float, width: float) -> Iterator[str]:
    """Yield the words with a space after each one; of a word that is too wide, its parts."""
    for word in filter(None, shown(text, face).split(" ")):
        piece = ""
        for character in word:
            if piece and stringWidth(piece + character, face, size) > width:
                yield piece
                piece = ""
            piece += character
        yield f"{piece} "
