"""Plan a citizen's digest of a day."""

from datetime import datetime

from lib.domain.shared.pseudonym import Pseudonyms
from lib.ports.clock import Clock
from lib.ports.documents import DocumentStore
from lib.repositories.scheduling.schedule import Schedule


class ScheduleDigest:
    """Schedule a citizen's digest of the day.

    The id of the entry is a pseudonym of the citizen.
    Cost: one upsert.
    Concurrency: the same digest scheduled twice changes nothing.
    """

    def __init__(self, store: DocumentStore, clock: Clock, pseudonyms: Pseudonyms) -> None:
        self._schedule = Schedule(store)
        self._clock = clock
        self._pseudonyms = pseudonyms

    async def __call__(self, fiscal_code: str, day: str, at: datetime) -> None:
        """Plan it for then."""
        name = self._pseudonyms.of(f"{fiscal_code} {day}")
        await self._schedule.put_digest(name, fiscal_code, day, at, self._clock.now())
