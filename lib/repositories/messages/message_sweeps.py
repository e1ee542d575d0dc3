"""The messages that were left behind: a look through all partitions finds them.

Only the use cases of timers may use it: a look costs some RU for each physical partition.
"""

import contextlib
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from ulid import ULID

from lib.domain.shared.values import FiscalCode, timestamp
from lib.ports.documents import Condition, Document, DocumentStore, PatchOperation, Sweep
from lib.ports.errors import NotFoundError
from lib.ports.schema import MESSAGES

AGAIN: Final = timedelta(days=1)
"""After which a message that was swept, and is found still, is swept once more."""
_MARK: Final = "swept_at"
_TIME: Final = 10
"""The characters of a ULID that are its time; the others are its own."""
_LENGTH: Final = 26


class LostSubmission(NamedTuple):
    """A message that was accepted, and whose fan-out did not come."""

    fiscal_code: FiscalCode
    message_id: str
    service_id: str


class OverdueReminder(NamedTuple):
    """A message whose next reminder should have come; `due_at` as `values.timestamp` writes it."""

    fiscal_code: FiscalCode
    message_id: str
    due_at: str


class MessageSweeps:
    """Finds the messages left behind. Cost: one query for each look, one patch for each mark."""

    def __init__(self, store: DocumentStore) -> None:
        self._store = store

    async def accepted(self, before: datetime, now: datetime, limit: int) -> list[LostSubmission]:
        """Return messages that were accepted before then and are nothing more yet."""
        where = (
            Condition("status", "=", "ACCEPTED"),
            Condition("id", "<", str(ULID.from_datetime(before))[:_TIME].ljust(_LENGTH, "0")),
        )
        found = await self._find(where, "sender_service_id", now, limit)
        return [
            LostSubmission(FiscalCode(one["fiscal_code"]), one["id"], one["sender_service_id"])
            for one in found
        ]

    async def overdue(
        self, since: datetime, before: datetime, now: datetime, limit: int
    ) -> list[OverdueReminder]:
        """Return messages whose next reminder's moment lies between the two."""
        where = (
            Condition("reminder_at", ">=", timestamp(since)),
            Condition("reminder_at", "<", timestamp(before)),
        )
        found = await self._find(where, "reminder_at", now, limit)
        return [
            OverdueReminder(FiscalCode(one["fiscal_code"]), one["id"], one["reminder_at"])
            for one in found
        ]

    async def _find(
        self, where: tuple[Condition, ...], field: str, now: datetime, limit: int
    ) -> list[Document]:
        # a mark of a clock that was ahead is none
        seen = (
            Condition(_MARK, ">", timestamp(now - AGAIN)),
            Condition(_MARK, "<=", timestamp(now)),
        )
        fields = ("id", "fiscal_code", field)
        return await self._store.sweep(MESSAGES, Sweep(where, limit, fields, unless=(seen,)))

    async def mark(self, found: LostSubmission | OverdueReminder, now: datetime) -> None:
        """Note that the message was swept."""
        mark = PatchOperation("set", f"/{_MARK}", timestamp(now))
        with contextlib.suppress(NotFoundError):
            await self._store.patch(MESSAGES, found.fiscal_code, found.message_id, (mark,))
