"""Schedule the time at which an instalment becomes a message of its own."""

from datetime import datetime

from lib.domain.shared.identifiers import RptId
from lib.domain.shared.quiet_hours import opens
from lib.ports.clock import Clock
from lib.ports.queueing.items.messages import InstalmentDue
from lib.ports.queueing.names import INSTALMENT_DUE
from lib.repositories.scheduling.schedule import Entry, Schedule


class ScheduleInstalment:
    """Schedule the time at which an instalment becomes a message.

    Earlier entries of the instalment stay: SubmitInstalment decides when their items are due.
    Cost: one upsert.
    """

    def __init__(self, schedule: Schedule, clock: Clock) -> None:
        self._schedule = schedule
        self._clock = clock

    async def __call__(self, rpt_id: RptId, moment: datetime) -> None:
        """Schedule the instalment for this time, or at once for a past time; never at night."""
        now = self._clock.now()
        at = max(moment, now)
        at = opens(at, None) or at
        entry = Entry(INSTALMENT_DUE, rpt_id, at, InstalmentDue(rpt_id=rpt_id))
        await self._schedule.put(entry, now)
