"""Amounts and dates as an Italian reader expects them."""

from datetime import date
from typing import Final

from lib.domain.deadline import Deadline

_MONTHS: Final = [
    "gennaio",
    "febbraio",
    "marzo",
    "aprile",
    "maggio",
    "giugno",
    "luglio",
    "agosto",
    "settembre",
    "ottobre",
    "novembre",
    "dicembre",
]


def euros(cents: int) -> str:
    """Write an amount of euro cents: 123456 is `1.234,56 €`."""
    whole, rest = divmod(cents, 100)
    thousands = f"{whole:,}".replace(",", ".")
    return f"{thousands},{rest:02d} €"


def day(of: date) -> str:
    """Write a day in full: `1° luglio 2027`."""
    number = "1°" if of.day == 1 else str(of.day)
    return f"{number} {_MONTHS[of.month - 1]} {of.year}"


def deadline(of: Deadline) -> str:
    """Write a deadline: `30 giugno 2027`, or `30 giugno 2027, ore 18:00 (ora italiana)`."""
    if of.at is None:
        return day(of.day)
    return f"{day(of.day)}, ore {of.at:%H:%M} (ora italiana)"
