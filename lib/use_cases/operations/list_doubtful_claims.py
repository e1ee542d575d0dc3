"""List the deliveries that may or may not have been sent."""

import asyncio
from typing import Final

from lib.domain.notifications.delivery import DeliveryStatus, DoubtfulClaim
from lib.ports.clock import Clock
from lib.repositories.operations.doubtful_claims import DOUBTFUL, DoubtfulClaims
from lib.repositories.operations.sweeps import Sweeps
from lib.use_cases.notifications.send_once import SENDING

CLAIMS_PER_QUERY: Final = 100
MOST: Final = 20
"""The most rounds of one run; the next run continues."""


class ListDoubtfulClaims:
    """Collect doubtful claims for operators. A timer calls `collect`, a request reads the list.

    Only a timer may query all partitions, so a request reads the list that the timer made.
    """

    def __init__(self, sweeps: Sweeps, listed: DoubtfulClaims, clock: Clock) -> None:
        self._sweeps = sweeps
        self._listed = listed
        self._clock = clock

    async def collect(self) -> int:
        """Collect the new doubtful claims and return their number.

        Cost: two queries for each status, and an upsert and a patch for each claim.
        """
        now, count = self._clock.now(), 0
        for status in DOUBTFUL:
            for _ in range(MOST):
                found = await self._sweeps.claims(status, now - SENDING, CLAIMS_PER_QUERY)
                await asyncio.gather(*map(self._collect, found))
                count += len(found)
                if len(found) < CLAIMS_PER_QUERY:
                    break
        return count

    async def _collect(self, claim: DoubtfulClaim) -> None:
        await self._listed.add(claim)
        await self._sweeps.mark_listed(claim, self._clock.now())

    async def __call__(
        self, status: DeliveryStatus, limit: int, continuation: str | None
    ) -> tuple[list[DoubtfulClaim], str | None]:
        """Return a page of the claims in their current state, and the start of the next page."""
        return await self._listed.page(status, limit, continuation)
