"""The claims that were left behind: a look through all partitions finds them.

Only the use cases of timers may use it: a look costs some RU for each physical partition.
"""

import contextlib
from datetime import datetime

from lib.domain.shared.values import timestamp
from lib.ports.documents import Condition, Document, DocumentStore, PatchOperation, Sweep
from lib.ports.errors import NotFoundError, PreconditionFailedError
from lib.ports.schema import DELIVERIES
from lib.repositories.notifications.deliveries import DeliveryStatus


class Sweeps:
    """Find messages that are overdue, and mark those that were queued again.

    Cost: one query each, and one patch for each message that is marked.
    """

    def __init__(self, store: DocumentStore) -> None:
        self._store = store

    async def claims(self, status: DeliveryStatus, before: datetime, limit: int) -> list[Document]:
        """Return claims of a status that were made before then and are not on the list."""
        recent = (Condition("claimed_at", ">=", timestamp(before)),)
        listed = (Condition("listed_at", ">", ""),)
        where = (Condition("status", "=", status),)
        fields = ("id", "message_id", "status", "claimed_at")
        return await self._store.sweep(
            DELIVERIES, Sweep(where, limit, fields, unless=(recent, listed))
        )

    async def mark_listed(self, claim: Document, now: datetime) -> None:
        """Note that the claim is on the list."""
        mark = PatchOperation("set", "/listed_at", timestamp(now))
        with contextlib.suppress(NotFoundError, PreconditionFailedError):
            await self._store.patch(DELIVERIES, claim["message_id"], claim["id"], (mark,))
