"""The times when a citizen may be disturbed: by day, outside the citizen's own quiet hours.

All times are by Italy's clock. The clock changes at night, so each minute from DAY_STARTS to
DAY_ENDS comes exactly once a day.
"""

from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Final

from lib.domain.shared.deadline import in_rome, rome

type QuietHours = tuple[time, time]
"""Start and end. An end before the start is on the day after."""

DAY_STARTS: Final = time(8)
DAY_ENDS: Final = time(21)

_HOUR: Final = 60
_MIDNIGHT: Final = 24 * _HOUR


@lru_cache(maxsize=4096)
def moment_on(day: date, hour: int, minute: int, quiet: QuietHours | None) -> datetime | None:
    """Return the allowed time of that day that is nearest to the wanted time, in UTC.

    None where quiet hours fill the day. `minute` spreads notifications of the same hour, also where
    quiet hours move them.
    """
    # cached for the same reason as `rome`
    windows = _windows(quiet)
    wanted = hour * _HOUR + minute
    for start, end in windows:
        if wanted < end:
            return _at(day, wanted if wanted >= start else min(start + minute, end - 1))
    if not windows:
        return None
    start, end = windows[-1]
    return _at(day, max(start, end - _HOUR + minute))


def closes(moment: datetime, quiet: QuietHours | None) -> datetime | None:
    """Return the time, in UTC, until which the citizen may be disturbed; None in quiet hours."""
    local = in_rome(moment)
    minute = _minutes(local.time())
    for start, end in _windows(quiet):
        if start <= minute < end:
            return _at(local.date(), end)
    return None


def opens(moment: datetime, quiet: QuietHours | None) -> datetime | None:
    """Return the first allowed time from `moment` on, in UTC; None if quiet hours fill the day."""
    local = in_rome(moment)
    windows = _windows(quiet)
    minute = _minutes(local.time())
    for start, end in windows:
        if minute < end:
            return moment if minute >= start else _at(local.date(), start)
    return _at(local.date() + timedelta(days=1), windows[0][0]) if windows else None


def _windows(quiet: QuietHours | None) -> list[tuple[int, int]]:
    """Return the allowed parts of the day in minutes, with the end of each part excluded."""
    day = (_minutes(DAY_STARTS), _minutes(DAY_ENDS))
    if quiet is None:
        return [day]
    start, end = (_minutes(clock) for clock in quiet)
    free = [(end, start)] if end <= start else [(0, start), (end, _MIDNIGHT)]
    cut = [(max(start, day[0]), min(end, day[1])) for start, end in free]
    return [(start, end) for start, end in cut if start < end]


def _minutes(clock: time) -> int:
    return clock.hour * _HOUR + clock.minute


def _at(day: date, minute: int) -> datetime:
    return rome(day, time(minute // _HOUR, minute % _HOUR))
