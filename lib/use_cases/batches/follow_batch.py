"""Follow a sender's batches: list them, read their progress, and read their files."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

from lib.domain.batches.batch import Batch
from lib.domain.batches.errors import BatchExpiredError, BatchNotFoundError
from lib.domain.batches.outcome import RowOutcome, RowResult
from lib.domain.batches.recipients.problem import RowProblem
from lib.domain.batches.recipients.recipient_list import Upload
from lib.domain.batches.status import BatchStatus
from lib.domain.services.service import Sender
from lib.repositories.batches.batch_chunks import BatchChunks, ChunkProgress
from lib.repositories.batches.batch_files import BatchFiles
from lib.repositories.batches.batches import Batches

_STILL = frozenset({BatchStatus.FINISHED, BatchStatus.WITHDRAWN})
UNREACHED = frozenset({RowOutcome.REJECTED, RowOutcome.FAILED, RowOutcome.CANCELLED})


@dataclass(frozen=True, slots=True)
class FollowedBatch:
    """A batch with its progress."""

    batch: Batch
    progress: ChunkProgress


class FollowBatch:
    """Read the batches that a sender may see: an intermediary sees only those that it made."""

    def __init__(
        self, batches: Batches, chunks: BatchChunks, recalled: BatchChunks, files: BatchFiles
    ) -> None:
        self._batches = batches
        self._chunks = chunks
        self._recalled = recalled
        self._files = files

    async def page(self, sender: Sender, size: int, before: str | None) -> list[Batch]:
        """Return up to `size` batches, the newest first. Cost: one query."""
        return await self._batches.page(sender.owner, size, before)

    async def get(self, sender: Sender, batch_id: str) -> Batch:
        """Return the batch. Cost: one point read. Raise BatchNotFoundError."""
        batch = await self._batches.get(sender.service.id, batch_id)
        if not sender.owns(batch.service_id, batch.sender_user_id):
            raise BatchNotFoundError
        return batch

    async def progress(self, sender: Sender, batch_id: str) -> FollowedBatch:
        """Return the batch with its progress.

        Cost: one point read; one query more once its sending began, and one once it was recalled.
        Raise BatchNotFoundError.
        """
        batch = await self.get(sender, batch_id)
        if batch.began_at is None:
            return FollowedBatch(batch, ChunkProgress())
        if batch.recall is None:
            progress = await self._chunks.progress(batch.id)
        else:
            recalled = await self._recalled.progress(batch.id)
            progress = (await self._chunks.progress(batch.id, recalled.done)).plus(recalled)
        if batch.is_cut and batch.check is not None:
            unsent = batch.check.good - progress.rows
            progress.outcomes.update({RowOutcome.CANCELLED: unsent} if unsent else {})
        return FollowedBatch(batch, progress)

    async def has_changed(self, found: FollowedBatch) -> bool:
        """Tell whether the batch has changed since it was read, or a chunk of it was done.

        A chunk whose end has the time of an earlier one, or that a clock behind it wrote, shows
        with the next change. Cost: one point read; one query more once its sending began, until it
        is FINISHED or WITHDRAWN. Raise BatchNotFoundError.
        """
        batch = await self._batches.get(found.batch.service_id, found.batch.id)
        if batch != found.batch:
            return True
        if batch.began_at is None or batch.status in _STILL:
            return False
        chunks = self._chunks if batch.recall is None else self._recalled
        return await chunks.has_later(batch.id, found.progress.latest)

    async def problems(self, batch: Batch) -> AsyncIterator[RowProblem]:
        """Yield the problems of the batch's list, by line. Cost: one get for each 5,000.

        Raise BatchExpiredError.
        """
        _check_kept(batch)
        upload, part = batch.upload, 0
        while upload is not None and (found := await self._files.problems_of(upload, part)):
            for one in found:
                yield one
            part += 1

    async def results(self, batch: Batch, *, unreached: bool) -> AsyncIterator[RowResult]:
        """Yield the results of the rows that have one; `unreached`: only of those not reached.

        The rows that a cancelled batch did not send are CANCELLED. Cost: one get for each hundred
        rows, two for those that were not sent to their end; of a recalled batch two more for each
        chunk. Raise BatchExpiredError.
        """
        _check_kept(batch)
        upload, check = batch.upload, batch.check
        if upload is None or check is None or batch.began_at is None:
            return
        for chunk in range(check.chunks):
            for one in await self._results(batch, upload, chunk):
                if not unreached or one.outcome in UNREACHED:
                    yield one

    async def _results(self, batch: Batch, upload: Upload, chunk: int) -> list[RowResult]:
        results = await self._files.results_of_chunk(upload, chunk, batch.parts_of(chunk))
        if batch.is_cut:
            sent = {one.number for one in results}
            results += [
                RowResult(row.number, row.reference, row.fiscal_code, RowOutcome.CANCELLED)
                for row in await self._files.rows_of(upload, chunk)
                if row.number not in sent
            ]
        if batch.recall is None:
            return results
        tried = {one.number: one for one in await self._files.withdrawn_of(upload, chunk)}
        return [tried.get(one.number, one) for one in results]


def _check_kept(batch: Batch) -> None:
    if batch.expired_at is not None:
        raise BatchExpiredError
