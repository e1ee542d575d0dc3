"""The times of timers: NCRONTAB expressions with six fields, in UTC."""

import re
from datetime import datetime

from cronsim import CronSim, CronSimError

_NUMBER = r"(?:\d{1,2}|[A-Z]{3})"
_TERM = rf"(?:\*|{_NUMBER}(?:-{_NUMBER})?)(?:/\d{{1,2}})?"
_FIELD = re.compile(rf"{_TERM}(?:,{_TERM})*")
_FIELDS, _WEEKDAY = 6, 5


class CronExpression:
    """The times at which a timer is due."""

    def __init__(self, expression: str) -> None:
        self._expression = expression

    def next_after(self, moment: datetime) -> datetime:
        """Return the first occurrence later than `moment` (aware, UTC)."""
        simulation = CronSim(self._expression, moment)
        # NCRONTAB wants both the day of month and the weekday to match; cron wants either.
        simulation.day_and = True
        return next(simulation)


def parse_expression(text: str) -> CronExpression:
    """Return the expression of a text.

    Raises: ValueError for a text that Azure refuses, and for two forms that the app does not use:
    intervals ("00:05:00") and long names ("MONDAY").
    """
    fields = text.upper().split()
    if len(fields) != _FIELDS or not all(_FIELD.fullmatch(field) for field in fields):
        message = (
            f"this host does not support {text!r}; it supports NCRONTAB with six fields, "
            "seconds first, of numbers, short names, * , - and /"
        )
        raise ValueError(message)
    if re.search(r"(?<![/\d])7", fields[_WEEKDAY]):
        message = f"{text!r}: weekdays are 0 (Sunday) to 6"
        raise ValueError(message)
    expression = CronExpression(" ".join(fields))
    try:
        expression.next_after(datetime.fromisoformat("2000-01-01T00:00:00Z"))
    except (CronSimError, StopIteration) as error:
        message = f"{text!r}: {str(error) or 'it is never due'}"
        raise ValueError(message) from None
    return expression
