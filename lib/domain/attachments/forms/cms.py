"""Check that a file is signed data (CMS, RFC 5652), as Italy's signature programs write `.p7m`.

The signatures are not verified: the citizen's program does that, and knows the trusted lists.
"""

import base64
import binascii
import io
import re
import tempfile
from collections.abc import Iterator
from typing import IO, Final

from lib.domain.attachments.forms.fault import FormError

_SEQUENCE, _SET, _OID, _INTEGER, _FIRST = 0x30, 0x31, 0x06, 0x02, 0xA0
_SIGNED_DATA: Final = bytes.fromhex("2a864886f70d010702")
_DATA: Final = bytes.fromhex("2a864886f70d010701")
_BLOCK: Final = 57 * 1024
_MOST_DEPTH: Final = 32
_MOST_VALUES: Final = 10_000
"""The values in those that have no length: a SET of algorithms has one for each signature."""
_ARMOUR: Final = re.compile(rb"-----(BEGIN|END) [A-Z0-9# ]+-----")
_BASE64: Final = re.compile(rb"[A-Za-z0-9+/=\s-]{16}")


def is_base64(file: IO[bytes]) -> bool:
    """Tell whether a file begins as base64; some programs write signed data so."""
    file.seek(0)
    start = file.read(64)
    return not start.startswith(b"\x30") and _BASE64.match(start) is not None


def decoded(file: IO[bytes]) -> IO[bytes]:
    """Return an anonymous file with the bytes that a file has as base64. Raise FormError."""
    file.seek(0)
    # the caller closes it, and its disk space is freed even at a kill
    plain = tempfile.TemporaryFile()  # noqa: SIM115
    try:
        _decode(file, plain)
    except FormError:
        plain.close()
        raise
    plain.seek(0)
    return plain


def _decode(file: IO[bytes], plain: IO[bytes]) -> None:
    rest = b""
    while block := file.read(_BLOCK):
        text = rest + b"".join(_ARMOUR.sub(b"", block).split())
        whole = len(text) - len(text) % 4
        rest = text[whole:]
        try:
            plain.write(base64.b64decode(text[:whole], validate=True))
        except binascii.Error:
            raise FormError("the file is neither signed data nor base64") from None
    if rest:
        raise FormError("the base64 of the file is cut off")


def check_cms(file: IO[bytes]) -> None:
    """Refuse a file that is no signed data, in DER, BER or base64. Raise FormError."""
    if is_base64(file):
        with decoded(file) as plain:
            _check(plain)
    else:
        _check(file)


def _check(file: IO[bytes]) -> None:
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    outer = _enter(file, _SEQUENCE, size)
    if _value(file) != _SIGNED_DATA:
        raise FormError("the file is no signed data (CMS)")
    signed = _enter(file, _SEQUENCE, _enter(file, _FIRST, outer))
    left = iter(range(_MOST_VALUES))
    _skip(file, _INTEGER, signed, left)
    _skip(file, _SET, signed, left)
    content = _enter(file, _SEQUENCE, signed)
    if _value(file) != _DATA:
        raise FormError("the file signs no data")
    if content is not None and file.tell() >= content:
        raise FormError("the file has a signature alone, and not the document")
    tag, _ = _head(file)
    if tag != _FIRST:
        raise FormError("the file has a signature alone, and not the document")
    if outer is not None and outer != size:
        raise FormError("the file is cut off, or has bytes behind its end")


def _head(file: IO[bytes]) -> tuple[int, int | None]:
    """Read the head of a value: its tag and its length, None for one without a length."""
    tag, length = file.read(2)
    if length == 0x80:  # noqa: PLR2004 - BER: the value ends with two zeros
        return tag, None
    if length & 0x80:
        count = length & 0x7F
        if count > 8:  # noqa: PLR2004 - no file is so long
            raise FormError("a length in the file is wrong")
        length = int.from_bytes(file.read(count))
    return tag, length


def _enter(file: IO[bytes], expected: int, limit: int | None) -> int | None:
    """Go into a value; return where it ends, None for one without a length."""
    tag, length = _head(file)
    if tag != expected:
        raise FormError("the file is no signed data (CMS)")
    if length is None:
        return None
    end = file.tell() + length
    if limit is not None and end > limit:
        raise FormError("the file is cut off")
    return end


def _value(file: IO[bytes]) -> bytes:
    """Return the bytes of an object identifier."""
    tag, length = _head(file)
    if tag != _OID or length is None or length > 64:  # noqa: PLR2004 - those of CMS have nine bytes
        raise FormError("the file is no signed data (CMS)")
    return file.read(length)


def _skip(
    file: IO[bytes], expected: int, limit: int | None, left: Iterator[int], depth: int = 0
) -> None:
    """Go behind a value. `left`: gives as many values as such ones may still have."""
    end = _enter(file, expected, limit)
    if end is not None:
        file.seek(end)
        return
    for _ in left:
        start = file.tell()
        tag, length = _head(file)
        if (tag, length) == (0, 0):
            return
        if depth == _MOST_DEPTH:
            raise FormError("the file is nested too deeply")
        file.seek(start)
        _skip(file, tag, limit, left, depth + 1)
    raise FormError("the file has too many values")
