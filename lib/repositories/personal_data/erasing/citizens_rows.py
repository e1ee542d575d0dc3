"""Take one citizen out of the files of batches: lists of recipients, rows, problems and results."""

import re
import string
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Final

from lib.domain.batches.recipients.row import dump, load
from lib.domain.personal_data.erasure_request import NOBODY
from lib.ports.blobs import Blob, Blobs
from lib.ports.documents import Condition, DocumentStore, Sweep
from lib.ports.errors import NotFoundError
from lib.ports.schema.batches import BATCH_FILES
from lib.repositories.batches.batch_files import CONTAINER

_MOST: Final = 1000
_MOST_FILES: Final = 5000
_FIRST: Final = sorted(f"{string.ascii_letters}{string.digits}-_")
"""The characters of the names of sets, in the order of their codes."""
_BEYOND: Final = "~"
_NO_VALUE: Final = "-"
"""The text that replaces the values of a row; any template takes it."""


class CitizensRows:
    """Erase a citizen in the files of all batches, which nothing but their content names.

    Only an erasure may use it: it reads each file that is kept.
    """

    def __init__(self, store: DocumentStore, blobs: Blobs) -> None:
        self._store = store
        self._blobs = blobs

    async def sets(self, low: str = "", high: str = _BEYOND) -> AsyncIterator[str]:
        """Yield the names of all sets of files. Cost: one search of all partitions.

        Where there are more than a thousand sets, 64 searches more.
        """
        where = (
            Condition("due_at", ">", ""),
            Condition("id", ">=", low),
            Condition("id", "<", high),
        )
        found = await self._store.sweep(BATCH_FILES, Sweep(where, _MOST, ("id",)))
        if len(found) < _MOST:
            for one in found:
                yield one["id"]
            return
        bounds = [f"{low}{first}" for first in _FIRST]
        for start, end in zip(bounds, [*bounds[1:], f"{low}{_BEYOND}"], strict=True):
            async for name in self.sets(start, end):
                yield name

    async def erase(self, blob: str, fiscal_code: str) -> None:
        """Erase the citizen in the files of a set. Raise UnavailableError.

        A row stays, with nobody as its recipient and without its values, so that its place and the
        results of the batch stay those of its sender's list. In the list itself, the fiscal code
        alone is replaced: the row's other values stay until the set expires.
        Cost: one listing, one get for each file, one put for each that names the citizen.
        Memory: one file.
        """
        pattern = re.compile(re.escape(fiscal_code.encode()), re.IGNORECASE)
        before: tuple[str, Blob] | None = None
        for name in sorted(await self._blobs.names(CONTAINER, blob, _MOST_FILES)):
            try:
                file = await self._blobs.get(CONTAINER, name)
            except NotFoundError:
                # the set has just expired
                continue
            kind = name.split("/")[1]
            if kind == "rows":
                await self._put(name, file, _rows_without(file.content, fiscal_code, pattern))
                continue
            content = pattern.sub(NOBODY.encode(), file.content)
            if kind in _PARTS and before is not None and before[0].startswith(f"{blob}/{kind}/"):
                # the code may begin in one part and end in the next one
                content = await self._seam(before, content, pattern)
            await self._put(name, file, content)
            before = name, replace(file, content=content)

    async def _seam(
        self, before: tuple[str, Blob], content: bytes, pattern: re.Pattern[bytes]
    ) -> bytes:
        name, file = before
        size = len(NOBODY) - 1
        head, tail = content[:size], file.content[-size:]
        seam = pattern.sub(NOBODY.encode(), tail + head)
        if seam == tail + head:
            return content
        await self._put(
            name, file, file.content[: len(file.content) - len(tail)] + seam[: len(tail)]
        )
        return seam[len(tail) :] + content[size:]

    async def _put(self, name: str, file: Blob, content: bytes) -> None:
        if content != file.content:
            await self._blobs.put(CONTAINER, name, content, content_type=file.content_type)


_PARTS: Final = frozenset({"list", "parts"})


def _rows_without(content: bytes, fiscal_code: str, pattern: re.Pattern[bytes]) -> bytes:
    if not pattern.search(content):
        return content
    lines = content.splitlines()
    for index, line in enumerate(lines):
        if pattern.search(line) and (row := load(line)).fiscal_code == fiscal_code:
            values = dict.fromkeys(row.values, _NO_VALUE)
            lines[index] = dump(replace(row, fiscal_code=NOBODY, values=values))
        else:
            lines[index] = pattern.sub(NOBODY.encode(), line)
    return b"\n".join(lines)
