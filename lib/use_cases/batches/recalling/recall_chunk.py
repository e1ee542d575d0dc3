"""Withdraw the messages of one chunk of a batch, and queue the next chunk."""

from datetime import timedelta

from lib.domain.batches.batch import Batch
from lib.domain.batches.errors import BatchNotFoundError
from lib.domain.batches.status import BatchStatus
from lib.domain.shared.values import timestamp
from lib.ports.clock import Clock
from lib.ports.queueing.delays import drawn_delay
from lib.ports.queueing.items.batches import BatchChunkDue
from lib.repositories.batches.batch_chunks import BatchChunks
from lib.repositories.batches.batches import Batches
from lib.use_cases.batches.recalling.recall_state import RecallState
from lib.use_cases.batches.recalling.withdraw_rows import WithdrawRows
from lib.use_cases.batches.sending.close_batch import is_settled
from lib.use_cases.batches.sending.queue_chunks import QueueChunks, stride_of


class RecallChunk:
    """Withdraw the messages of a chunk.

    Cost: one read of the batch, two of the chunk, one query or two, that of WithdrawRows, one put
    of the next item and one upsert; for the last chunk of a chain that of RecallState.end.
    Concurrency: as SendChunk: the next chunk is queued before this one is marked as done, and a run
    that finds it done by its own generation queues nothing. A chunk with rows that may still get a
    message is not marked: it comes again when no row is under way.
    """

    def __init__(
        self,
        batches: Batches,
        recalled: BatchChunks,
        state: RecallState,
        withdraw_rows: WithdrawRows,
        queue_chunks: QueueChunks,
        clock: Clock,
    ) -> None:
        self._batches = batches
        self._recalled = recalled
        self._state = state
        self._withdraw_rows = withdraw_rows
        self._queue_chunks = queue_chunks
        self._clock = clock

    async def __call__(self, item: BatchChunkDue) -> None:
        """Withdraw a chunk; do nothing for an item of an earlier generation.

        Raise UnavailableError: the chunk is to be tried again.
        """
        batch = await self._current(item)
        if batch is None or (upload := batch.upload) is None:
            return
        chunk, result = item.chunk, None
        done_in = await self._recalled.done_in(batch.id, chunk)
        if done_in is None:
            settled = is_settled(batch, self._clock.now())
            result = await self._withdraw_rows(batch, upload, chunk, is_settled=settled)
            done_in = await self._recalled.done_in(batch.id, chunk)
        following = await self._following(batch, chunk)
        if done_in != item.generation:
            if following is not None:
                await self._queue_chunks.put(batch, following)
            if result is not None:
                at = timestamp(self._clock.now())
                await self._recalled.finish(
                    batch.id, chunk, item.generation, result.outcomes, result.reasons, at
                )
        if following is None and not await self._state.end(batch):
            # another chain is under way, or a query does not show its last chunk yet
            later = self._clock.now() + timedelta(seconds=drawn_delay(item.attempt + 1))
            await self._queue_chunks.put(batch, chunk, at=later, attempt=item.attempt + 1)

    async def _current(self, item: BatchChunkDue) -> Batch | None:
        """Return the batch; None where the item's generation is not recalled any more."""
        try:
            batch = await self._batches.get(item.service_id, item.batch_id)
        except BatchNotFoundError:
            return None
        is_current = batch.status is BatchStatus.WITHDRAWING and batch.generation == item.generation
        return batch if is_current else None

    async def _following(self, batch: Batch, chunk: int) -> int | None:
        """Return the next chunk of the chain that is not done; None after the last one."""
        stride = stride_of(batch)
        pending = await self._state.pending(batch)
        later = (one for one in pending if one > chunk and (one - chunk) % stride == 0)
        return next(later, None)
