"""Find overdue messages by queries over all partitions.

Only the use cases of timers may call this module: a query costs some RU for each physical
partition.
"""

import contextlib
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from ulid import ULID

from lib.domain.shared.identifiers import FiscalCode, MessageId, ServiceId
from lib.domain.shared.values import timestamp
from lib.ports.documents import Condition, Document, DocumentStore, PatchOperation, Sweep
from lib.ports.errors import NotFoundError
from lib.ports.schema import MESSAGES

AGAIN: Final = timedelta(days=1)
"""The time after which a swept message that is still overdue is swept again."""
_MARK: Final = "swept_at"
_TIME: Final = 10
"""The number of characters of a ULID that hold the time; the other characters are random."""
_LENGTH: Final = 26


class LostSubmission(NamedTuple):
    """An accepted message whose fan-out is overdue."""

    fiscal_code: FiscalCode
    message_id: MessageId
    service_id: ServiceId


class OverdueReminder(NamedTuple):
    """A message whose next reminder is overdue; `due_at` as `values.timestamp` writes it."""

    fiscal_code: FiscalCode
    message_id: MessageId
    due_at: str


class MessageSweeps:
    """Find overdue messages, and mark those that were queued again.

    Cost: one query for each search, one patch for each mark.
    """

    def __init__(self, store: DocumentStore) -> None:
        self._store = store

    async def accepted(self, before: datetime, now: datetime, limit: int) -> list[LostSubmission]:
        """Return the messages that were accepted before this time and are still ACCEPTED."""
        where = (
            Condition("status", "=", "ACCEPTED"),
            Condition("id", "<", str(ULID.from_datetime(before))[:_TIME].ljust(_LENGTH, "0")),
        )
        found = await self._find(where, "sender_service_id", now, limit)
        return [
            LostSubmission(
                FiscalCode(document["fiscal_code"]), document["id"], document["sender_service_id"]
            )
            for document in found
        ]

    async def overdue(
        self, since: datetime, before: datetime, now: datetime, limit: int
    ) -> list[OverdueReminder]:
        """Return the messages whose next reminder was due between the two times."""
        where = (
            Condition("reminder_at", ">=", timestamp(since)),
            Condition("reminder_at", "<", timestamp(before)),
        )
        found = await self._find(where, "reminder_at", now, limit)
        return [
            OverdueReminder(
                FiscalCode(document["fiscal_code"]), document["id"], document["reminder_at"]
            )
            for document in found
        ]

    async def _find(
        self, where: tuple[Condition, ...], field: str, now: datetime, limit: int
    ) -> list[Document]:
        # a mark in the future comes from a clock that was ahead, and is ignored
        marked_lately = (
            Condition(_MARK, ">", timestamp(now - AGAIN)),
            Condition(_MARK, "<=", timestamp(now)),
        )
        fields = ("id", "fiscal_code", field)
        return await self._store.sweep(
            MESSAGES, Sweep(where, limit, fields, unless=(marked_lately,))
        )

    async def mark(self, found: LostSubmission | OverdueReminder, now: datetime) -> None:
        """Store that the message was swept."""
        mark = PatchOperation("set", f"/{_MARK}", timestamp(now))
        with contextlib.suppress(NotFoundError):
            await self._store.patch(MESSAGES, found.fiscal_code, found.message_id, (mark,))
