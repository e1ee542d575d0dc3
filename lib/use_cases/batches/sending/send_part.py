"""Send the rows of a part of a chunk, and store their results together."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from functools import partial
from typing import Final

from lib import telemetry
from lib.domain.batches.batch import Batch
from lib.domain.batches.outcome import FAULT, RowOutcome, RowResult
from lib.domain.batches.recipients.recipient_list import Upload
from lib.domain.batches.recipients.row import Row
from lib.domain.shared.values import timestamp
from lib.ports.clock import Clock
from lib.ports.errors import UnavailableError
from lib.repositories.batches.batch_chunks import BatchChunks
from lib.repositories.batches.batch_files import BatchFiles
from lib.use_cases.batches.sending.open_run import OpenRun
from lib.use_cases.batches.sending.send_row import SendRow

ROWS_AT_ONCE: Final = 25
"""The rows of a part that are sent at a time."""


class SendPart:
    """Send the rows of a part that have no final outcome yet.

    Cost: up to two gets and one put of the results, the gets once more where rows fail, one create,
    that of OpenRun, and that of SendRow for each row; for a part that was sent one get, and with a
    wanted pace one read.
    Concurrency: the ids of the messages follow from the time of the part, which is stored before
    the first of them. The results are stored when all rows were tried, so a crash in between
    repeats the part.
    """

    def __init__(
        self,
        chunks: BatchChunks,
        files: BatchFiles,
        open_run: OpenRun,
        send_row: SendRow,
        clock: Clock,
    ) -> None:
        self._chunks = chunks
        self._files = files
        self._open_run = open_run
        self._send_row = send_row
        self._clock = clock

    async def __call__(
        self, batch: Batch, upload: Upload, chunk: int, first: int, rows: list[Row]
    ) -> int:
        """Send the rows of the part, which begins with the row `first` of the chunk.

        Return how many rows count for the wanted pace. Raise UnavailableError after the results
        that are known are stored.
        """
        earlier = await self._files.results_of(upload, chunk, first)
        known = {one.number: one for one in earlier if one.outcome is not RowOutcome.FAILED}
        unsent = [row for row in rows if row.number not in known]
        if not unsent:
            return await self._sent_before(batch, chunk, first, len(rows))
        now = timestamp(self._clock.now())
        began_at, is_repeated = await self._chunks.begin_part(
            batch.id, chunk, first, batch.generation, now
        )
        outcomes = await self._outcomes(batch, chunk, unsent, began_at, is_repeated=is_repeated)
        known |= {one.number: one for one in outcomes if isinstance(one, RowResult)}
        if any(one.outcome is RowOutcome.FAILED for one in known.values()):
            # another run of the part may have sent them meanwhile
            earlier = await self._files.results_of(upload, chunk, first)
            known |= {one.number: one for one in earlier if one.outcome is not RowOutcome.FAILED}
        results = [known[number] for number in sorted(known)]
        whole = len(results) == len(rows)
        await self._files.store_results(upload, chunk, first, results, whole=whole)
        _raise_first(outcomes)
        return len(unsent)

    async def _sent_before(self, batch: Batch, chunk: int, first: int, rows: int) -> int:
        """Return how many rows of a sent part count for the wanted pace.

        They count where the item that sent them comes again, and not where a run starts anew: it
        would wait for all of them, and might never reach the others.
        """
        if batch.pace.rows_per_minute is None:
            return 0
        begun_in = await self._chunks.part_begun_in(batch.id, chunk, first)
        return rows if begun_in == batch.generation else 0

    async def rows(
        self, batch: Batch, chunk: int, rows: list[Row], began_at: str
    ) -> list[RowResult]:
        """Send rows of a part that was begun, and return their results. Raise UnavailableError.

        Cost: that of OpenRun, and that of SendRow for each row.
        """
        outcomes = await self._outcomes(batch, chunk, rows, began_at, is_repeated=True)
        _raise_first(outcomes)
        return [one for one in outcomes if isinstance(one, RowResult)]

    async def _outcomes(
        self, batch: Batch, chunk: int, rows: list[Row], began_at: str, *, is_repeated: bool
    ) -> list[RowResult | BaseException]:
        run = await self._open_run(batch, chunk, rows, began_at, is_repeated=is_repeated)
        send = (
            partial(self._send_row.without_sender, batch, chunk, began_at)
            if run is None
            else partial(self._send_row, run)
        )
        places = asyncio.Semaphore(ROWS_AT_ONCE)
        return await asyncio.gather(
            *(_sent(send, row, places) for row in rows), return_exceptions=True
        )


async def _sent(
    send: Callable[[Row], Awaitable[RowResult]], row: Row, places: asyncio.Semaphore
) -> RowResult:
    """Return the result of a row; a fault of its own is one too. Raise UnavailableError."""
    async with places:
        try:
            return await send(row)
        except UnavailableError:
            raise
        except Exception as error:  # noqa: BLE001 - the fault of one row, which is reported
            telemetry.report(error, "batch row")
            return RowResult(row.number, row.reference, row.fiscal_code, RowOutcome.FAILED, FAULT)


def _raise_first(outcomes: Iterable[RowResult | BaseException]) -> None:
    for outcome in outcomes:
        if isinstance(outcome, BaseException):
            raise outcome
