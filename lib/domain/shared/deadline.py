"""A due date as a citizen in Italy understands it: a day, or a day and an hour."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import lru_cache
from typing import Final, Self
from zoneinfo import ZoneInfo

ROME: Final = ZoneInfo("Europe/Rome")
MORNING: Final = time(9)
"""The time of a reminder on the day before."""

_DAY_S_ENDS: Final = (time(0, 0), time(23, 59))
_WINTER: Final = timezone(timedelta(hours=1))
_SUMMER: Final = timezone(timedelta(hours=2))


@dataclass(frozen=True, slots=True)
class Deadline:
    """A day in Italy, and the time of day if the sender meant one; `moment` is in UTC."""

    day: date
    at: time | None
    moment: datetime

    @property
    def end(self) -> datetime:
        """The time, in UTC, from which the deadline is past: for a day, the midnight after it."""
        if self.at is not None:
            return self.moment
        try:
            return rome(self.day + timedelta(days=1), time())
        except OverflowError:
            return datetime.max.replace(tzinfo=UTC)

    def is_past(self, now: datetime) -> bool:
        """Tell whether the deadline is past. No other code decides this."""
        return self.end <= now

    @property
    def lead(self) -> timedelta | None:
        """The time from the morning of the day before to the deadline.

        None for the first day of the calendar, which has no day before.
        """
        if self.at is None:
            # clocks change at night, so the time from nine in the morning to midnight is constant
            return timedelta(days=1) - timedelta(hours=MORNING.hour)
        try:
            morning = datetime.combine(self.day - timedelta(days=1), MORNING, ROME)
        except OverflowError:
            return None
        return self.moment - morning.astimezone(UTC)


class DueMoment(str):
    """A due date as `values.timestamp` writes it, with the day that its sender wrote.

    `day`, as `2027-06-30`: the day that the sender meant, where the time alone does not show it.
    """

    __slots__ = ("day",)
    day: str | None

    def __new__(cls, text: str, day: str | None = None) -> Self:
        """Return the text with the day beside it."""
        due = super().__new__(cls, text)
        due.day = day
        return due


def deadline_at(moment: datetime, day: str | None = None) -> Deadline:
    """Return the deadline of a due date; `day` as in DueMoment.

    A sender that means a day sends the first or the last minute of the day. The sender's clock is
    Italy's clock, UTC, or Italy's clock of the other season, which some senders use all year. No
    sender means a time in the night. The result is never later than the due date by Italy's clock.
    """
    if day is not None:
        return Deadline(date.fromisoformat(day), None, moment)
    local = in_rome(moment)
    for clock in (local, moment, _other_season(local)):
        if _ends_a_day(clock) and clock.date() <= local.date():
            return Deadline(clock.date(), None, moment)
    return Deadline(local.date(), local.time().replace(second=0, microsecond=0), moment)


def day_written(clock: datetime) -> str | None:
    """Return the day that begins or ends at `clock`, as the sender wrote it.

    None for another time, and where the UTC time alone shows the day. `clock` has an offset.
    """
    if not _ends_a_day(clock):
        return None
    guessed = deadline_at(clock.astimezone(UTC))
    is_guessed = guessed.at is None and guessed.day == clock.date()
    return None if is_guessed else clock.date().isoformat()


def _ends_a_day(clock: datetime) -> bool:
    return clock.time().replace(second=0, microsecond=0) in _DAY_S_ENDS


def _other_season(local: datetime) -> datetime:
    """Return the time by Italy's clock of the other season (summer or winter time)."""
    try:
        return local.astimezone(_WINTER if local.dst() else _SUMMER)
    except OverflowError:
        return local


@lru_cache(maxsize=4096)
def rome(day: date, clock: time) -> datetime:
    """Return the time in UTC at which Italy's clocks show this day and time.

    Raise OverflowError at the ends of the calendar.
    """
    # cached, since many due dates are on the same few days
    return datetime.combine(day, clock, ROME).astimezone(UTC)


def in_rome(moment: datetime) -> datetime:
    """Return the time by Italy's clock; by UTC in the last hours of the year 9999."""
    try:
        return moment.astimezone(ROME)
    except OverflowError:
        return moment


def midnight(day: date, days: int = 0) -> datetime | None:
    """Return the first moment in Italy, so many days later; None beyond the calendar's ends."""
    try:
        return rome(day + timedelta(days=days), time())
    except OverflowError:
        return None
