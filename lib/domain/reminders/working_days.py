"""Italy's working days: Monday to Friday, except holidays and the day of a patron saint."""

from datetime import date, timedelta
from functools import cache, lru_cache
from typing import Any, Final

_SATURDAY: Final = 5


@cache
def _holidays(province: str | None) -> Any:
    # loaded here: loading takes a quarter of a second, which would delay the start
    import holidays  # noqa: PLC0415

    return holidays.country_holidays("IT", subdiv=province)


def is_working_day(day: date, province: str | None = None) -> bool:
    """Tell whether offices are open; `province` as in ReminderPolicy.holidays_of."""
    return day.weekday() < _SATURDAY and day not in _holidays(province)


@lru_cache(maxsize=1024)
def working_day_before(day: date, province: str | None = None) -> date:
    """Return the day itself, or the last working day before it."""
    while not is_working_day(day, province):
        day -= timedelta(days=1)
    return day


def working_day_after(day: date, province: str | None = None) -> date:
    """Return the day itself, or the first working day after it."""
    while not is_working_day(day, province):
        day += timedelta(days=1)
    return day
