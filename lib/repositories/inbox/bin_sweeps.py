"""Find messages whose time in the bin has passed, by a query over all partitions.

Only the use cases of timers may call this module: a query costs some RU for each physical
partition.
"""

import contextlib
from datetime import datetime
from typing import NamedTuple

from lib.domain.shared.identifiers import FiscalCode, MessageId
from lib.domain.shared.values import timestamp
from lib.ports.documents import Condition, DocumentStore, PatchOperation, Sweep
from lib.ports.errors import NotFoundError, PreconditionFailedError
from lib.ports.schema.messages import MESSAGES
from lib.repositories.inbox.bin import OUT_OF_BIN


class Binned(NamedTuple):
    """A message whose time in the bin has passed."""

    fiscal_code: FiscalCode
    message_id: MessageId


class BinSweeps:
    """Find messages whose time in the bin has passed, and take them from their citizens.

    Cost: one query for each search, one patch for each message.
    """

    def __init__(self, store: DocumentStore) -> None:
        self._store = store

    async def full(self, now: datetime, limit: int) -> list[Binned]:
        """Return messages whose time in the bin has passed."""
        where = (Condition("binned_until", "<=", timestamp(now)),)
        found = await self._store.sweep(MESSAGES, Sweep(where, limit, ("id", "fiscal_code")))
        return [Binned(FiscalCode(one["fiscal_code"]), one["id"]) for one in found]

    async def remove(self, binned: Binned, now: datetime) -> None:
        """Take a message from its citizen, unless it was brought back or deleted again."""
        until = timestamp(now)
        with contextlib.suppress(NotFoundError, PreconditionFailedError):
            await self._store.patch(
                MESSAGES,
                binned.fiscal_code,
                binned.message_id,
                (PatchOperation("set", "/status", "REMOVED"), OUT_OF_BIN),
                where=(
                    Condition("status", "=", "BINNED"),
                    Condition("binned_until", "<=", until),
                ),
            )
