"""Withdraw the messages of a chunk's rows, and store what became of each."""

import asyncio
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from lib import telemetry
from lib.domain.batches.batch import Batch
from lib.domain.batches.outcome import FAULT, RowOutcome, RowResult
from lib.domain.batches.recipients.recipient_list import Upload
from lib.domain.batches.recipients.row import Row
from lib.domain.batches.rows.row_message import row_message_id
from lib.domain.messages.withdrawals.recall import RecallOutcome, Target
from lib.domain.shared.identifiers import FiscalCode
from lib.domain.shared.values import parse_timestamp
from lib.ports.errors import UnavailableError
from lib.repositories.batches.batch_chunks import BatchChunks
from lib.repositories.batches.batch_files import BatchFiles
from lib.use_cases.batches.recalling.cancel_notice import CancelNotice
from lib.use_cases.messages.withdrawals.withdraw_message import WithdrawMessage, recall_outcome

AT_ONCE: Final = 25
"""The most messages of a chunk that are withdrawn at a time."""
_WITH_MESSAGE: Final = frozenset({RowOutcome.SENT, RowOutcome.HELD})
_IN_DOUBT: Final = frozenset({RowOutcome.FAILED, RowOutcome.CANCELLED})
"""The outcomes of rows that may have a message: of a run that failed, or is still under way."""


@dataclass(frozen=True, slots=True)
class ChunkResult:
    """The number of a chunk's rows by outcome, and by reason."""

    outcomes: Counter[RowOutcome]
    reasons: Counter[str]


class WithdrawRows:
    """Withdraw the messages of a chunk's rows that have no final outcome yet.

    A rejected row is left as it is: no citizen sees its message. A row without a result, or with a
    failure, may have a message all the same; the id of it follows from the time of its part.
    Cost: the gets of the rows, of the results, and of the outcomes of an earlier run; one put; that
    of WithdrawMessage for each message, and of CancelNotice for one of a payment notice. For a part
    with such rows one read more, and for each such row without a message one.
    Concurrency: a second withdrawal changes nothing, so a repeated run withdraws the rest. After an
    outage the outcomes that are known are stored, so that the next run tries the others alone.
    """

    def __init__(
        self,
        chunks: BatchChunks,
        files: BatchFiles,
        withdraw: WithdrawMessage,
        cancel_notice: CancelNotice,
    ) -> None:
        self._chunks = chunks
        self._files = files
        self._withdraw = withdraw
        self._cancel_notice = cancel_notice

    async def __call__(
        self, batch: Batch, upload: Upload, chunk: int, *, is_settled: bool
    ) -> ChunkResult | None:
        """Return the result of the chunk; None while one of its rows may still get a message.

        `is_settled`: no row is under way any more. Raise UnavailableError.
        """
        # before the results, which are whole then
        is_sent = await self._chunks.done_in(batch.id, chunk) is not None
        rows = await self._results(batch, upload, chunk)
        tried = {one.number: one for one in await self._files.withdrawn_of(upload, chunk)}
        left = [one for one in rows if one.message_id and one.number not in tried]
        outcomes = await self._outcomes(batch, left)
        found = [one for one in outcomes if isinstance(one, RowResult)]
        withdrawn = tried | {one.number: one for one in found}
        errors = [one for one in outcomes if isinstance(one, BaseException)]
        is_final = not errors and is_sent and (is_settled or None not in outcomes)
        if found or is_final:
            results = [withdrawn[number] for number in sorted(withdrawn)]
            await self._files.store_withdrawn(upload, chunk, results, whole=is_final)
        for error in errors:
            raise error
        if not is_final:
            return None
        after = [withdrawn.get(one.number, one) for one in rows]
        return ChunkResult(
            Counter(one.outcome for one in after),
            Counter(one.reason for one in after if one.reason),
        )

    async def _results(self, batch: Batch, upload: Upload, chunk: int) -> list[RowResult]:
        """Return the results of the rows; those that have or may have a message name its id."""
        rows = await self._files.rows_of(upload, chunk)
        parts = await asyncio.gather(
            *(
                self._results_of_part(batch, upload, chunk, first, rows[first:end])
                for first, end in batch.parts_of(chunk)
            )
        )
        return [one for part in parts for one in part]

    async def _results_of_part(
        self, batch: Batch, upload: Upload, chunk: int, first: int, rows: list[Row]
    ) -> list[RowResult]:
        known = {one.number: one for one in await self._files.results_of(upload, chunk, first)}
        results = [
            known.get(row.number)
            or RowResult(row.number, row.reference, row.fiscal_code, RowOutcome.CANCELLED)
            for row in rows
        ]
        began_at = None
        if any(one.outcome in _IN_DOUBT for one in results):
            began_at = await self._chunks.part_began(batch.id, chunk, first)

        def named(result: RowResult) -> RowResult:
            if result.outcome in _WITH_MESSAGE:
                return result
            if result.outcome not in _IN_DOUBT or began_at is None:
                return result._replace(message_id=None)
            began = parse_timestamp(began_at)
            id_ = row_message_id(batch.id, result.number, chunk, began)
            return result._replace(message_id=id_)

        return [named(one) for one in results]

    async def _outcomes(
        self, batch: Batch, rows: Iterable[RowResult]
    ) -> list[RowResult | BaseException | None]:
        places = asyncio.Semaphore(AT_ONCE)

        async def outcome(row: RowResult) -> RowResult | None:
            async with places:
                return await self._outcome(batch, row)

        return await asyncio.gather(*map(outcome, rows), return_exceptions=True)

    async def _outcome(self, batch: Batch, row: RowResult) -> RowResult | None:
        """Return the row after its withdrawal; None where it has no message after all."""
        if batch.recall is None or row.message_id is None:
            return None
        target = Target(FiscalCode(row.fiscal_code), row.message_id)
        try:
            outcome = await recall_outcome(self._withdraw, batch.owner, target, batch.recall.reason)
            if outcome is RecallOutcome.NOTICE:
                return await self._cancel_notice(batch, row)
        except (UnavailableError, OSError):
            raise
        except Exception as error:  # noqa: BLE001 - the fault of one row, which is reported
            telemetry.report(error, "withdrawal of a batch row")
            return row._replace(outcome=RowOutcome.NOT_WITHDRAWN, reason=FAULT)
        if outcome is RecallOutcome.WITHDRAWN:
            return row._replace(outcome=RowOutcome.WITHDRAWN, reason="")
        if outcome is RecallOutcome.NOT_FOUND and row.outcome in _IN_DOUBT:
            return None
        return row._replace(outcome=RowOutcome.NOT_WITHDRAWN, reason=outcome.value)
