"""Queue the first chunks of a batch whose sending begins."""

from lib.domain.batches.batch import Batch, BatchStatus
from lib.domain.batches.errors import BatchNotFoundError
from lib.domain.batches.outcome import ABOVE_TRIAL_CAP, RowOutcome
from lib.ports.clock import Clock
from lib.ports.queueing.items import BatchStarted
from lib.repositories.batches.batch_chunks import BatchChunks
from lib.repositories.batches.batch_files import BatchFiles
from lib.repositories.batches.batches import Batches
from lib.use_cases.batches.recalling.begin_recall import BeginRecall
from lib.use_cases.batches.sending.close_batch import CloseBatch
from lib.use_cases.batches.sending.finish_batch import FinishBatch
from lib.use_cases.batches.sending.queue_chunks import QueueChunks


class StartBatch:
    """Start a run of a batch: its chunks that are not done, and those with failed rows.

    A batch that was cancelled meanwhile is closed; the recall of a batch begins.
    Cost: two point reads, one replace, one query, and the puts of QueueChunks.begin; for each
    chunk with failed rows one delete more, the gets of its results, and a read and a delete for
    each part whose time is renewed.
    Concurrency: an item whose generation has queued its chunks does nothing. A crash before that
    is stored queues the same chunks again; a chunk that is done ends at once.
    """

    def __init__(
        self,
        batches: Batches,
        chunks: BatchChunks,
        files: BatchFiles,
        queue_chunks: QueueChunks,
        finish: FinishBatch,
        close: CloseBatch,
        begin_recall: BeginRecall,
        clock: Clock,
    ) -> None:
        self._batches = batches
        self._chunks = chunks
        self._files = files
        self._queue_chunks = queue_chunks
        self._finish = finish
        self._close = close
        self._begin_recall = begin_recall
        self._clock = clock

    async def __call__(self, item: BatchStarted) -> None:
        """Start the run that the item names; do nothing for an earlier run."""
        now = self._clock.now()
        try:
            batch = await self._batches.change(
                item.service_id, item.batch_id, lambda found: found.started(item.generation, now)
            )
        except BatchNotFoundError:
            return
        if batch.status is BatchStatus.CANCELLED:
            await self._close(batch)
            return
        if batch.recall is not None:
            await self._begin_recall(batch, item.generation)
            return
        is_current = batch.generation in {item.generation, item.generation + 1}
        if batch.status is not BatchStatus.RUNNING or not is_current or batch.check is None:
            return
        if batch.queued >= batch.generation:
            return
        progress = await self._chunks.progress(batch.id)
        for chunk in progress.failed:
            await self._renew_times(batch, chunk)
            await self._chunks.reopen(batch.id, chunk)
        done = progress.done - progress.failed
        pending = [number for number in range(batch.check.chunks) if number not in done]
        if pending:
            await self._queue_chunks.begin(batch, pending)
        else:
            await self._finish(batch)
        await self._batches.change(
            batch.service_id, batch.id, lambda found: found.queued_in(batch.generation)
        )

    async def _renew_times(self, batch: Batch, chunk: int) -> None:
        """Let the parts have a new time whose failed rows have certainly made no message."""
        if batch.upload is None:
            return
        for first, _ in batch.parts_of(chunk):
            results = await self._files.results_of(batch.upload, chunk, first)
            failed = [one.reason for one in results if one.outcome is RowOutcome.FAILED]
            if failed and set(failed) == {ABOVE_TRIAL_CAP}:
                await self._chunks.forget_part(batch.id, chunk, first, batch.generation)
