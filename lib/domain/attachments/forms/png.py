"""Check that a file is a PNG image: its chunks to the last one, each with its checksum."""

import struct
import zlib
from typing import IO, Final

from lib.domain.attachments.forms.fault import FormError

_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_MOST_PIXELS: Final = 100_000_000
"""A small file can unpack to gigabytes."""
_BLOCK: Final = 64 * 1024
_HEADER: Final = b"IHDR"
_PICTURE: Final = b"IDAT"
_LAST: Final = b"IEND"


def check_png(file: IO[bytes]) -> None:
    """Refuse a file that is no PNG image, a broken one, and one that is too large to show."""
    if file.read(len(_SIGNATURE)) != _SIGNATURE:
        raise FormError("the file does not begin as a PNG image")
    name, first = _chunk(file)
    if name != _HEADER or len(first) < 8:  # noqa: PLR2004 - two numbers of four bytes
        raise FormError("the PNG image has no header")
    width, height = struct.unpack(">II", first[:8])
    if not 0 < width * height <= _MOST_PIXELS:
        raise FormError(f"the PNG image may have at most {_MOST_PIXELS} pixels")
    has_picture = False
    while name != _LAST:
        name, _ = _chunk(file)
        has_picture = has_picture or name == _PICTURE
    if not has_picture:
        raise FormError("the PNG image has no picture")
    if file.read(1):
        raise FormError("the PNG image has bytes behind its end")


def _chunk(file: IO[bytes]) -> tuple[bytes, bytes]:
    """Read a chunk to its end; return its name and the start of its content."""
    length, name = struct.unpack(">I4s", file.read(8))
    checksum, start, left = zlib.crc32(name), b"", length
    while left:
        block = file.read(min(left, _BLOCK))
        if not block:
            raise FormError("the PNG image is cut off")
        start = start or block
        checksum, left = zlib.crc32(block, checksum), left - len(block)
    if struct.unpack(">I", file.read(4)) != (checksum,):
        raise FormError("a checksum of the PNG image is wrong")
    return name, start
