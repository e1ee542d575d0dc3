"""Schedule a citizen's digest of a day."""

from datetime import datetime

from lib.domain.shared.pseudonym import Pseudonyms
from lib.ports.clock import Clock
from lib.ports.queueing.items.notifications import DigestDue
from lib.ports.queueing.names import DIGEST_DUE
from lib.repositories.scheduling.schedule import Entry, Schedule


class ScheduleDigest:
    """Schedule a citizen's digest of a day.

    A pseudonym of the citizen and the day name the entry, so scheduling the same digest again
    changes nothing.
    Cost: one upsert.
    """

    def __init__(self, schedule: Schedule, clock: Clock, pseudonyms: Pseudonyms) -> None:
        self._schedule = schedule
        self._clock = clock
        self._pseudonyms = pseudonyms

    async def __call__(self, fiscal_code: str, day: str, at: datetime) -> None:
        """Schedule the digest of the day for this moment."""
        name = self._pseudonyms.of(f"{fiscal_code} {day}")
        item = DigestDue(fiscal_code=fiscal_code, day=day)
        await self._schedule.put(Entry(DIGEST_DUE, name, at, item), self._clock.now())
