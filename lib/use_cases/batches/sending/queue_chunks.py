"""Queue the chunks of a batch: a few at a time, so that senders share the machine."""

from datetime import datetime, timedelta
from typing import Final

from lib import telemetry
from lib.domain.batches.batch import Batch
from lib.domain.batches.status import Lane
from lib.ports.clock import Clock
from lib.ports.queue import MAX_DELAY, Queue
from lib.ports.queueing.items.batches import BatchChunkDue
from lib.ports.queueing.names import BATCH_CHUNK, URGENT_BATCH_CHUNK

AT_ONCE: Final = 4
"""The chunks of a batch that are in its queue at a time; one for a batch sent at a wanted pace."""


class QueueChunks:
    """Put chunks into the queue of their batch's lane; those of a recall into the urgent one."""

    def __init__(self, queue: Queue, clock: Clock) -> None:
        self._queue = queue
        self._clock = clock

    async def begin(self, batch: Batch, pending: list[int]) -> None:
        """Queue the first pending chunk of each chain. Cost: at most AT_ONCE puts.

        A chain has every AT_ONCE-th chunk, and each chunk queues the next one of its chain.
        """
        stride = stride_of(batch)
        firsts = {chunk % stride: chunk for chunk in sorted(pending, reverse=True)}
        for chunk in sorted(firsts.values()):
            await self.put(batch, chunk)

    async def put(
        self,
        batch: Batch,
        chunk: int,
        first: int = 0,
        at: datetime | None = None,
        attempt: int = 0,
    ) -> None:
        """Queue a chunk, from its row `first` on, for the time `at`. Cost: one put."""
        now = self._clock.now()
        delay = timedelta(0) if at is None else min(max(at - now, timedelta(0)), MAX_DELAY)
        item = BatchChunkDue(
            service_id=batch.service_id,
            batch_id=batch.id,
            generation=batch.generation,
            chunk=chunk,
            first=first,
            attempt=attempt,
            recalls=batch.recall is not None,
        )
        is_urgent = batch.lane is Lane.URGENT or item.recalls
        name = URGENT_BATCH_CHUNK if is_urgent else BATCH_CHUNK
        await self._queue.put(name, telemetry.stamped(item, now + delay).text(), delay=delay)


def stride_of(batch: Batch) -> int:
    """Return how many chunks of the batch are in its queue at a time.

    A recall keeps no pace.
    """
    return sending_stride_of(batch) if batch.recall is None else AT_ONCE


def sending_stride_of(batch: Batch) -> int:
    """Return how many chunks of the batch were in its queue at a time while it was sent."""
    return AT_ONCE if batch.pace.rows_per_minute is None else 1
