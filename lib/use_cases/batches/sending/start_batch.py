"""Queue the first chunks of a batch whose sending begins."""

from lib.domain.batches.batch import Batch
from lib.domain.batches.errors import BatchNotFoundError
from lib.domain.batches.outcome import ABOVE_TRIAL_CAP, RowOutcome, RowResult
from lib.domain.batches.rows.row_message import row_message_id
from lib.domain.batches.status import BatchStatus
from lib.domain.shared.identifiers import FiscalCode
from lib.domain.shared.values import parse_timestamp
from lib.ports.clock import Clock
from lib.ports.queueing.items.batches import BatchStarted
from lib.repositories.batches.batch_chunks import BatchChunks
from lib.repositories.batches.batch_files import BatchFiles
from lib.repositories.batches.batches import Batches
from lib.repositories.messages.messages import Messages
from lib.use_cases.batches.recalling.begin_recall import BeginRecall
from lib.use_cases.batches.sending.close_batch import CloseBatch
from lib.use_cases.batches.sending.finish_batch import FinishBatch
from lib.use_cases.batches.sending.queue_chunks import QueueChunks


class StartBatch:
    """Start a run of a batch: its chunks that are not done, and those with failed rows.

    A batch that was cancelled meanwhile is closed; the recall of a batch begins.
    Cost: two point reads, one replace, one query, and the puts of QueueChunks.begin; for each
    chunk with failed rows one read and one delete more, the gets of its results, and two reads and
    a delete for each part whose time is renewed, with a read for each of its failed rows.
    Concurrency: an item whose generation has queued its chunks does nothing. A crash before that
    is stored queues the same chunks again; a chunk that is done ends at once, and one that this
    run has done is not reopened.
    """

    def __init__(
        self,
        batches: Batches,
        chunks: BatchChunks,
        files: BatchFiles,
        messages: Messages,
        queue_chunks: QueueChunks,
        finish: FinishBatch,
        close: CloseBatch,
        begin_recall: BeginRecall,
        clock: Clock,
    ) -> None:
        self._batches = batches
        self._chunks = chunks
        self._files = files
        self._messages = messages
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
            await self._chunks.reopen(batch.id, chunk, batch.generation)
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
        """Let the parts have a new time whose failed rows have certainly made no message.

        With a new time a row has a message of another id.
        """
        if batch.upload is None:
            return
        for first, _ in batch.parts_of(chunk):
            results = await self._files.results_of(batch.upload, chunk, first)
            failed = [one for one in results if one.outcome is RowOutcome.FAILED]
            if {one.reason for one in failed} != {ABOVE_TRIAL_CAP}:
                continue
            if not await self._has_message(batch, chunk, first, failed):
                await self._chunks.forget_part(batch.id, chunk, first, batch.generation)

    async def _has_message(
        self, batch: Batch, chunk: int, first: int, failed: list[RowResult]
    ) -> bool:
        """Tell whether another run of the part made a message that its results do not know."""
        began_at = await self._chunks.part_began(batch.id, chunk, first)
        if began_at is None:
            return False
        began = parse_timestamp(began_at)
        for row in failed:
            id_ = row_message_id(batch.id, row.number, chunk, began)
            if await self._messages.find(FiscalCode(row.fiscal_code), id_) is not None:
                return True
        return False
