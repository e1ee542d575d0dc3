"""Wait for news of a batch, in place of a sender that would ask again and again."""

import asyncio
from collections.abc import Callable
from itertools import chain, repeat
from typing import Final

from lib.domain.services.service import Sender
from lib.use_cases.batches.follow_batch import FollowBatch, FollowedBatch

MOST_SECONDS: Final = 25
"""The longest wait, well below the four minutes after which Azure ends a request."""
MOST_WAITS: Final = 16
"""The waits of a process: half of the requests that an instance takes at a time."""
FIRST_PAUSES: Final = (0.25, 0.5, 1.0)
PAUSE: Final = 2.0


class AwaitBatch:
    """Read a batch with its progress, once it differs from what the sender knows.

    Cost: that of FollowBatch.progress at once, after each change and at the end. A look in between
    costs one point read; one query more while rows are sent. Looks come after 0.25 to 2 seconds:
    at most 15 in a wait.
    Concurrency: a wait holds no thread. A process has at most MOST_WAITS; a further call is
    answered at once, so waits cannot take all places of an instance. The platform does not tell a
    function that its client is gone, so the wait then goes on to its end.
    """

    def __init__(self, follow: FollowBatch) -> None:
        self._follow = follow
        self._waits = 0
        self._ends = asyncio.Event()

    async def __call__(
        self,
        sender: Sender,
        batch_id: str,
        seconds: float,
        is_known: Callable[[FollowedBatch], bool],
    ) -> FollowedBatch:
        """Return the batch once `is_known` denies it, or after `seconds`.

        Raise BatchNotFoundError, UnavailableError.
        """
        found = await self._follow.progress(sender, batch_id)
        may_wait = self._waits < MOST_WAITS and not self._ends.is_set()
        if seconds <= 0 or not may_wait or not is_known(found):
            return found
        self._waits += 1
        try:
            return await self._news(sender, found, seconds, is_known)
        finally:
            self._waits -= 1

    def end(self) -> None:
        """Answer all waits now, and further calls at once: the process ends."""
        self._ends.set()

    async def _news(
        self,
        sender: Sender,
        found: FollowedBatch,
        seconds: float,
        is_known: Callable[[FollowedBatch], bool],
    ) -> FollowedBatch:
        loop = asyncio.get_running_loop()
        end = loop.time() + seconds
        for pause in chain(FIRST_PAUSES, repeat(PAUSE)):
            left = end - loop.time()
            if await self._ended(min(pause, left)):
                return found
            is_last = left <= pause
            if is_last or await self._follow.has_changed(found):
                found = await self._follow.progress(sender, found.batch.id)
                if is_last or not is_known(found):
                    return found
        return found

    async def _ended(self, seconds: float) -> bool:
        """Pause; tell whether the process ends."""
        try:
            await asyncio.wait_for(self._ends.wait(), seconds)
        except TimeoutError:
            return False
        return True
