"""Give the rows that were under way when a batch was cancelled their outcomes."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Final

from lib.domain.batches.batch import Batch
from lib.domain.batches.outcome import RowOutcome, RowResult
from lib.domain.batches.recipients.recipient_list import Upload
from lib.domain.batches.recipients.row import Row
from lib.domain.batches.rows.row_message import row_message_id
from lib.domain.shared.values import parse_timestamp, timestamp
from lib.ports.clock import Clock
from lib.repositories.batches.batch_chunks import BatchChunks
from lib.repositories.batches.batch_files import BatchFiles
from lib.repositories.messages.messages import Messages
from lib.use_cases.batches.notice_rows import NoticeRows
from lib.use_cases.batches.sending.queue_chunks import sending_stride_of
from lib.use_cases.batches.sending.send_part import SendPart

LONGEST_PART: Final = timedelta(minutes=3)
"""The time after which no row of a part that was under way is sent any more."""
CLOSING_DELAY: Final = 2 * LONGEST_PART
"""The time from a cancellation to the item that closes the batch."""


def is_settled(batch: Batch, now: datetime) -> bool:
    """Tell whether no row of a batch whose sending has ended is under way any more."""
    return batch.ended_at is not None and now - parse_timestamp(batch.ended_at) >= LONGEST_PART


class CloseBatch:
    """Close the chunks of a cancelled batch whose sending had begun.

    A process that died may have left messages, or payment notices, whose other steps are missing:
    those rows are sent to their end, and the other rows are CANCELLED. A chunk with CANCELLED rows
    has not queued the next one of its chain, so the chain ends there; its later chunks have no
    results at all.
    Cost: one query; for each chain the gets of one chunk, one read for each part, and one for each
    row without a result of a part that was begun, two for one with instalments; the puts of its
    results and one upsert.
    Concurrency: a repeated run writes the same.
    """

    def __init__(
        self,
        chunks: BatchChunks,
        files: BatchFiles,
        messages: Messages,
        notices: NoticeRows,
        send_part: SendPart,
        clock: Clock,
    ) -> None:
        self._chunks = chunks
        self._files = files
        self._messages = messages
        self._notices = notices
        self._send_part = send_part
        self._clock = clock

    async def __call__(self, batch: Batch) -> frozenset[int]:
        """Close the batch, unless it was cancelled just now: then another item comes.

        Return the chunks that have rows with an outcome, these and the ones that were sent: a query
        may not show yet what was just closed. Raise UnavailableError.
        """
        upload, check, stride = batch.upload, batch.check, sending_stride_of(batch)
        if upload is None or check is None or not is_settled(batch, self._clock.now()):
            return frozenset()
        if batch.expired_at is not None:
            # the item comes very late: the rows are not kept any more
            return frozenset()
        progress = await self._chunks.progress(batch.id)
        done = set(progress.done)
        for start in range(min(stride, check.chunks)):
            for chunk in range(start, check.chunks, stride):
                if chunk in progress.cut:
                    break
                if chunk in progress.done:
                    continue
                done.add(chunk)
                if await self._close(batch, upload, chunk):
                    break
        return frozenset(done)

    async def _close(self, batch: Batch, upload: Upload, chunk: int) -> bool:
        """Close a chunk; tell whether it has CANCELLED rows."""
        rows = await self._files.rows_of(upload, chunk)
        for first, end in batch.parts_of(chunk):
            await self._close_part(batch, upload, chunk, first, rows[first:end])
        results = await self._files.results_of_chunk(upload, chunk, batch.parts_of(chunk))
        outcomes = Counter(one.outcome for one in results)
        reasons = Counter(one.reason for one in results if one.reason)
        at = timestamp(self._clock.now())
        await self._chunks.finish(batch.id, chunk, batch.generation, outcomes, reasons, at)
        return outcomes[RowOutcome.CANCELLED] > 0

    async def _close_part(
        self, batch: Batch, upload: Upload, chunk: int, first: int, rows: list[Row]
    ) -> None:
        earlier = await self._files.results_of(upload, chunk, first)
        tried = {one.number: one for one in earlier}
        known = {one.number: one for one in earlier if one.outcome is not RowOutcome.FAILED}
        unknown = [row for row in rows if row.number not in known]
        if not unknown:
            return
        began_at = await self._chunks.part_began(batch.id, chunk, first)
        if began_at is not None:
            began = parse_timestamp(began_at)
            begun = [row for row in unknown if await self._has_begun(batch, chunk, row, began)]
            sent = await self._send_part.rows(batch, chunk, begun, began_at) if begun else []
            known.update((one.number, one) for one in sent)
        results = [
            known.get(row.number)
            or tried.get(row.number)
            or RowResult(row.number, row.reference, row.fiscal_code, RowOutcome.CANCELLED)
            for row in rows
        ]
        await self._files.store_results(upload, chunk, first, results, whole=True)

    async def _has_begun(self, batch: Batch, chunk: int, row: Row, began: datetime) -> bool:
        """Tell whether an earlier run stored the message of a row, or its payment notice."""
        id_ = row_message_id(batch.id, row.number, chunk, began)
        if await self._messages.find(row.fiscal_code, id_) is not None:
            return True
        return await self._notices.has_begun(batch, row, id_)
