"""Decode the bytes of a CSV file, whose encoding is found while it is read.

No library finds the encoding: charset-normalizer takes two of five short lists of Italian names in
Windows-1252 for text of central Europe, so that `Niccolò` becomes another name, and every name
counts here.
"""

import codecs
import re
from typing import Final, NoReturn

from lib.domain.batches.recipients.problem import UnreadableError

_START: Final = 1024
"""The bytes that are read before anything else is decided."""
_WINDOW: Final = 65_536
"""The bytes from the first one beyond ASCII on that decide between UTF-8 and the code pages."""

_BOMS: Final = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CHARSETS: Final[dict[str, str | None]] = {
    "utf-8": "utf-8",
    # only its byte order mark tells the order of its bytes
    "utf-16": None,
    "utf-16-le": "utf-16-le",
    "utf-16-be": "utf-16-be",
    # as browsers do: no file has the control characters that make the difference
    "iso8859-1": "cp1252",
    "cp1252": "cp1252",
    "iso8859-15": "iso8859-15",
    "cp850": "cp850",
    "mac-roman": "mac-roman",
}
"""The encodings that a sender may name, with the ones that are used. ASCII names none, too."""
_NAMES: Final = {"cp1252": "Windows-1252", "cp850": "IBM850", "mac-roman": "Macintosh"}

_BEYOND_ASCII: Final = re.compile(rb"[\x80-\xff]")
_BEYOND_ASCII_TEXT: Final = re.compile(r"[^\x00-\x7f]")
_CAPITAL_AND_MARK: Final = re.compile(rb"[\xc8\xc9\xcc\xd2\xd9][\x85\x92-\x94\x96\xab\xbb]")
"""A capital letter in Windows-1252 with a quotation mark, dots or a dash, as in `CAFFÈ»`.

The two bytes are one character in UTF-8 too, but one that no name has.
"""
_AFTER_A_LETTER: Final = re.compile(rb"[A-Za-z][\x80-\xff]")
# the vowels of Italian in small and capital letters, and the letters of German
_ACCENTED: Final = bytes.fromhex("e0e8e9ecf2f9c0c8c9ccd2d9e4f6fcdf").decode("latin-1")
_EXPECTED: Final = {
    "cp1252": frozenset(_ACCENTED + "\u2019\u201d"),
    "cp850": frozenset(_ACCENTED),
    "mac-roman": frozenset(_ACCENTED),
}
"""The characters that follow a letter in names of Italy, for each code page."""
_TO_CORRECT: Final = "save the file as UTF-8 (in Excel: CSV UTF-8)"


class Decoder:
    """Decodes a stream of bytes. A byte that its encoding does not have becomes U+FFFD.

    The encoding is that of the byte order mark, or `charset`, which its sender named. Otherwise the
    text is ASCII until the first other byte; it and those after it tell UTF-8 from Windows-1252.
    """

    def __init__(self, charset: str | None = None) -> None:
        self.encoding = "ASCII"
        self._charset = charset
        self._kept = b""
        self._is_begun = False
        self._decoder: codecs.IncrementalDecoder | None = None

    def decode(self, data: bytes, *, is_last: bool = False) -> str:
        """Return the text of the next bytes, as far as it is known. Raise UnreadableError."""
        if self._decoder is not None:
            return self._decoder.decode(data, is_last)
        self._kept += data
        if not self._is_begun and len(self._kept) < _START and not is_last:
            return ""
        declared = None if self._is_begun else self._declared()
        self._is_begun = True
        if declared is not None:
            return self._decode_kept(declared, is_last=is_last)
        beyond = _BEYOND_ASCII.search(self._kept)
        text = self._take(beyond.start() if beyond else len(self._kept)).decode("ascii")
        if beyond is None or (len(self._kept) < _WINDOW and not is_last):
            return text
        return text + self._decode_kept(_encoding_of(self._kept[:_WINDOW]), is_last=is_last)

    def _declared(self) -> str | None:
        """Return the encoding of the byte order mark, or the one that the sender named."""
        for bom, encoding in _BOMS:
            if self._kept.startswith(bom):
                self._take(len(bom))
                return encoding
        named = _named(self._charset)
        if named is None and 4 * self._kept[:_START].count(0) > len(self._kept[:_START]):
            _refuse("looks like UTF-16 without its byte order mark;")
        return named

    def _decode_kept(self, encoding: str, *, is_last: bool) -> str:
        if encoding == "utf-32":
            _refuse("is UTF-32;")
        self.encoding = _NAMES.get(encoding, encoding.upper())
        self._decoder = codecs.getincrementaldecoder(encoding)("replace")
        return self._decoder.decode(self._take(len(self._kept)), is_last)

    def _take(self, count: int) -> bytes:
        taken, self._kept = self._kept[:count], self._kept[count:]
        return taken


def _named(charset: str | None) -> str | None:
    """Return the codec of a charset; None for none and for ASCII, which each of them extends."""
    if charset is None:
        return None
    try:
        name = codecs.lookup(charset).name
    except LookupError:
        name = ""
    if name == "ascii":
        return None
    if name not in _CHARSETS:
        _refuse("has a charset that is not known here;")
    return _CHARSETS[name]


def _encoding_of(window: bytes) -> str:
    """Return the encoding of bytes that are not all ASCII. Raise UnreadableError."""
    text = codecs.getincrementaldecoder("utf-8")("replace").decode(window)
    doubtful = 2 * text.count("\ufffd") + len(_CAPITAL_AND_MARK.findall(window))
    if len(_BEYOND_ASCII_TEXT.findall(text)) > doubtful:
        return "utf-8"
    after_letters = [pair[1:] for pair in _AFTER_A_LETTER.findall(window)]
    scores = {
        codec: sum(byte.decode(codec, "replace") in expected for byte in after_letters)
        for codec, expected in _EXPECTED.items()
    }
    best = max(scores, key=scores.__getitem__)
    if best != "cp1252":
        _refuse(f"looks like {_NAMES[best]}; name this charset in Content-Type, or")
    return best


def _refuse(rule: str) -> NoReturn:
    raise UnreadableError(0, "ENCODING", f"{rule} {_TO_CORRECT}")
