"""Find batches by queries over all partitions.

Only the use cases of timers may call this module: a query costs some RU for each physical
partition.
"""

from typing import NamedTuple

from lib.domain.batches.batch import BatchStatus
from lib.domain.shared.identifiers import BatchId, ServiceId
from lib.ports.documents import Condition, DocumentStore, Sweep
from lib.ports.schema import BATCHES


class BatchName(NamedTuple):
    """The key of a stored batch."""

    service_id: ServiceId
    id: BatchId


class BatchSweeps:
    """Find the batches of all services that wait for a step of the system."""

    def __init__(self, store: DocumentStore) -> None:
        self._store = store

    async def in_status(self, status: BatchStatus, limit: int) -> list[BatchName]:
        """Return batches of all services in this status. Cost: a search of all partitions."""
        sweep = Sweep((Condition("status", "=", status),), limit, ("service_id", "id"))
        found = await self._store.sweep(BATCHES, sweep)
        return [BatchName(one["service_id"], one["id"]) for one in found]
