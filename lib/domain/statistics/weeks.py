"""The weeks by which counts are stored: until a week is folded, its counts are made when read."""

from datetime import date, datetime, time, timedelta
from typing import Final

from lib.domain.shared.deadline import in_rome, rome

CLOSES_AFTER: Final = timedelta(days=1)
"""The time from a week's end until nothing may be counted with the week any more."""
FOLDS_AFTER: Final = timedelta(days=2)
"""The time from a week's end until its fold: a day longer, since clocks and writes may be slow."""
COUNTED_DAYS: Final = 35
"""The days before today whose counts are made when they are read, unless they are folded."""
AHEAD: Final = timedelta(days=60)
"""The farthest day in the future that is counted with its week, before its marks expire."""
LEAST_LIFE: Final = timedelta(days=20)
"""The least life, from its day on, of what is counted with its week: from the week's begin to its
fold."""
_WEEK: Final = timedelta(days=7)
_APART: Final = ":"
_BEHIND: Final = ";"
"""The character after `_APART`."""


def week_of(day: date) -> date:
    """Return the Monday of the day's week."""
    return day - timedelta(days=day.weekday())


def weeks_between(first: date, last: date) -> list[date]:
    """Return the Mondays of all weeks that have a day of the period."""
    week, weeks = week_of(first), []
    while week <= last:
        weeks.append(week)
        if week > date.max - _WEEK:
            break
        week += _WEEK
    return weeks


def end_of(week: date) -> datetime:
    """Return the midnight in Italy after the week's Sunday. Raise OverflowError."""
    return rome(week + _WEEK, time())


def folds_at(week: date) -> datetime:
    """Return the time of the week's fold. Raise OverflowError."""
    return end_of(week) + FOLDS_AFTER


def is_open(day: date, now: datetime) -> bool:
    """Tell whether what happened on this day is counted with its week, and not on its own."""
    if day > in_rome(now).date() + AHEAD:
        return False
    return now < end_of(week_of(day)) + CLOSES_AFTER


def may_be_unfolded(week: date, today: date) -> bool:
    """Tell whether the counts of the week are made when they are read, if it is not folded."""
    return week > today - timedelta(days=COUNTED_DAYS) - _WEEK


def tally_of(day: date | str, name: str) -> str:
    """Return the name under which a day and a counter are counted."""
    return f"{day}{_APART}{name}"


def tally_parts(tally: str) -> tuple[str, str]:
    """Return the day and the counter of a tally."""
    day, _, name = tally.partition(_APART)
    return day, name


def tallies_between(first: date, last: date) -> tuple[str, str]:
    """Return the bounds of the period's tallies: not before the first, and before the second."""
    return first.isoformat(), f"{last}{_BEHIND}"
