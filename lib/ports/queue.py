"""Port to queues, with Azure Storage Queue's semantics on every engine."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

POISON_SUFFIX = "-poison"
"""The suffix of the name of a queue's poison queue."""
MAX_TEXT_BYTES = 48 * 1024
"""The most UTF-8 bytes of an item's text: base64 makes them 64 KiB on the wire."""

MAX_DELAY = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class QueueItem:
    """A received item; `pop_receipt` is void once the item is received again."""

    id: str
    text: str
    dequeue_count: int
    inserted_at: datetime
    pop_receipt: str


class Queue(Protocol):
    """Queues with at-least-once delivery, without an order; items never expire.

    Raises: UnavailableError, from any method. The `put` may have happened all the same.
    """

    async def put(self, queue: str, text: str, *, delay: timedelta = timedelta(0)) -> None:
        """Put an item that becomes visible after `delay`, 0 to 7 days.

        The item is durable on return.
        Raises: LimitError for a text of more than 48 KiB.
        """
        ...

    async def receive(
        self, queue: str, *, limit: int, visibility_timeout: timedelta
    ) -> list[QueueItem]:
        """Receive up to `limit` (1 to 32) visible items and hide them for the timeout."""
        ...

    async def update(
        self, queue: str, item: QueueItem, *, visibility_timeout: timedelta, text: str | None = None
    ) -> QueueItem:
        """Hide an item for the timeout from now, and replace its text if one is given.

        Raises: NotFoundError if the receipt is void.
        """
        ...

    async def delete(self, queue: str, item: QueueItem) -> None:
        """Delete an item.

        Raises: NotFoundError if the receipt is void.
        """
        ...

    async def length(self, queue: str) -> int:
        """Return the number of items of a queue, hidden items included."""
        ...

    async def oldest(self, queue: str) -> datetime | None:
        """Return the put time of the oldest item among the first 32 visible items, or None.

        The service shows at most 32 items.
        """
        ...

    async def close(self) -> None:
        """Release connections and files."""
        ...
