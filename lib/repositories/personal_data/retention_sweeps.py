"""Find messages whose time has passed, by a query over all partitions, and take their content.

Only the use cases of timers may call this module: a query costs some RU for each physical
partition.
"""

import contextlib
from datetime import datetime
from typing import Final, NamedTuple

from lib.domain.messages.message import Message
from lib.domain.shared.identifiers import FiscalCode, MessageId
from lib.domain.shared.values import timestamp
from lib.ports.documents import DAY_SECONDS, Condition, DocumentStore, PatchOperation, Stored, Sweep
from lib.ports.errors import NotFoundError, PreconditionFailedError
from lib.ports.schema.messages import MESSAGES
from lib.repositories.messages.message_mapping import message_of

TOLD_TTL: Final = 31 * DAY_SECONDS
"""The life of what is left of a message, in seconds: longer than an app's token of changes."""
_LEFT: Final = (
    "id",
    "fiscal_code",
    "created_at",
    "sender_service_id",
    "sender_user_id",
    "time_to_live",
    "feature_level_type",
    "service_name",
    "organization_name",
    "organization_fiscal_code",
    "is_special",
    "is_secure",
    "precondition",
    "status_history",
    "is_read",
    "is_archived",
)
"""The fields that are left, so that apps learn of the removal. None tells what was written."""


class Due(NamedTuple):
    """A message whose time has passed."""

    fiscal_code: FiscalCode
    message_id: MessageId


class RetentionSweeps:
    """Find messages whose time has passed. Cost: one query for each search."""

    def __init__(self, store: DocumentStore) -> None:
        self._store = store

    async def due(self, now: datetime, limit: int) -> list[Due]:
        """Return messages whose time has passed, in any status."""
        where = (Condition("kept_until", "<=", timestamp(now)),)
        found = await self._store.sweep(MESSAGES, Sweep(where, limit, ("id", "fiscal_code")))
        return [Due(FiscalCode(one["fiscal_code"]), one["id"]) for one in found]

    async def read(self, due: Due) -> "DueMessage | None":
        """Return a message that was found, None where it is gone. Cost: one point read."""
        try:
            stored = await self._store.read(MESSAGES, due.fiscal_code, due.message_id)
        except NotFoundError:
            return None
        return DueMessage(message_of(stored.document), stored)

    async def keep(self, found: "DueMessage", until: str | None) -> None:
        """Keep a message as read until then; None to leave its end to its time to live.

        A message that has changed meanwhile is left as it is.
        """
        patch = PatchOperation("set", "/kept_until", until)
        if until is None:
            patch = PatchOperation("remove", "/kept_until")
        message = found.message
        with contextlib.suppress(NotFoundError, PreconditionFailedError):
            await self._store.patch(
                MESSAGES, message.fiscal_code, message.id, (patch,), if_match=found.stored.etag
            )

    async def expire(self, found: "DueMessage") -> None:
        """Leave of a message as read that it was there, for TOLD_TTL.

        A message that has changed meanwhile is left as it is, for the next run.
        """
        document = found.stored.document
        left = {name: document[name] for name in _LEFT if name in document} | {
            "status": "REMOVED",
            "content": None,
            "message_title": "",
            "category": {"tag": "GENERIC"},
            "has_attachments": False,
            "ttl": TOLD_TTL,
        }
        with contextlib.suppress(NotFoundError, PreconditionFailedError):
            await self._store.replace(MESSAGES, left, if_match=found.stored.etag)


class DueMessage(NamedTuple):
    """A message whose time has passed, and its document as read."""

    message: Message
    stored: Stored
