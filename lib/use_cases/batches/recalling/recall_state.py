"""Find out what a recall has left to do, and end it when there is nothing."""

from lib import telemetry
from lib.domain.batches.batch import Batch
from lib.domain.batches.recall import withdrawn
from lib.domain.batches.status import BatchStatus
from lib.ports.clock import Clock
from lib.repositories.batches.batch_chunks import BatchChunks
from lib.repositories.batches.batches import Batches
from lib.use_cases.batches.sending.close_batch import CloseBatch, is_settled


class RecallState:
    """The chunks of a batch that a recall has left.

    `chunks`: those that were sent. `recalled`: those whose rows are all withdrawn, or stay.
    """

    def __init__(
        self,
        batches: Batches,
        chunks: BatchChunks,
        recalled: BatchChunks,
        close: CloseBatch,
        clock: Clock,
    ) -> None:
        self._batches = batches
        self._chunks = chunks
        self._recalled = recalled
        self._close = close
        self._clock = clock

    async def pending(self, batch: Batch) -> list[int]:
        """Return the chunks with rows that are not final yet, by number.

        Of a batch whose sending was cut, those that may have a message: until no row is under way
        the ones that were begun, then the ones that were sent or are closed now. Cost: one query,
        and that of CloseBatch or one query more where the sending was cut.
        """
        if batch.check is None:
            return []
        done = (await self._recalled.progress(batch.id)).done
        if not batch.is_cut:
            wanted = frozenset(range(batch.check.chunks))
        elif is_settled(batch, self._clock.now()):
            wanted = await self._close(batch)
        else:
            last = await self._chunks.last_begun(batch.id)
            wanted = frozenset() if last is None else frozenset(range(last + 1))
        return sorted(wanted - done)

    async def end(self, batch: Batch) -> bool:
        """End the recall if each row is final; return False where chunks are left.

        Cost: that of `pending`; one read and one replace more at the end. Rows that are still under
        way are left to the item that comes when none is any more.
        """
        now = self._clock.now()
        if batch.is_cut and not is_settled(batch, now):
            return True
        if await self.pending(batch):
            return False
        after = await self._batches.change(
            batch.service_id, batch.id, lambda found: withdrawn(found, now)
        )
        if after.status is BatchStatus.WITHDRAWN:
            telemetry.batch_became(after.status, after.id, service_id=after.service_id)
        return True
