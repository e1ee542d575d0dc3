"""Finish a batch when each of its rows has an outcome."""

from lib import telemetry
from lib.domain.batches.batch import Batch
from lib.domain.batches.status import BatchStatus
from lib.ports.clock import Clock
from lib.repositories.batches.batch_chunks import BatchChunks
from lib.repositories.batches.batches import Batches


class FinishBatch:
    """Make a batch FINISHED if all of its chunks are done.

    Cost: one query; one read and one replace more at the end.
    """

    def __init__(self, batches: Batches, chunks: BatchChunks, clock: Clock) -> None:
        self._batches = batches
        self._chunks = chunks
        self._clock = clock

    async def __call__(self, batch: Batch) -> bool:
        """Tell whether all chunks are done, and finish the batch if they are."""
        check = batch.check
        progress = await self._chunks.progress(batch.id)
        if check is None or len(progress.done) < check.chunks:
            return False
        now = self._clock.now()
        after = await self._batches.change(
            batch.service_id, batch.id, lambda found: found.finished(batch.generation, now)
        )
        if after.status is BatchStatus.FINISHED:
            telemetry.batch_became(after.status, after.id, service_id=after.service_id)
        return True
