"""Store the counts of a service's week, which until then are made when they are read."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import date

from lib.domain.shared.identifiers import ServiceId
from lib.domain.statistics.weeks import folds_at, week_of
from lib.ports.clock import Clock
from lib.ports.queueing.items.messages import FoldDue
from lib.repositories.statistics.folds import Folds

type Fold = Callable[[ServiceId, date], Awaitable[None]]
"""Stores the counts of a service's week."""


class FoldWeek:
    """Fold a week in each of the places that count.

    Cost: one query for each part of a service, and one create in each place.
    Concurrency: a repeated run changes nothing.
    """

    def __init__(self, folds: Folds, places: Sequence[Fold], clock: Clock) -> None:
        self._folds = folds
        self._places = places
        self._clock = clock

    async def __call__(self, item: FoldDue) -> None:
        """Fold the week, or put an item that came too early back into the schedule."""
        now, week = self._clock.now(), week_of(date.fromisoformat(item.week))
        if now < folds_at(week):
            # a process with a clock ahead queued the item and removed it from the schedule
            await self._folds.schedule(item.service_id, week, now)
            return
        for fold in self._places:
            await fold(item.service_id, week)
