"""Send the rows of one chunk of a batch, and queue the next chunk."""

from collections import Counter
from datetime import datetime, timedelta

from lib.domain.batches.batch import Batch
from lib.domain.batches.errors import BatchNotFoundError
from lib.domain.batches.recipients.recipient_list import Upload
from lib.domain.batches.recipients.row import Row
from lib.domain.batches.status import BatchStatus
from lib.domain.shared.values import timestamp
from lib.ports.clock import Clock
from lib.ports.queueing.delays import drawn_delay
from lib.ports.queueing.items.batches import BatchChunkDue
from lib.repositories.batches.batch_chunks import BatchChunks
from lib.repositories.batches.batch_files import BatchFiles
from lib.repositories.batches.batches import Batches
from lib.use_cases.batches.sending.finish_batch import FinishBatch
from lib.use_cases.batches.sending.queue_chunks import QueueChunks, stride_of
from lib.use_cases.batches.sending.send_part import SendPart


class SendChunk:
    """Send the rows of a chunk that have no final outcome yet.

    Cost: two reads of the chunk and one get of the rows; for each part of 100 rows one read of the
    batch, two reads in bulk of the citizens' choices, SendRow for each row, a put and three gets of
    the results; one put of the next item and one upsert. A part that an earlier run has sent: one
    read and one get.
    Concurrency: the message of a row has an id that follows from the row, so a chunk that runs
    twice sends each row once. The next chunk is queued before this chunk is marked as done, so a
    crash in between may queue the next one twice. A run that finds its chunk done by its own
    generation queues nothing, so that of two chains one ends. The results of a part are stored when
    all of its rows are sent, so a crash casts doubt on the pushes of one part. A batch that is
    paused or cancelled meanwhile ends the run after the part.
    """

    def __init__(
        self,
        batches: Batches,
        chunks: BatchChunks,
        files: BatchFiles,
        send_part: SendPart,
        queue_chunks: QueueChunks,
        finish: FinishBatch,
        clock: Clock,
    ) -> None:
        self._batches = batches
        self._chunks = chunks
        self._files = files
        self._send_part = send_part
        self._queue_chunks = queue_chunks
        self._finish = finish
        self._clock = clock

    async def __call__(self, item: BatchChunkDue) -> None:
        """Send a chunk, or the next rows of it; do nothing for an earlier run of the batch.

        Raise UnavailableError: the chunk is to be sent again.
        """
        batch = await self._current(item)
        if batch is None or (upload := batch.upload) is None or (check := batch.check) is None:
            return
        began = self._clock.now()
        opens = batch.pace.opened(began)
        if opens > began:
            await self._queue_chunks.put(batch, item.chunk, item.first, opens)
            return
        done_in = await self._chunks.done_in(batch.id, item.chunk)
        if done_in is not None:
            await self._go_on(batch, item, check.chunks, began, done_in)
            return
        rows = await self._files.rows_of(upload, item.chunk)
        size, end, sent = batch.pace.slice_rows or len(rows), item.first, 0
        while not sent and end < len(rows):
            first, end = end, min(end + size, len(rows))
            counted = await self._send(batch, upload, item, first, rows[:end])
            if counted is None:
                return
            sent = counted
        at = batch.pace.after(sent, began)
        if end < len(rows):
            await self._queue_chunks.put(batch, item.chunk, end, at)
        else:
            done_in = await self._chunks.done_in(batch.id, item.chunk)
            await self._go_on(batch, item, check.chunks, at, done_in, upload)

    async def _current(self, item: BatchChunkDue) -> Batch | None:
        """Return the batch; None where the item's generation is not sent any more."""
        try:
            batch = await self._batches.get(item.service_id, item.batch_id)
        except BatchNotFoundError:
            return None
        is_current = batch.status is BatchStatus.RUNNING and batch.generation == item.generation
        return batch if is_current else None

    async def _go_on(
        self,
        batch: Batch,
        item: BatchChunkDue,
        chunks: int,
        at: datetime,
        done_in: int | None,
        sent: Upload | None = None,
    ) -> None:
        """Queue the next chunk, and mark this one as done; finish the batch after the last one.

        `done_in`: as BatchChunks.done_in; a run of the same generation has queued the next chunk.
        `sent`: the upload, where this run has sent the chunk.
        """
        following = item.chunk + stride_of(batch)
        if following < chunks and done_in != item.generation:
            await self._queue_chunks.put(batch, following, at=at)
        if sent is not None and done_in != item.generation:
            results = await self._files.results_of_chunk(
                sent, item.chunk, batch.parts_of(item.chunk)
            )
            outcomes = Counter(one.outcome for one in results)
            reasons = Counter(one.reason for one in results if one.reason)
            at_end = timestamp(self._clock.now())
            await self._chunks.finish(
                batch.id, item.chunk, item.generation, outcomes, reasons, at_end
            )
        if following >= chunks and not await self._finish(batch):
            # another chain is under way, or a query does not show its last chunk yet
            later = self._clock.now() + timedelta(seconds=drawn_delay(item.attempt + 1))
            await self._queue_chunks.put(batch, item.chunk, at=later, attempt=item.attempt + 1)

    async def _send(
        self, batch: Batch, upload: Upload, item: BatchChunkDue, start: int, rows: list[Row]
    ) -> int | None:
        """Send the rows from `start` on, part by part.

        Return how many rows count for the wanted pace; None where the batch was paused or
        cancelled meanwhile.
        """
        sent = 0
        for first, end in batch.parts_of(item.chunk):
            if not start <= first < len(rows):
                continue
            if first > item.first and await self._current(item) is None:
                return None
            sent += await self._send_part(batch, upload, item.chunk, first, rows[first:end])
        return sent
