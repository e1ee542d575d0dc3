"""Find batches and their files by queries over all partitions.

Only the use cases of timers may call this module: a query costs some RU for each physical
partition.
"""

from datetime import datetime
from typing import NamedTuple

from ulid import ULID

from lib.domain.batches.batch import BatchStatus
from lib.domain.shared.identifiers import BatchId, ServiceId
from lib.domain.shared.values import timestamp
from lib.ports.documents import Condition, DocumentStore, Sweep
from lib.ports.schema import BATCH_FILES, BATCHES
from lib.repositories.batches.file_sets import FIELDS, FileSet, file_set


class BatchName(NamedTuple):
    """The key of a stored batch."""

    service_id: ServiceId
    id: BatchId


class BatchSweeps:
    """Find the batches of all services that wait for a step of the system."""

    def __init__(self, store: DocumentStore) -> None:
        self._store = store

    async def in_status(
        self, status: BatchStatus, limit: int, before: datetime | None = None
    ) -> list[BatchName]:
        """Return batches of all services in this status. Cost: a search of all partitions.

        `before`: only those that were made before it.
        """
        where = [Condition("status", "=", status)]
        if before is not None:
            where.append(Condition("id", "<", str(ULID.from_datetime(before))))
        sweep = Sweep(tuple(where), limit, ("service_id", "id"))
        found = await self._store.sweep(BATCHES, sweep)
        return [BatchName(one["service_id"], one["id"]) for one in found]

    async def due_files(self, now: datetime, limit: int) -> list[FileSet]:
        """Return sets of files to look at. Cost: a search of all partitions."""
        sweep = Sweep((Condition("due_at", "<=", timestamp(now)),), limit, FIELDS)
        return [file_set(one) for one in await self._store.sweep(BATCH_FILES, sweep)]
