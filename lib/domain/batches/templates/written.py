"""Amounts and days as people write them."""

import re
from datetime import date
from typing import Final

MAX_EUROS: Final = 99_999_999

_AMOUNT: Final = re.compile(
    r"(?:\u20ac\s*)?"
    r"(\d{1,12}|\d{1,3}(?P<separator>[.,])\d{3}((?:(?P=separator)\d{3}){0,3}))"
    r"(?:([.,])(\d{1,2}))?"
    r"(?:\s*\u20ac)?",
    re.ASCII,
)
_NO_AMOUNT: Final = "must be an amount in euro, such as 1.234,50 or 84,50"
_ISO: Final = re.compile(r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})", re.ASCII)
_ITALIAN: Final = re.compile(
    r"(?P<day>\d{1,2})(?P<between>[/.])(?P<month>\d{1,2})(?P=between)(?P<year>\d{4})", re.ASCII
)


def cents_written(text: str) -> int:
    """Return an amount in euro cents: `1.234,50`, `1,234.50`, `1234.5` and `1234` are amounts.

    It may have the sign of the euro. Raise ValueError, also for `1.234`, which has two meanings.
    """
    found = _AMOUNT.fullmatch(text.strip())
    if found is None:
        raise ValueError(_NO_AMOUNT)
    whole, separator, more, point, cents = found.groups()
    if separator:
        if point == separator:
            raise ValueError(_NO_AMOUNT)
        if not more and not point:
            raise ValueError("may be thousands or decimals: write 1234,00 or 1,23")
        whole = whole.replace(separator, "")
    euros = int(whole)
    if euros > MAX_EUROS:
        raise ValueError(f"must be at most {MAX_EUROS} euro")
    return euros * 100 + (int(cents.ljust(2, "0")) if cents else 0)


def day_written(text: str) -> date:
    """Return a day: `2027-06-30`, `30/06/2027` and `30.6.2027` are days. Raise ValueError."""
    found = _ISO.fullmatch(text.strip()) or _ITALIAN.fullmatch(text.strip())
    try:
        if found:
            return date(int(found["year"]), int(found["month"]), int(found["day"]))
    except ValueError:
        pass
    raise ValueError("must be a day, such as 30/06/2027 or 2027-06-30")
