"""Queue the chunks that a recall has left."""

from lib.domain.batches.batch import Batch
from lib.domain.batches.status import BatchStatus
from lib.use_cases.batches.recalling.recall_state import RecallState
from lib.use_cases.batches.sending.queue_chunks import QueueChunks


class BeginRecall:
    """Begin or go on with the recall of a batch.

    It comes at once, and again when no row of a batch whose sending was cut is under way any more.
    Cost: that of RecallState.pending and the puts of QueueChunks.begin, or that of RecallState.end.
    Concurrency: a repeated run queues chunks again. A chunk that is done ends at once.
    """

    def __init__(self, state: RecallState, queue_chunks: QueueChunks) -> None:
        self._state = state
        self._queue_chunks = queue_chunks

    async def __call__(self, batch: Batch, generation: int) -> None:
        """Queue the chunks; do nothing for an item of an earlier generation."""
        if batch.status is not BatchStatus.WITHDRAWING or batch.generation != generation:
            return
        if pending := await self._state.pending(batch):
            await self._queue_chunks.begin(batch, pending)
        else:
            await self._state.end(batch)
