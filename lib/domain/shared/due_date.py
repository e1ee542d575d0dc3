"""Due dates as senders write them: in IO's form, and in the form of the payment notices."""

from datetime import date, datetime, time, timedelta
from typing import Annotated, Final

from pydantic import AfterValidator, Field

from lib.domain.shared.deadline import ROME, DueMoment, day_written
from lib.domain.shared.values import IOType, parse_clock, timestamp, zoned

LATEST_DUE: Final = timedelta(days=5 * 365 + 1)
"""The maximum time to a due date. A later date, such as 2099-12-31, means "no due date"."""


def due_moment(text: str) -> DueMoment:
    """Return a due date in UTC, with the day that the sender's clock shows."""
    clock = parse_clock(text)
    return DueMoment(timestamp(clock), day_written(clock))


def day_or_moment(text: str) -> DueMoment:
    """Return a due date by the rule of DueDate: a day, or a date and time with its zone."""
    if "T" in text:
        return due_moment(zoned(text))
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    # fromisoformat also accepts other ISO 8601 dates, such as week dates
    if day is None or day.isoformat() != text:
        msg = "must be a day such as 2027-06-30, or a date and time such as 2027-06-30T10:00:00Z"
        raise ValueError(msg)
    return DueMoment(timestamp(datetime.combine(day, time(23, 59, 59), ROME)))


IODueDate = Annotated[
    str,
    AfterValidator(due_moment),
    Field(json_schema_extra={"format": "date-time"}),
    IOType(
        ("UtcOnlyIsoDateFromString", "TimezoneOnlyIsoDateFromString"),
        "must be a date and time with seconds, such as 2027-06-30T21:59:59Z",
        "NOT_A_TIME",
    ),
]
"""IO's due date: a date and time without a zone is in UTC."""
DueDate = Annotated[
    str,
    AfterValidator(day_or_moment),
    Field(
        description="A day in Europe/Rome, at whose end it is due, or a date and time with a zone.",
        json_schema_extra={"anyOf": [{"format": "date"}, {"format": "date-time"}]},
    ),
    IOType(("day or date and time",)),
]
