"""Find unsettled claims by queries over all partitions.

Only the use cases of timers may call this module: a query costs some RU for each physical
partition.
"""

import contextlib
from datetime import datetime
from typing import Final

from lib.domain.notifications.delivery import DeliveryStatus, DoubtfulClaim
from lib.domain.shared.values import timestamp
from lib.ports.documents import Condition, Document, DocumentStore, PatchOperation, Sweep
from lib.ports.errors import NotFoundError, PreconditionFailedError
from lib.ports.schema.notifications import DELIVERIES, NOTIFICATIONS
from lib.repositories.operations.doubtful_claims import doubtful_claim

_FIELDS: Final = frozenset({"id", "message_id", "status", "claimed_at"})


class Sweeps:
    """Find old claims, and mark those that are on the operators' list.

    Cost: two queries for each search, and one patch for each mark.
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
        found: list[Document] = []
        for container in NOTIFICATIONS, DELIVERIES:
            fields = tuple({*_FIELDS, container.partition_key})
            sweep = Sweep(where, limit, fields, unless=(recent, listed))
            found += await self._store.sweep(container, sweep)
        return [doubtful_claim(document) for document in found]

    async def mark_listed(self, claim: DoubtfulClaim, now: datetime) -> None:
        """Store that the claim is on the list."""
        mark = PatchOperation("set", "/listed_at", timestamp(now))
        with contextlib.suppress(NotFoundError, PreconditionFailedError):
            if claim.recipient is None:
                await self._store.patch(DELIVERIES, claim.subject_id, claim.name, (mark,))
            else:
                id_ = f"{claim.subject_id}-{claim.name}"
                await self._store.patch(NOTIFICATIONS, claim.recipient, id_, (mark,))
