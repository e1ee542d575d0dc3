"""Port to queues, with Azure Storage Queue's semantics on every engine."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

MAX_TEXT_BYTES = 48 * 1024
"""UTF-8 bytes of an item's text: 64 KiB on the wire once base64 has grown it by a third."""

MAX_DELAY = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class QueueItem:
    """An item as received; `pop_receipt` proves this receipt, void once it is received again."""

    id: str
    text: str
    dequeue_count: int
    inserted_at: datetime
    pop_receipt: str


class Queue(Protocol):
    """At-least-once delivery; no order promised; items never expire.

    Any method may raise UnavailableError; a `put` that did may still have happened.
    """

    async def put(self, queue: str, text: str, *, delay: timedelta = timedelta(0)) -> None:
        """Durable on return. Visible after `delay`, 0 to 7 days. Raise LimitError over 48 KiB."""
        ...

    async def receive(
        self, queue: str, *, limit: int, visibility_timeout: timedelta
    ) -> list[QueueItem]:
        """Take up to `limit` (1 to 32) visible items, hidden from others for the timeout."""
        ...

    async def update(
        self, queue: str, item: QueueItem, *, visibility_timeout: timedelta, text: str | None = None
    ) -> QueueItem:
        """Hide the item for the timeout from now, with its text replaced where one is given.

        Raise NotFoundError when the receipt is void.
        """
        ...

    async def delete(self, queue: str, item: QueueItem) -> None:
        """Raise NotFoundError when the receipt is void."""
        ...

    async def length(self, queue: str) -> int:
        """Return how many items there are, hidden ones included."""
        ...

    async def oldest(self, queue: str) -> datetime | None:
        """Return when the longest waiting of the items at the front was put; hidden ones apart.

        None where nothing is visible. "At the front" are 32, the most that a service shows.
        """
        ...

    async def close(self) -> None:
        """Release connections and files."""
        ...
