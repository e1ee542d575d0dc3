"""Store the archives of citizens' data in parts, under their secret names."""

import asyncio
import contextlib
from typing import IO, Final

from lib.ports.blobs import Blobs
from lib.ports.errors import NotFoundError

ARCHIVES: Final = "personal-data"
"""The container of the archives, whose names are secrets."""
PART_BYTES: Final = 4 * 1024 * 1024
_ZIP: Final = "application/zip"
_LISTED: Final = 1000


class Archives:
    """Store, read and delete archives; one part is in memory at a time."""

    def __init__(self, blobs: Blobs) -> None:
        self._blobs = blobs

    async def store(self, name: str, file: IO[bytes]) -> int:
        """Store the bytes of a file from its start; return its size. Cost: a put for each 4 MiB."""
        file.seek(0)
        size, number = 0, 0
        while content := await asyncio.to_thread(file.read, PART_BYTES):
            number += 1
            await self._blobs.put(ARCHIVES, _part(name, number), content, content_type=_ZIP)
            size += len(content)
        return size

    async def part(self, name: str, number: int) -> bytes:
        """Return a part, from 1 on. Raise NotFoundError. Cost: one get."""
        return (await self._blobs.get(ARCHIVES, _part(name, number))).content

    async def delete(self, name: str) -> None:
        """Delete all archives below a name; those that are gone change nothing.

        Cost: a listing for each thousand parts, and a delete for each part.
        """
        while names := await self._blobs.names(ARCHIVES, name, _LISTED):
            for one in names:
                with contextlib.suppress(NotFoundError):
                    await self._blobs.delete(ARCHIVES, one)


def _part(name: str, number: int) -> str:
    return f"{name}/{number:04d}"
