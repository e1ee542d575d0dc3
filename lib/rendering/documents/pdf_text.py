"""Text on a page: the embedded faces, the characters that they have, and line breaks."""

import unicodedata
from functools import cache
from importlib.resources import files
from typing import Final

from reportlab.pdfbase.pdfmetrics import registerFont, stringWidth
from reportlab.pdfbase.ttfonts import TTFont

from lib.domain.shared.plain_text import one_line

REGULAR: Final = "TitilliumWeb-Regular"
BOLD: Final = "TitilliumWeb-Bold"
_FOLDER: Final = files("fontpkg_titillium_web") / "files"


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
    plain = unicodedata.normalize("NFKD", character)
    if plain != character:
        return "".join(_replacement(part, face) for part in plain)
    return "?" if unicodedata.category(character)[0] in "LN" else ""


def lines_of(text: str, face: str, size: float, width: float) -> list[str]:
    """Break a text into lines at its spaces, or within a word that is wider than a line."""
    lines = [""]
    for word in shown(text, face).split():
        joined = f"{lines[-1]} {word}".lstrip()
        if stringWidth(joined, face, size) <= width:
            lines[-1] = joined
            continue
        if lines[-1]:
            lines.append("")
        for character in word:
            if stringWidth(lines[-1] + character, face, size) > width:
                lines.append("")
            lines[-1] += character
    return lines
