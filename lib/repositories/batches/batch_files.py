"""Store the files of batches: lists of recipients, rows in chunks, problems and results.

The name of each file begins with the prefix of its set (FileSets), which nobody can guess.
"""

import asyncio
import contextlib
import hashlib
from collections.abc import AsyncIterable, AsyncIterator, Iterable
from typing import Final

import orjson

from lib.domain.batches.errors import ListPartsError
from lib.domain.batches.outcome import RowOutcome, RowResult
from lib.domain.batches.recipients.problem import RowProblem
from lib.domain.batches.recipients.recipient_list import Upload
from lib.domain.batches.recipients.row import Row, dump, load
from lib.ports.blobs import Blobs
from lib.ports.errors import NotFoundError

CONTAINER: Final = "batches"
PART_BYTES: Final = 4 * 1024 * 1024
"""The size of the parts of a list, of which a check holds one at a time."""
MOST_PARTS: Final = 100
"""The most parts in which a list is uploaded."""
_LISTED: Final = 1000
_DELETES_AT_ONCE: Final = 16
_LINES: Final = "application/x-ndjson"
_BYTES: Final = "application/octet-stream"
_PROBLEM_FIELDS: Final = ("line", "row", "field", "code", "message", "shape", "reference")


class BatchFiles:
    """Store and read the files of one upload at a time."""

    def __init__(self, blobs: Blobs) -> None:
        self._blobs = blobs

    async def store_list(
        self, blob: str, media_type: str, parts: AsyncIterable[bytes | memoryview]
    ) -> Upload:
        """Store a list of recipients in parts; it has no number yet. Cost: a put for each part."""
        digest, size, count = hashlib.sha256(), 0, 0
        async for part in parts:
            digest.update(part)
            await self._put(f"{blob}/list/{count:03d}", bytes(part), media_type)
            size, count = size + len(part), count + 1
        return Upload(0, blob, count, media_type, size, digest.hexdigest())

    async def store_part(self, blob: str, number: int, content: bytes) -> None:
        """Store a part of a list that is not complete, in place of an earlier one. Cost: a put."""
        await self._put(_part_name(blob, number), content, _BYTES)

    async def missing_parts(self, blob: str, count: int) -> list[int]:
        """Return the numbers from 1 to `count` that have no part. Cost: one listing."""
        found = set(await self._blobs.names(CONTAINER, blob, _LISTED))
        return [one for one in range(1, count + 1) if _part_name(blob, one) not in found]

    async def parts(self, blob: str, count: int) -> AsyncIterator[bytes]:
        """Yield the parts of a list that is not complete. Raise ListPartsError for a missing one.

        Cost: one get for each part.
        """
        for number in range(1, count + 1):
            try:
                found = await self._blobs.get(CONTAINER, _part_name(blob, number))
            except NotFoundError:
                raise ListPartsError(f"part {number} is missing") from None
            yield found.content

    async def delete(self, blob: str) -> None:
        """Delete all files of a set. Cost: one listing for each thousand, a delete for each."""
        places = asyncio.Semaphore(_DELETES_AT_ONCE)

        async def remove(name: str) -> None:
            async with places:
                with contextlib.suppress(NotFoundError):
                    await self._blobs.delete(CONTAINER, name)

        while names := await self._blobs.names(CONTAINER, blob, _LISTED):
            await asyncio.gather(*map(remove, names))

    async def list_of(self, upload: Upload) -> AsyncIterator[bytes]:
        """Yield the parts of the list."""
        for index in range(upload.parts):
            blob = await self._blobs.get(CONTAINER, f"{upload.blob}/list/{index:03d}")
            yield blob.content

    async def store_rows(self, upload: Upload, chunk: int, rows: Iterable[Row]) -> None:
        """Store the good rows of a chunk. Cost: one put."""
        await self._put(f"{upload.blob}/rows/{chunk:05d}", b"\n".join(map(dump, rows)), _LINES)

    async def rows_of(self, upload: Upload, chunk: int) -> list[Row]:
        """Return the good rows of a chunk. Cost: one get."""
        blob = await self._blobs.get(CONTAINER, f"{upload.blob}/rows/{chunk:05d}")
        return [load(line) for line in blob.content.splitlines()]

    async def store_problems(
        self, upload: Upload, part: int, problems: Iterable[RowProblem]
    ) -> None:
        """Store a part of the problems of the list. Cost: one put."""
        lines = (orjson.dumps([getattr(one, name) for name in _PROBLEM_FIELDS]) for one in problems)
        await self._put(f"{upload.blob}/problems/{part:05d}", b"\n".join(lines), _LINES)

    async def problems_of(self, upload: Upload, part: int) -> list[RowProblem]:
        """Return a part of the problems; none for a part that does not exist. Cost: one get."""
        content = await self._get(f"{upload.blob}/problems/{part:05d}")
        return [
            RowProblem(**dict(zip(_PROBLEM_FIELDS, orjson.loads(line), strict=True)))
            for line in content.splitlines()
        ]

    async def store_results(
        self, upload: Upload, chunk: int, first: int, results: list[RowResult], *, whole: bool
    ) -> None:
        """Store the results of a part of a chunk. Cost: one put.

        `first`: the first row of the part. `whole`: each row of it has a result. The results of a
        part that has all of them are never replaced by fewer.
        """
        await self._put(_results_name(upload, chunk, first, whole=whole), _lines(results), _LINES)

    async def results_of(self, upload: Upload, chunk: int, first: int) -> list[RowResult]:
        """Return the results of a part; none where it was not sent. Cost: one get, or two."""
        content = await self._get(_results_name(upload, chunk, first, whole=True))
        if not content:
            content = await self._get(_results_name(upload, chunk, first, whole=False))
        return _results(content)

    async def results_of_chunk(
        self, upload: Upload, chunk: int, parts: Iterable[tuple[int, int]]
    ) -> list[RowResult]:
        """Return the results of the parts of a chunk. Cost: that of results_of for each part."""
        found = await asyncio.gather(*(self.results_of(upload, chunk, one) for one, _ in parts))
        return [result for part in found for result in part]

    async def store_withdrawn(
        self, upload: Upload, chunk: int, results: list[RowResult], *, whole: bool
    ) -> None:
        """Store the results of the rows that a recall has tried to withdraw. Cost: one put.

        `whole`: each row of the chunk has its final result; they are never replaced by fewer.
        """
        await self._put(_withdrawn_name(upload, chunk, whole=whole), _lines(results), _LINES)

    async def withdrawn_of(self, upload: Upload, chunk: int) -> list[RowResult]:
        """Return the results of the rows that a recall has tried. Cost: one get, or two."""
        content = await self._get(_withdrawn_name(upload, chunk, whole=True))
        if not content:
            content = await self._get(_withdrawn_name(upload, chunk, whole=False))
        return _results(content)

    async def _put(self, name: str, content: bytes, media_type: str) -> None:
        await self._blobs.put(CONTAINER, name, content, content_type=media_type)

    async def _get(self, name: str) -> bytes:
        try:
            return (await self._blobs.get(CONTAINER, name)).content
        except NotFoundError:
            return b""


def _part_name(blob: str, number: int) -> str:
    return f"{blob}/parts/{number:03d}"


def _results_name(upload: Upload, chunk: int, first: int, *, whole: bool) -> str:
    return f"{upload.blob}/results/{chunk:05d}/{first:03d}{'' if whole else '-begun'}"


def _withdrawn_name(upload: Upload, chunk: int, *, whole: bool) -> str:
    return f"{upload.blob}/withdrawn/{chunk:05d}{'' if whole else '-begun'}"


def _lines(results: Iterable[RowResult]) -> bytes:
    return b"\n".join(orjson.dumps(tuple(one)) for one in results)


def _results(content: bytes) -> list[RowResult]:
    found = []
    for line in content.splitlines():
        number, reference, fiscal_code, outcome, reason, message_id = orjson.loads(line)
        members = (number, reference, fiscal_code, RowOutcome(outcome), reason, message_id)
        found.append(RowResult._make(members))
    return found
