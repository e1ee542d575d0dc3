"""Return the statistics of a service's payment messages."""

from datetime import date
from typing import NamedTuple

from lib.domain.shared.deadline import in_rome
from lib.domain.shared.identifiers import ServiceId
from lib.domain.statistics.statistics import Counts, period, shown, totals
from lib.ports.clock import Clock
from lib.repositories.statistics.statistics import Statistics


class PaymentStatistics(NamedTuple):
    """The counts of each day of the period, in order, and their totals."""

    days: dict[date, Counts]
    totals: Counts


class ReadPaymentStatistics:
    """Return a service's payment statistics by day.

    Cost: see Statistics.days.
    """

    def __init__(self, statistics: Statistics, clock: Clock) -> None:
        self._statistics = statistics
        self._clock = clock

    async def __call__(
        self, service_id: ServiceId, first: date | None, last: date | None
    ) -> PaymentStatistics:
        """Return the statistics of the days in Italy from `first` to `last`; see `period`.

        Raise InvalidPeriodError.
        """
        today = in_rome(self._clock.now()).date()
        days = period(first, last, today)
        found = await self._statistics.days(service_id, days[0], days[-1], today)
        counts = {day: shown(found.get(day, {})) for day in days}
        return PaymentStatistics(counts, totals(counts.values()))
