"""Find unsettled claims by queries over all partitions.

Only the use cases of timers may call this module: a query costs some RU for each physical
partition.
"""

import contextlib
from datetime import datetime

from lib.domain.notifications.delivery import DeliveryStatus, DoubtfulClaim
from lib.domain.shared.values import timestamp
from lib.ports.documents import Condition, DocumentStore, PatchOperation, Sweep
from lib.ports.errors import NotFoundError, PreconditionFailedError
from lib.ports.schema import DELIVERIES
from lib.repositories.operations.doubtful_claims import doubtful_claim


class Sweeps:
    """Find old claims, and mark those that are on the operators' list.

    Cost: one query for each search, and one patch for each mark.
    """

    def __init__(self, store: DocumentStore) -> None:
        self._store = store

    async def claims(
        self, status: DeliveryStatus, before: datetime, limit: int
    ) -> list[DoubtfulClaim]:
        """Return claims of a status that were made before this time and are not on the list."""
        recent = (Condition("claimed_at", ">=", timestamp(before)),)
        listed = (Condition("listed_at", ">", ""),)
        where = (Condition("status", "=", status),)
        fields = ("id", "message_id", "status", "claimed_at")
        sweep = Sweep(where, limit, fields, unless=(recent, listed))
        return [doubtful_claim(document) for document in await self._store.sweep(DELIVERIES, sweep)]

    async def mark_listed(self, claim: DoubtfulClaim, now: datetime) -> None:
        """Store that the claim is on the list."""
        mark = PatchOperation("set", "/listed_at", timestamp(now))
        with contextlib.suppress(NotFoundError, PreconditionFailedError):
            await self._store.patch(DELIVERIES, claim.subject_id, claim.name, (mark,))
