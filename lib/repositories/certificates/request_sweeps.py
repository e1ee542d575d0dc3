"""Find requests for certificates whose time is over, by a query over all partitions.

Only the use cases of timers may call this module: a query costs some RU for each physical
partition.
"""

from datetime import datetime

from lib.domain.shared.identifiers import ServiceId
from lib.domain.shared.values import timestamp
from lib.ports.documents import Condition, DocumentStore, Sweep
from lib.ports.schema.documents import CERTIFICATE_REQUESTS


class RequestSweeps:
    """Find the requests of all services that have waited for too long."""

    def __init__(self, store: DocumentStore) -> None:
        self._store = store

    async def due(self, now: datetime, limit: int) -> list[tuple[ServiceId, str]]:
        """Return the places of requests to expire. Cost: a search of all partitions."""
        where = (Condition("due_at", "<=", timestamp(now)),)
        sweep = Sweep(where, limit, ("service_id", "id"))
        found = await self._store.sweep(CERTIFICATE_REQUESTS, sweep)
        return [(one["service_id"], one["id"]) for one in found]
