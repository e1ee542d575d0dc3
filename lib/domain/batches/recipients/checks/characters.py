"""Find text that was damaged on its way, by the characters in it."""

import re
from typing import Final, Literal

_AFTER_A_LEAD: Final = re.escape(bytes(range(0x80, 0xC0)).decode("cp1252", "ignore"))
_READ_TWICE: Final = re.compile(
    rf"\u00c3[{_AFTER_A_LEAD}]|\u00c2[\u00a0-\u00bf]|\u00e2\u20ac|\u00e2\u201a\u00ac"
)
"""UTF-8 that was read as Windows-1252, such as `NiccolÃ²`: no language has these pairs."""
_TWO_CHARACTERS: Final = (
    "looks like UTF-8 that was read in another encoding: an accented letter is two characters"
)
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


def is_plain(text: str) -> bool:
    """Tell at once that a text is not damaged. False: `damage` must look at it."""
    return text.isascii() and text.isprintable()


def damage(text: str) -> tuple[Literal["ENCODING", "CONTROL_CHARACTER"], str] | None:
    """Return the rule that the characters of a text break, and its words; None for sound text."""
    if "\ufffd" in text:
        return "ENCODING", "has bytes or characters that do not belong to the encoding of the file"
    if _READ_TWICE.search(text):
        return "ENCODING", _TWO_CHARACTERS
    if found := _CONTROL.search(text):
        return "CONTROL_CHARACTER", f"has the control character U+{ord(found[0]):04X}"
    return None
