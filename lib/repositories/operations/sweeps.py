"""What a timer finds by looking through all partitions: messages and claims left behind.

Only use cases of timers may use it: a look costs some RU for each physical partition.
"""

import contextlib
from datetime import datetime, timedelta
from typing import Final

from ulid import ULID

from lib.domain.shared.values import timestamp
from lib.ports.documents import Condition, Document, DocumentStore, PatchOperation, Sweep
from lib.ports.errors import NotFoundError, PreconditionFailedError
from lib.ports.schema import DELIVERIES, MESSAGES
from lib.repositories.notifications.deliveries import DeliveryStatus

AGAIN: Final = timedelta(days=1)
"""After which what was swept, and is found still, is swept once more."""
_MARK: Final = "swept_at"
_TIME: Final = 10
"""Characters of a ULID that are its time; the others are its own."""
_LENGTH: Final = 26


class Sweeps:
    """Find messages that are overdue, and mark those that were queued again.

    Cost: one query each, and one patch for each message that is marked.
    """

    def __init__(self, store: DocumentStore) -> None:
        self._store = store

    async def accepted(self, before: datetime, now: datetime, limit: int) -> list[Document]:
        """Return messages that were accepted before then and are nothing more yet."""
        where = (
            Condition("status", "=", "ACCEPTED"),
            Condition("id", "<", str(ULID.from_datetime(before))[:_TIME].ljust(_LENGTH, "0")),
        )
        fields = ("id", "fiscal_code", "sender_service_id")
        return await self._messages(where, fields, now, limit)

    async def overdue(
        self, since: datetime, before: datetime, now: datetime, limit: int
    ) -> list[Document]:
        """Return messages whose next reminder's moment lies between the two."""
        where = (
            Condition("reminder_at", ">=", timestamp(since)),
            Condition("reminder_at", "<", timestamp(before)),
        )
        return await self._messages(where, ("id", "fiscal_code", "reminder_at"), now, limit)

    async def _messages(
        self, where: tuple[Condition, ...], fields: tuple[str, ...], now: datetime, limit: int
    ) -> list[Document]:
        # a mark of a clock that was ahead is none
        seen = (
            Condition(_MARK, ">", timestamp(now - AGAIN)),
            Condition(_MARK, "<=", timestamp(now)),
        )
        return await self._store.sweep(MESSAGES, Sweep(where, limit, fields, unless=(seen,)))

    async def mark(self, message: Document, now: datetime) -> None:
        """Note that the message was seen to."""
        mark = PatchOperation("set", f"/{_MARK}", timestamp(now))
        with contextlib.suppress(NotFoundError):
            await self._store.patch(MESSAGES, message["fiscal_code"], message["id"], (mark,))

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
