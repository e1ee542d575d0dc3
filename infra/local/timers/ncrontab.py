"""Timer schedules: NCRONTAB with six fields, and TimeSpan intervals."""

import re
from datetime import datetime, timedelta
from typing import Protocol

from cronsim import CronSim, CronSimError

from infra.local.settings.timespan import parse_timespan

_NUMBER = r"(?:\d{1,2}|[A-Z]{3})"
_TERM = rf"(?:\*|{_NUMBER}(?:-{_NUMBER})?)(?:/\d{{1,2}})?"
_FIELD = re.compile(rf"{_TERM}(?:,{_TERM})*")
_FIELDS, _WEEKDAY = 6, 5
_LONG_NAMES = re.compile(
    r"\b(SUN|MON|TUES|WEDNES|THURS|FRI|SATUR)DAY\b|"
    r"\b(JANUARY|FEBRUARY|MARCH|APRIL|JUNE|JULY|AUGUST|SEPTEMBER|OCTOBER|NOVEMBER|DECEMBER)\b"
)


class Schedule(Protocol):
    """When a timer is due."""

    def next_after(self, moment: datetime) -> datetime:
        """Return the first occurrence later than `moment` (aware, UTC)."""
        ...


class _Every:
    def __init__(self, interval: timedelta) -> None:
        self._interval = interval

    def next_after(self, moment: datetime) -> datetime:
        return moment + self._interval


class _Cron:
    def __init__(self, expression: str) -> None:
        self._expression = expression

    def next_after(self, moment: datetime) -> datetime:
        simulation = CronSim(self._expression, moment)
        # NCRONTAB wants both the day of month and the weekday to match; cron wants either.
        simulation.day_and = True
        return next(simulation)


def parse_schedule(text: str) -> Schedule:
    """Read a schedule; raise ValueError for what Azure would refuse."""
    if ":" in text:
        interval = parse_timespan(text)
        if interval <= timedelta(0):
            msg = f"{text!r}: an interval must be longer than nothing"
            raise ValueError(msg)
        return _Every(interval)
    fields = _LONG_NAMES.sub(lambda m: m[0][:3], text.upper()).split()
    if len(fields) != _FIELDS or not all(_FIELD.fullmatch(field) for field in fields):
        msg = f"{text!r} is not NCRONTAB: six fields, seconds first, of numbers, names, * , - and /"
        raise ValueError(msg)
    if re.search(r"(?<![/\d])7", fields[_WEEKDAY]):
        msg = f"{text!r}: weekdays are 0 (Sunday) to 6"
        raise ValueError(msg)
    schedule = _Cron(" ".join(fields))
    try:
        schedule.next_after(datetime.fromisoformat("2000-01-01T00:00:00Z"))
    except (CronSimError, StopIteration) as error:
        msg = f"{text!r}: {str(error) or 'it is never due'}"
        raise ValueError(msg) from None
    return schedule
