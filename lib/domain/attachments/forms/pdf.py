"""Check that a file is a PDF that readers open: its header, its index of objects, its root.

An encrypted PDF is refused: the citizen would need a password that nobody gives.
"""

import io
import re
from collections.abc import Iterator
from typing import IO, Final

from lib.domain.attachments.forms.fault import FormError

_HEADER: Final = re.compile(rb"%PDF-(1\.[0-7]|2\.0)[\r\n \x00-\x1f%]")
_END: Final = re.compile(rb"startxref\s+(\d{1,10})\s+%%EOF")
_TAIL: Final = 2048
"""Readers look for the end mark in the last kilobyte; signatures add some bytes."""
_SECTION: Final = re.compile(rb"\s*(\d{1,10})\s+(\d{1,10})[ \r\n]+")
_ENTRY: Final = 20
_DICTIONARY: Final = 64 * 1024
_STREAM: Final = re.compile(rb"\s*\d+\s+\d+\s+obj\b")
_ROOT: Final = re.compile(rb"/Root\s+\d+\s+\d+\s+R\b")
_ENCRYPTED: Final = re.compile(rb"/Encrypt\b")
_PREVIOUS: Final = re.compile(rb"/Prev\s+(\d{1,10})")
_MOST_UPDATES: Final = 1000
_MOST_SECTIONS: Final = 100_000
"""The sections of all indexes of a file. Each costs a read, and a file has room for millions."""


def check_pdf(file: IO[bytes]) -> None:
    """Refuse a file that is no PDF, a cut one, and an encrypted one. Raise FormError."""
    if not _HEADER.match(file.read(16)):
        raise FormError("the file does not begin as a PDF")
    size = file.seek(0, io.SEEK_END)
    file.seek(max(0, size - _TAIL))
    ends = _END.findall(file.read(_TAIL))
    if not ends:
        raise FormError("the file does not end as a PDF: it may be cut off")
    place, has_root, seen = int(ends[-1]), False, set[int]()
    left = iter(range(_MOST_SECTIONS))
    while place not in seen:
        seen.add(place)
        if len(seen) > _MOST_UPDATES:
            raise FormError(f"the PDF may have at most {_MOST_UPDATES} updates")
        if place >= size:
            raise FormError("the index of the PDF lies outside of the file")
        trailer = _trailer(file, place, left)
        if _ENCRYPTED.search(trailer):
            raise FormError("the PDF is encrypted")
        has_root = has_root or _ROOT.search(trailer) is not None
        previous = _PREVIOUS.search(trailer)
        # an update of a PDF is appended, with an index that names the one before
        if previous is None:
            break
        place = int(previous[1])
    if not has_root:
        raise FormError("the PDF has no root")


def _trailer(file: IO[bytes], place: int, left: Iterator[int]) -> bytes:
    """Return the dictionary of an index of objects: of a table, or of a stream.

    `left`: gives as many values as tables may still have sections.
    """
    file.seek(place)
    start = file.read(64)
    if start.lstrip().startswith(b"xref"):
        return _after_table(file, place + start.index(b"xref") + 4, left)
    if not _STREAM.match(start):
        raise FormError("the PDF has no index of objects")
    file.seek(place)
    dictionary = file.read(_DICTIONARY).partition(b"stream")[0]
    if b"/XRef" not in dictionary:
        raise FormError("the PDF has no index of objects")
    return dictionary


def _after_table(file: IO[bytes], place: int, left: Iterator[int]) -> bytes:
    """Return the trailer behind a table of entries of twenty bytes each."""
    while found := _section(file, place):
        if next(left, None) is None:
            raise FormError(f"the indexes of the PDF may have at most {_MOST_SECTIONS} sections")
        place += found.end() + int(found[2]) * _ENTRY
    file.seek(place)
    trailer = file.read(_DICTIONARY)
    if not trailer.lstrip().startswith(b"trailer"):
        raise FormError("the index of the PDF has no end")
    return trailer.partition(b"startxref")[0]


def _section(file: IO[bytes], place: int) -> re.Match[bytes] | None:
    file.seek(place)
    return _SECTION.match(file.read(64))
