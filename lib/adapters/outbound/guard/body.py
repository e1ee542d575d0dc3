"""Read the body of an answer within limits of its size, and of the memory of all answers."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Final

import aiohttp

from lib.ports.senders.hosts import NoRoomError

CHUNK_BYTES: Final = 64 * 1024
AGAIN_SECONDS: Final = 2.0
"""The time after which bytes of other answers are probably gone."""


class TooLongError(ValueError):
    """The body is longer than its limit, or is announced to be."""


class Room:
    """The bytes of bodies that a process may hold at a time, while it reads them.

    Concurrency: in one event loop.
    """

    def __init__(self, size: int) -> None:
        self._free = size

    @contextmanager
    def taken(self) -> Iterator["Share"]:
        """Give a share that grows with a body, and is given back at the end."""
        share = Share()
        try:
            yield share
        finally:
            self._free += share.size

    def grow(self, share: "Share", size: int) -> None:
        """Make the share at least this large; raise NoRoomError."""
        more = size - share.size
        if more <= 0:
            return
        if more > self._free:
            raise NoRoomError("too many bytes of answers at a time", retry_after=AGAIN_SECONDS)
        self._free -= more
        share.size = size


class Share:
    """The bytes of a room that one body takes."""

    __slots__ = ("size",)

    def __init__(self) -> None:
        self.size = 0


async def read_body(
    response: aiohttp.ClientResponse,
    most: int,
    *,
    is_cut: bool = False,
    begins: bytes = b"",
    room: Room | None = None,
) -> bytes:
    """Return the body; see GuardedHTTP.fetch. Raise TooLongError, NoRoomError.

    A host that announces too many bytes is refused before any of them is read. The bytes are
    written into one buffer, which is then the body itself.
    """
    length = response.content_length or 0
    if length > most and not is_cut:
        response.close()
        raise TooLongError
    room = room or Room(most + CHUNK_BYTES)
    read, ends = BytesIO(), False
    with room.taken() as share:
        room.grow(share, min(length, most))
        async for chunk in response.content.iter_chunked(CHUNK_BYTES):
            read.write(chunk)
            size = read.tell()
            ends = size > most or _begins_otherwise(read, size, begins)
            if ends:
                response.close()
                break
            room.grow(share, size)
        if read.tell() > most:
            if not is_cut:
                raise TooLongError
            read.truncate(most)
        return read.getvalue()


def _begins_otherwise(read: BytesIO, size: int, begins: bytes) -> bool:
    return size >= len(begins) and read.getbuffer()[: len(begins)] != begins
