"""Cancel batches that nobody sends, and delete files that no batch needs."""

from datetime import datetime, timedelta
from typing import Final

from lib import telemetry
from lib.domain.batches.batch import Batch
from lib.domain.batches.errors import BatchNotFoundError
from lib.domain.batches.retention import PARTS_LIFE, UNSENT_LIFE, expired, expiry_of
from lib.domain.batches.status import ENDED, BatchStatus
from lib.ports.clock import Clock
from lib.repositories.batches.batch_files import BatchFiles
from lib.repositories.batches.batch_sweeps import BatchSweeps
from lib.repositories.batches.batches import Batches
from lib.repositories.batches.file_sets import LOOK, FileSet, FileSets
from lib.use_cases.batches.manage_batch import ManageBatch

MOST: Final = 100


class ExpireBatches:
    """Look at the sets of files whose time has come, and at old batches without a list.

    A set that no batch needs is retired first, and deleted at the next look, a day later.
    Cost: two searches of all partitions; for each set one read and one upsert, and for one that is
    deleted that of BatchFiles.delete and one delete; for each batch that expires one replace.
    Concurrency: a batch is marked as expired before its files are retired, by a replace that fails
    where the batch was sent or retried meanwhile. So no run begins that needs the rows, and a run
    that began before ends within the day. A crash repeats the look or the deletion.
    """

    def __init__(
        self,
        sweeps: BatchSweeps,
        batches: Batches,
        sets: FileSets,
        files: BatchFiles,
        manage: ManageBatch,
        clock: Clock,
        *,
        kept: timedelta,
    ) -> None:
        self._sweeps = sweeps
        self._batches = batches
        self._sets = sets
        self._files = files
        self._manage = manage
        self._clock = clock
        self._kept = kept

    async def __call__(self) -> None:
        """Expire what is due. Raise UnavailableError: the next tick goes on."""
        now = self._clock.now()
        for files in await self._sweeps.due_files(now, MOST):
            await self._look(files, now)
        # a batch without a list has no files by which it would be found
        for name in await self._sweeps.made_before(now - UNSENT_LIFE, BatchStatus.DRAFT, MOST):
            try:
                await self._expire(await self._batches.get(name.service_id, name.id), now)
            except BatchNotFoundError:
                continue

    async def _look(self, files: FileSet, now: datetime) -> None:
        if files.is_retired:
            await self._files.delete(files.blob)
            await self._sets.forget(files.blob)
            return
        try:
            needed = await self._needed_until(files, now)
        except BatchNotFoundError:
            needed = None
        await self._sets.put(files._replace(is_retired=needed is None, due_at=needed or now + LOOK))

    async def _needed_until(self, files: FileSet, now: datetime) -> datetime | None:
        """Return when to look again; None where no batch needs the files any more."""
        batch = await self._batches.get(files.service_id, files.batch_id)
        if batch.part_files == files.blob:
            end = files.created_at + PARTS_LIFE
            if now < end and not batch.is_ended:
                return min(end, now + LOOK)
            await self._batches.change(
                batch.service_id, batch.id, lambda found: found.without_parts(files.blob)
            )
            return None
        if batch.upload is None or batch.upload.blob != files.blob:
            return None
        batch = await self._expire(batch, now)
        if batch.expired_at is not None:
            return None
        # a batch that has not ended may get another list, or end
        return expiry_of(batch, self._kept) if batch.is_ended else now + LOOK

    async def _expire(self, batch: Batch, now: datetime) -> Batch:
        if expiry_of(batch, self._kept) > now:
            return batch
        if batch.status not in ENDED:
            await self._manage.announce_end(batch)
        after = await self._batches.change(
            batch.service_id, batch.id, lambda found: expired(found, self._kept, now)
        )
        if after.status is not batch.status:
            telemetry.batch_became(after.status, after.id, service_id=after.service_id)
        return after
