"""Record every call of the queues."""

from datetime import datetime, timedelta

from infra.costs.measuring.calls import QueueCall, Record
from lib.ports.queue import Queue, QueueItem


class RecordingQueue:
    """A queue that records calls; a `receive` is one operation for any number of items."""

    def __init__(self, queue: Queue, record: Record) -> None:
        self._queue = queue
        self._calls = record.queues

    async def put(self, queue: str, text: str, *, delay: timedelta = timedelta(0)) -> None:
        """See Queue."""
        await self._queue.put(queue, text, delay=delay)
        self._calls.append(QueueCall("put", queue))

    async def receive(
        self, queue: str, *, limit: int, visibility_timeout: timedelta
    ) -> list[QueueItem]:
        """See Queue."""
        self._calls.append(QueueCall("receive", queue))
        return await self._queue.receive(queue, limit=limit, visibility_timeout=visibility_timeout)

    async def update(
        self, queue: str, item: QueueItem, *, visibility_timeout: timedelta, text: str | None = None
    ) -> QueueItem:
        """See Queue."""
        self._calls.append(QueueCall("update", queue))
        return await self._queue.update(
            queue, item, visibility_timeout=visibility_timeout, text=text
        )

    async def delete(self, queue: str, item: QueueItem) -> None:
        """See Queue."""
        await self._queue.delete(queue, item)
        self._calls.append(QueueCall("delete", queue))

    async def length(self, queue: str) -> int:
        """See Queue."""
        return await self._queue.length(queue)

    async def oldest(self, queue: str) -> datetime | None:
        """See Queue."""
        return await self._queue.oldest(queue)

    async def close(self) -> None:
        """See Queue."""
        await self._queue.close()
