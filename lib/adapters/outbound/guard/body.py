"""Read the body of an answer within limits of its size, and of the memory of all answers."""

from io import BytesIO
from typing import Final

import aiohttp

from lib.domain.attachments.room import Room, Share
from lib.ports.senders.hosts import NoRoomError

CHUNK_BYTES: Final = 64 * 1024


class TooLongError(ValueError):
    """The body is longer than its limit, or is announced to be."""


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
        _grow(room, share, min(length, most))
        async for chunk in response.content.iter_chunked(CHUNK_BYTES):
            read.write(chunk)
            size = read.tell()
            ends = size > most or _begins_otherwise(read, size, begins)
            if ends:
                response.close()
                break
            _grow(room, share, size)
        if read.tell() > most:
            if not is_cut:
                raise TooLongError
            read.truncate(most)
        return read.getvalue()


def _grow(room: Room, share: Share, size: int) -> None:
    if not room.grow(share, size):
        raise NoRoomError


def _begins_otherwise(read: BytesIO, size: int, begins: bytes) -> bool:
    return size >= len(begins) and read.getbuffer()[: len(begins)] != begins
