"""The age of a person, and the date of birth in a fiscal code."""

from datetime import date
from typing import Final

_MONTHS: Final = "ABCDEHLMPRST"
_DIGITS: Final = str.maketrans("LMNPQRSTUV", "0123456789")
"""Letters that replace digits where two persons would have the same code."""
_WOMEN: Final = 40
"""The number that the code of a woman adds to the day of birth."""


def age(born: date, today: date) -> int:
    """Return the age in full years. A person of 29 February turns on 1 March of other years."""
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def day_of_age(born: date, years: int) -> date:
    """Return the first day on which the person has this age in full years."""
    try:
        return born.replace(year=born.year + years)
    except ValueError:
        return date(born.year + years, 3, 1)


def youngest_birth_date(fiscal_code: str, today: date) -> date | None:
    """Return the latest date of birth that the fiscal code allows; None if it has no valid date.

    The code has two digits of the year, so each stands for two dates of the last 200 years.
    """
    year, day = (int(fiscal_code[at : at + 2].translate(_DIGITS)) for at in (6, 9))
    month = _MONTHS.index(fiscal_code[8]) + 1
    century = today.year - today.year % 100
    for century_start in (century, century - 100):
        try:
            born = date(century_start + year, month, day - _WOMEN if day > _WOMEN else day)
        except ValueError:
            continue
        if born <= today:
            return born
    return None
