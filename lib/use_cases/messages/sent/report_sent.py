"""Report how many messages a service sent, by day and status."""

from collections import Counter
from datetime import date
from typing import NamedTuple

from lib.domain.messages.sent_entry import StatusCounts
from lib.domain.services.service import Sender
from lib.domain.shared.deadline import in_rome
from lib.domain.statistics.statistics import period
from lib.ports.clock import Clock
from lib.repositories.messages.sent.sent_lists import SentLists


class SentReport(NamedTuple):
    """The counts of each day of the period, in order, and their sums."""

    days: dict[date, StatusCounts]
    totals: StatusCounts


class ReportSent:
    """Count a service's messages by the day of their acceptance and their present status.

    Small counts are shown: a sender may read the status of each of its messages.
    Cost: see SentLists.days.
    """

    def __init__(self, lists: SentLists, clock: Clock) -> None:
        self._lists = lists
        self._clock = clock

    async def __call__(self, sender: Sender, first: date | None, last: date | None) -> SentReport:
        """Return the counts of the days in Italy from `first` to `last`; see `period`.

        Raise InvalidPeriodError.
        """
        today = in_rome(self._clock.now()).date()
        days = period(first, last, today)
        service_id, account = sender.service.id, sender.owner.user_id
        found = await self._lists.days(service_id, account, days[0], days[-1], today)
        counts = {day: found.get(day, Counter[str]()) for day in days}
        totals = sum(counts.values(), Counter[str]())
        return SentReport(
            {day: StatusCounts.of(one) for day, one in counts.items()}, StatusCounts.of(totals)
        )
