"""Cache values that are loaded at their first use."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from typing import Final

from cachetools import TTLCache

MAX_ENTRIES: Final = 10_000


class LoadingCache[K: Hashable, V]:
    """Cache each loaded value for `seconds`, and each key without a value for `absent_seconds`.

    The age of a value counts from the start of its load. The cache has at most `most` values and
    `most` keys without a value; a new entry replaces the least recently used entry.
    Cost: one load for a key that is not cached.
    Concurrency: one load serves all calls that ask for its key meanwhile. A failed load raises in
    all of them, and is not cached.
    """

    def __init__(
        self,
        load: Callable[[K], Awaitable[V | None]],
        *,
        seconds: float,
        absent_seconds: float = 0,
        most: int = MAX_ENTRIES,
    ) -> None:
        self._load = load
        self._loads = TTLCache[K, asyncio.Task[V | None]](most, seconds)
        self._absent = TTLCache[K, None](most, absent_seconds)

    def __contains__(self, key: K) -> bool:
        """Tell whether the key has a cached value, or is being loaded."""
        return key in self._loads

    async def get(self, key: K) -> V | None:
        """Return the value, None for a key without a value. Raise the error of the load."""
        try:
            task = self._loads[key]
        except KeyError:
            if key in self._absent:
                return None
            task = self._loads[key] = asyncio.create_task(self._run(key))
            # read the error, since asyncio reports an unread error if all waiters were cancelled
            task.add_done_callback(lambda done: done.cancelled() or done.exception())
        return task.result() if task.done() else await asyncio.shield(task)

    async def _run(self, key: K) -> V | None:
        """Load the value. The load itself updates the cache, since each waiter may be cancelled."""
        task = asyncio.current_task()
        value = None
        try:
            value = await self._load(key)
        finally:
            if value is None and self._loads.get(key) is task:
                del self._loads[key]
        if value is None:
            self._absent[key] = None
        return value
