"""Plan the fold of a service's week before anything is counted with the week."""

import hashlib
from datetime import date, datetime, timedelta
from typing import Final

from lib.domain.shared.identifiers import ServiceId
from lib.domain.statistics.weeks import folds_at, is_open, week_of
from lib.ports.queueing.items.messages import FoldDue
from lib.ports.queueing.names import FOLD_DUE
from lib.repositories.scheduling.schedule import Entry, Schedule

MAX_KNOWN: Final = 10_000
_SPREAD_SECONDS: Final = 24 * 60 * 60
"""The folds of all services are spread over a day."""


class Folds:
    """The planned folds of all services."""

    def __init__(self, schedule: Schedule) -> None:
        self._schedule = schedule
        self._known: set[tuple[ServiceId, date]] = set()

    async def plan(self, service_id: ServiceId, day: date, now: datetime) -> bool:
        """Return whether the day is counted with its week; then the fold of the week is planned.

        Raise UnavailableError.
        Cost: one upsert for each service and week in each process.
        """
        if not is_open(day, now):
            return False
        known = service_id, week_of(day)
        if known not in self._known:
            await self.schedule(*known, now)
            if len(self._known) >= MAX_KNOWN:
                self._known.clear()
            self._known.add(known)
        return True

    async def schedule(self, service_id: ServiceId, week: date, now: datetime) -> None:
        """Schedule the fold of a week. Cost: one upsert."""
        await self._schedule.put(fold_entry(service_id, week), now)


def fold_entry(service_id: ServiceId, week: date) -> Entry:
    """Return the entry by which a week is folded, always the same one."""
    # an id of the schedule has no room for the longest id of a service
    name = hashlib.sha256(service_id.encode()).hexdigest()[:32]
    at = folds_at(week) + timedelta(seconds=int(name, 16) % _SPREAD_SECONDS)
    return Entry(FOLD_DUE, name, at, FoldDue(service_id=service_id, week=week.isoformat()))
