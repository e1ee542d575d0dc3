"""Find batches and their files by queries over all partitions.

Only the use cases of timers may call this module: a query costs some RU for each physical
partition.
"""

from datetime import datetime
from typing import Final, NamedTuple

from ulid import ULID

from lib.domain.batches.status import BatchStatus
from lib.domain.shared.identifiers import BatchId, ServiceId
from lib.domain.shared.values import timestamp
from lib.ports.documents import Condition, DocumentStore, Sweep
from lib.ports.schema.batches import BATCH_FILES, BATCHES
from lib.repositories.batches.file_sets import FIELDS, FileSet, file_set

_NAME: Final = ("service_id", "id")


class BatchName(NamedTuple):
    """The key of a stored batch."""

    service_id: ServiceId
    id: BatchId


class BatchSweeps:
    """Find the batches of all services that wait for a step of the system."""

    def __init__(self, store: DocumentStore) -> None:
        self._store = store

    async def made_before(
        self, before: datetime, status: BatchStatus, limit: int
    ) -> list[BatchName]:
        """Return batches of all services in this status. Cost: a search of all partitions."""
        is_old = Condition("id", "<", str(ULID.from_datetime(before)))
        return await self._found(Sweep((Condition("status", "=", status), is_old), limit, _NAME))

    async def unchanged_since(
        self, since: datetime, status: BatchStatus, limit: int
    ) -> list[BatchName]:
        """Return batches of all services in this status that a lost step may hold up.

        Batches that changed or start after `since` are left out, so that they do not stand before
        the others. Cost: a search of all partitions.
        """
        at = timestamp(since)
        later = tuple((Condition(name, ">", at),) for name in ("changed_at", "starts_at"))
        return await self._found(Sweep((Condition("status", "=", status),), limit, _NAME, later))

    async def _found(self, sweep: Sweep) -> list[BatchName]:
        found = await self._store.sweep(BATCHES, sweep)
        return [BatchName(one["service_id"], one["id"]) for one in found]

    async def due_files(self, now: datetime, limit: int) -> list[FileSet]:
        """Return sets of files to look at. Cost: a search of all partitions."""
        sweep = Sweep((Condition("due_at", "<=", timestamp(now)),), limit, FIELDS)
        return [file_set(one) for one in await self._store.sweep(BATCH_FILES, sweep)]
