"""A due date as a citizen in Italy understands it: a day, or a day and an hour."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

ROME: Final = ZoneInfo("Europe/Rome")
MORNING: Final = time(9)
"""When a citizen is reminded, the day before."""

_DAY_S_ENDS: Final = (time(0, 0), time(23, 59))


@dataclass(frozen=True, slots=True)
class Deadline:
    """A day in Italy, and the time of day where the sender meant one; `moment` is in UTC."""

    day: date
    at: time | None
    moment: datetime

    @property
    def end(self) -> datetime:
        """When it is past, in UTC: of a day, the midnight after it."""
        if self.at is not None:
            return self.moment
        try:
            return rome(self.day + timedelta(days=1), time())
        except OverflowError:
            return datetime.max.replace(tzinfo=UTC)

    @property
    def lead(self) -> timedelta | None:
        """How long before it the morning of the day before is; None before there was such a day."""
        if self.at is None:
            # clocks change at night: from nine in the morning to midnight there is always this
            return timedelta(days=1) - timedelta(hours=MORNING.hour)
        try:
            morning = datetime.combine(self.day - timedelta(days=1), MORNING, ROME)
        except OverflowError:
            return None
        return self.moment - morning.astimezone(UTC)


def deadline_at(moment: datetime) -> Deadline:
    """Read a due date. Senders who mean a day send its first or its last minute.

    They do so in Italy's time or, where they left the zone out, in UTC: nobody means one or two
    in the night, which is what UTC's midnight is in Italy.
    """
    local = in_rome(moment)
    for clock in (local, moment):
        if clock.time().replace(second=0, microsecond=0) in _DAY_S_ENDS:
            return Deadline(clock.date(), None, moment)
    return Deadline(local.date(), local.time().replace(second=0, microsecond=0), moment)


@lru_cache(maxsize=4096)
def rome(day: date, clock: time) -> datetime:
    """Return in UTC when Italy's clocks show this; raise OverflowError at the calendar's ends."""
    # kept: what is due of many falls on the same few days
    return datetime.combine(day, clock, ROME).astimezone(UTC)


def in_rome(moment: datetime) -> datetime:
    """Return the moment by Italy's clock, by UTC's in the last hours of the year 9999."""
    try:
        return moment.astimezone(ROME)
    except OverflowError:
        return moment
