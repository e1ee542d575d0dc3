"""Values in a query: numbers, flags and days, written in one way only."""

import re
from datetime import date
from typing import Annotated, Final

from pydantic import BeforeValidator, Field

_DAY: Final = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _flag(value: object) -> object:
    """Accept only `true` and `false`, as IO does; in a body, booleans."""
    if isinstance(value, bool):
        return value
    return {"true": True, "false": False}.get(str(value), str(value))


def _digits(value: object) -> object:
    """Accept only digits, without the spaces and underscores that Python allows in numbers."""
    if isinstance(value, str) and not (value.isascii() and value.isdigit()):
        raise ValueError("must be a whole number")
    return value


def _day(value: object) -> object:
    """Accept only a full date, neither a time of day nor a number of seconds."""
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise ValueError("must be a day such as 2026-11-24")
    return value


QueryFlag = Annotated[bool, Field(strict=True), BeforeValidator(_flag)]
DIGITS: Final = BeforeValidator(_digits)
Day = Annotated[date, BeforeValidator(_day)]
Continuation = Annotated[
    str | None,
    Field(
        max_length=1024,
        description="The `next` of the page before. Absent: the first page.",
        pattern="^[0-9A-Za-z_=-]*$",
    ),
]
"""The mark of a page, for lists of which `next` names the next page."""
