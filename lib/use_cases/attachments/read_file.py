"""Read the bytes of a stored file, whole or a range of them."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Final, NamedTuple

from lib.domain.attachments.attached_file import AttachedFile
from lib.domain.attachments.attachment import PART_BYTES
from lib.domain.attachments.errors import (
    AttachmentNotFoundError,
    RangeNeededError,
    WrongRangeError,
)
from lib.domain.attachments.room import Room
from lib.ports.errors import NotFoundError
from lib.ports.senders.hosts import NoRoomError
from lib.repositories.attachments.attachment_files import AttachmentFiles
from lib.repositories.attachments.attachments import Attachments


class ByteRange(NamedTuple):
    """The bytes from `first` to `last`, or to the end; a negative `first` counts from the end."""

    first: int
    last: int | None = None


NOTHING: Final = ByteRange(0, -1)
"""No bytes, for a caller who asks for the size alone."""


class FilePart(NamedTuple):
    """Bytes of a file, and the place of the first one."""

    file: AttachedFile
    first: int
    content: bytes


class ReadFile:
    """Read files that messages have. The caller has found that the reader may have them.

    A range gives no more bytes than one stored part has, from its first byte on; a client asks on.
    `most_whole`: the largest file that one answer has, since the platform takes an answer as a
    whole. All whole files that a process reads at a time have twice as many bytes at most.
    """

    def __init__(
        self, attachments: Attachments, files: AttachmentFiles, *, most_whole: int
    ) -> None:
        self._attachments = attachments
        self._files = files
        self._most_whole = most_whole
        self._room = Room(2 * most_whole)

    async def part(self, file: AttachedFile, asked: ByteRange | None) -> FilePart:
        """Return bytes of the file.

        Raise AttachmentNotFoundError, WrongRangeError, RangeNeededError, and NoRoomError while
        others are read.
        Cost: one point read and one get; for a whole file one get for each 4 MiB.
        """
        attachment = await self._attachments.get(file.id)
        with self._room.taken() as share:
            is_whole = asked is None and file.size <= self._most_whole
            if is_whole and not self._room.grow(share, file.size):
                raise NoRoomError
            try:
                first, content = await bytes_of(
                    file.size,
                    asked,
                    lambda number: self._files.part(attachment, number),
                    most_whole=self._most_whole,
                )
            except NotFoundError:
                raise AttachmentNotFoundError from None
        return FilePart(file, first, content)

    async def parts(self, file: AttachedFile) -> AsyncIterator[bytes]:
        """Yield a file's stored parts. Raise AttachmentNotFoundError. Cost: a get for each."""
        attachment = await self._attachments.get(file.id)
        for number in range(1, _count(file.size) + 1):
            try:
                yield await self._files.part(attachment, number)
            except NotFoundError:
                raise AttachmentNotFoundError from None


async def bytes_of(
    size: int,
    asked: ByteRange | None,
    part: Callable[[int], Awaitable[bytes]],
    *,
    most_whole: int,
) -> tuple[int, bytes]:
    """Return bytes of a file that is stored in parts of PART_BYTES, and the place of the first.

    `part`: a function that returns a part, from 1 on. Raise WrongRangeError, RangeNeededError.
    """
    if asked is NOTHING:
        return 0, b""
    if asked is None:
        if size > most_whole:
            raise RangeNeededError(size, most_whole)
        parts = [await part(number) for number in range(1, _count(size) + 1)]
        return 0, b"".join(parts)
    first = asked.first if asked.first >= 0 else max(0, size + asked.first)
    if first >= size:
        raise WrongRangeError(size)
    number = first // PART_BYTES
    content = await part(number + 1)
    start = first - number * PART_BYTES
    end = None if asked.last is None else start + asked.last - first + 1
    return first, content[start:end]


def _count(size: int) -> int:
    return -(-size // PART_BYTES)
