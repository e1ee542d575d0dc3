"""Take from citizens the messages whose time in the bin has passed."""

import asyncio
import time
from typing import Final

from lib.ports.clock import Clock
from lib.repositories.inbox.bin_sweeps import BinSweeps

PER_QUERY: Final = 100
MAX_RUN_SECONDS: Final = 120.0


class EmptyBins:
    """Remove the messages whose time in the bin has passed, for their citizens only.

    Each list of the bin leaves them out from that moment on, before this run. The sender reads the
    message as before.
    Cost: one query over all partitions, and one patch for each message.
    Concurrency: a repeated run changes nothing; a message that was brought back meanwhile stays.
    """

    def __init__(self, sweeps: BinSweeps, clock: Clock) -> None:
        self._sweeps = sweeps
        self._clock = clock

    async def __call__(self) -> int:
        """Return the number of messages found. The next run goes on where this one ended."""
        end, count = time.monotonic() + MAX_RUN_SECONDS, 0
        while time.monotonic() < end:
            now = self._clock.now()
            found = await self._sweeps.full(now, PER_QUERY)
            await asyncio.gather(*(self._sweeps.remove(one, now) for one in found))
            count += len(found)
            if len(found) < PER_QUERY:
                break
        return count
