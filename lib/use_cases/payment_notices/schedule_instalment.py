"""Plan when an instalment becomes a message of its own."""

from datetime import datetime

from lib.domain.shared.quiet_hours import opens
from lib.ports.clock import Clock
from lib.ports.documents import DocumentStore
from lib.repositories.scheduling.schedule import Schedule


class ScheduleInstalment:
    """Schedule when the next instalment of a notice becomes a message.

    An earlier entry of the same instalment stays; SubmitInstalment ignores it.
    Cost: one upsert.
    """

    def __init__(self, store: DocumentStore, clock: Clock) -> None:
        self._schedule = Schedule(store)
        self._clock = clock

    async def __call__(self, rpt_id: str, moment: datetime) -> None:
        """Plan it for then, or at once where that is past; never for the night."""
        now = self._clock.now()
        at = max(moment, now)
        await self._schedule.put_instalment(rpt_id, opens(at, None) or at, now)
