"""Let an erased citizen's entries leave the subscriptions feed."""

from datetime import timedelta
from typing import Final

from lib.domain.profiles.subscriptions import hash_of
from lib.ports.clock import Clock
from lib.repositories.personal_data.erasing.erasure_sweeps import ErasureSweeps

LEFT: Final = timedelta(days=30)
"""The time in which senders learn from the feed that the citizen left."""


class EraseFeed:
    """Delete the citizen's older entries, and let those of the last LEFT expire.

    The feed names citizens by the SHA-256 of the fiscal code, as IO does. A code is found from it
    by trying all codes, so the hash is personal data as well.
    Cost: two searches of all partitions, and a write for each entry.
    Concurrency: a repeated run finds no older entries, and lets the others expire later.
    """

    def __init__(self, sweeps: ErasureSweeps, clock: Clock) -> None:
        self._sweeps = sweeps
        self._clock = clock

    async def __call__(self, fiscal_code: str) -> None:
        """Return once no entry lives longer than LEFT. Raise UnavailableError."""
        await self._sweeps.leave_feed(hash_of(fiscal_code), self._clock.now() - LEFT, LEFT)
