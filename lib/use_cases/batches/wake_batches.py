"""Find batches whose next step was lost, and queue it again."""

from datetime import datetime, timedelta
from typing import Final

from lib.domain.batches.batch import Batch
from lib.domain.batches.errors import BatchNotFoundError
from lib.domain.batches.status import BatchStatus
from lib.domain.shared.values import parse_timestamp
from lib.ports.clock import Clock
from lib.repositories.batches.batch_chunks import BatchChunks
from lib.repositories.batches.batch_sweeps import BatchName, BatchSweeps
from lib.repositories.batches.batches import Batches
from lib.use_cases.batches.checking.upload_recipients import UploadRecipients
from lib.use_cases.batches.manage_batch import ManageBatch

QUIET: Final = timedelta(minutes=15)
"""Longer than a check or a chunk takes: a batch without a change since then has lost a step."""
MOST: Final = 1000
"""The most batches of a status that are looked at in one tick."""
_MOVING: Final = (
    BatchStatus.CHECKING,
    BatchStatus.SCHEDULED,
    BatchStatus.RUNNING,
    BatchStatus.WITHDRAWING,
)


class WakeBatches:
    """Queue the step of each batch that has not changed for a while.

    Cost: four searches of all partitions; for each such batch one read, one query, one replace
    and one put or two.
    Concurrency: a step that was not lost ends where the other one is found to be done.
    """

    def __init__(
        self,
        sweeps: BatchSweeps,
        batches: Batches,
        chunks: BatchChunks,
        recalled: BatchChunks,
        manage: ManageBatch,
        upload: UploadRecipients,
        clock: Clock,
    ) -> None:
        self._sweeps = sweeps
        self._batches = batches
        self._chunks = chunks
        self._recalled = recalled
        self._manage = manage
        self._upload = upload
        self._clock = clock

    async def __call__(self) -> None:
        """Wake the batches that are checked, scheduled, sent or recalled.

        Raise UnavailableError.
        """
        since = self._clock.now() - QUIET
        for status in _MOVING:
            for name in await self._sweeps.unchanged_since(since, status, MOST):
                try:
                    await self._wake(name)
                except BatchNotFoundError:
                    continue

    async def _wake(self, name: BatchName) -> None:
        batch, now = await self._batches.get(name.service_id, name.id), self._clock.now()
        if now - parse_timestamp(batch.changed_at) < QUIET:
            return
        match batch.status:
            case BatchStatus.CHECKING:
                await self._upload.ask_for_check(batch)
            case BatchStatus.SCHEDULED:
                if batch.starts_at and now - parse_timestamp(batch.starts_at) >= QUIET:
                    await self._manage.begin(batch)
            case BatchStatus.RUNNING | BatchStatus.WITHDRAWING if await self._is_quiet(batch, now):
                renewed = await self._batches.change(
                    name.service_id, name.id, lambda found: found.renewed(now)
                )
                await self._manage.begin(renewed)
            case _:
                return

    async def _is_quiet(self, batch: Batch, now: datetime) -> bool:
        """Tell whether no chunk was done for longer than a chunk of this batch takes.

        A run that was woken just now has the same time.
        """
        if batch.recall is not None:
            chunks, longest = self._recalled, timedelta(0)
        elif batch.pace.opened(now) > now:
            return False
        else:
            chunks, longest = self._chunks, batch.longest_chunk
        latest = max((await chunks.progress(batch.id)).latest or "", batch.changed_at)
        return now - parse_timestamp(latest) >= QUIET + longest
