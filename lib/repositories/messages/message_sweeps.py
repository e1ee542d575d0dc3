"""Find overdue messages by queries over all partitions.

Only the use cases of timers may call this module: a query costs some RU for each physical
partition.
"""

import contextlib
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from lib.domain.messages.message_id import first_id_of
from lib.domain.messages.message_parts import MessageStatus
from lib.domain.shared.identifiers import FiscalCode, MessageId, ServiceId
from lib.domain.shared.values import timestamp
from lib.ports.documents import Condition, Document, DocumentStore, PatchOperation, Sweep
from lib.ports.errors import NotFoundError
from lib.ports.schema.messages import MESSAGES

AGAIN: Final = timedelta(days=1)
"""The time after which a swept message that is still overdue is swept again."""
_MARK: Final = "swept_at"


class LostSubmission(NamedTuple):
    """A message whose fan-out is overdue. `send_at`: the set time of a scheduled message."""

    fiscal_code: FiscalCode
    message_id: MessageId
    service_id: ServiceId
    send_at: str | None = None


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
        return await self._submissions("ACCEPTED", before, now, limit)

    async def scheduled(self, before: datetime, now: datetime, limit: int) -> list[LostSubmission]:
        """Return the messages that were to be sent before this time and are still SCHEDULED."""
        return await self._submissions("SCHEDULED", before, now, limit)

    async def _submissions(
        self, status: MessageStatus, before: datetime, now: datetime, limit: int
    ) -> list[LostSubmission]:
        where = (Condition("status", "=", status), Condition("id", "<", first_id_of(before)))
        found = await self._find(where, ("sender_service_id", "created_at"), now, limit)
        return [
            LostSubmission(
                FiscalCode(document["fiscal_code"]),
                document["id"],
                document["sender_service_id"],
                document["created_at"] if status == "SCHEDULED" else None,
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
        found = await self._find(where, ("reminder_at",), now, limit)
        return [
            OverdueReminder(
                FiscalCode(document["fiscal_code"]), document["id"], document["reminder_at"]
            )
            for document in found
        ]

    async def _find(
        self, where: tuple[Condition, ...], names: tuple[str, ...], now: datetime, limit: int
    ) -> list[Document]:
        # a mark in the future comes from a clock that was ahead, and is ignored
        marked_lately = (
            Condition(_MARK, ">", timestamp(now - AGAIN)),
            Condition(_MARK, "<=", timestamp(now)),
        )
        fields = ("id", "fiscal_code", *names)
        return await self._store.sweep(
            MESSAGES, Sweep(where, limit, fields, unless=(marked_lately,))
        )

    async def mark(self, found: LostSubmission | OverdueReminder, now: datetime) -> None:
        """Store that the message was swept."""
        mark = PatchOperation("set", f"/{_MARK}", timestamp(now))
        with contextlib.suppress(NotFoundError):
            await self._store.patch(MESSAGES, found.fiscal_code, found.message_id, (mark,))
