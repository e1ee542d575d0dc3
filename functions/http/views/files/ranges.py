"""The bytes of a file as an answer: the whole file, or a range of it."""

import re
from typing import Annotated, Any, Final

from pydantic import StringConstraints

from functions.http.contract.answers import File
from functions.http.contract.endpoint import Answer, Call
from lib.domain.attachments.forms.media_types import ending_of
from lib.domain.shared.described import says
from lib.domain.shared.values import IOType
from lib.use_cases.attachments.read_file import NOTHING, ByteRange, FilePart

RANGE: Final = "range"
BYTES: Final = "application/octet-stream"
RangeHeader = Annotated[
    str,
    StringConstraints(max_length=100),
    IOType(("range of bytes",), "must have at most 100 characters"),
    says(
        "The bytes to return, as `bytes=0-1048575`, `bytes=1048576-` or `bytes=-500`. The answer "
        "may end earlier, after at most 4 MiB: ask on from there. Several ranges, and ranges that "
        "cannot be read, are ignored. Absent: the whole file; one that is too large for one "
        "answer is refused (400). HEAD tells the size."
    ),
]
_RANGE: Final = re.compile(r"bytes=(?:(\d{1,12})-(\d{0,12})|-(\d{1,12}))", re.IGNORECASE)


def asked_of(call: Call[Any, Any, Any]) -> ByteRange | None:
    """Return the bytes that a request asks for: none for HEAD, None for the whole file."""
    return NOTHING if call.is_head else range_of(call.headers.get(RANGE))


def range_of(header: str | None) -> ByteRange | None:
    """Return the range that a request asks for; None for one that cannot be read, as RFC 9110."""
    found = _RANGE.fullmatch(header.strip()) if header else None
    if found is None:
        return None
    first, last, suffix = found.groups()
    if suffix is not None:
        return ByteRange(-int(suffix)) if int(suffix) else None
    end = int(last) if last else None
    return None if end is not None and end < int(first) else ByteRange(int(first), end)


def answer_with(part: FilePart, asked: ByteRange | None) -> Answer:
    """Return the answer with bytes of a file."""
    file = part.file
    # its own name goes into no header, since its sender wrote it
    name = f"{file.id}.{ending_of(file.name)}"
    body = File(part.content, BYTES, name)
    return ranged(body, part.first, file.size, asked, etag=file.sha256)


def ranged(body: File, first: int, size: int, asked: ByteRange | None, *, etag: str) -> Answer:
    """Return the answer with the bytes from `first` on: 206 where a range was asked for.

    That to HEAD has the size of the whole file, of which no byte was read.
    """
    headers = {"Accept-Ranges": "bytes", "ETag": f'"{etag}"'}
    if asked is NOTHING:
        return Answer(200, body, {**headers, "Content-Length": str(size)})
    if asked is None:
        return Answer(200, body, headers)
    last = first + len(body.content) - 1
    headers["Content-Range"] = f"bytes {first}-{last}/{size}"
    return Answer(206, body, headers)
