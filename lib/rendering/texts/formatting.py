"""Format amounts, days, times and deadlines in each language. No other module formats them."""

from datetime import date, datetime, time

from lib.domain.profiles.choices import Language
from lib.domain.shared.deadline import Deadline
from lib.rendering.texts.languages import phrases_of


def euros(cents: int, language: Language) -> str:
    """Format an amount in euro cents: 123456 is `1.234,56 €` in Italian, with a no-break space."""
    return phrases_of(language).formats.amount.format(number=number(cents, language))


def number(cents: int, language: Language) -> str:
    """Format an amount in euro cents without the sign of the euro: `1.234,56` in Italian."""
    forms = phrases_of(language).formats
    whole, rest = divmod(cents, 100)
    thousands = f"{whole:,}".replace(",", forms.thousands)
    return forms.number.format(whole=thousands, cents=f"{rest:02d}")


def day(of: date, language: Language) -> str:
    """Format a day: `1° luglio 2027`."""
    forms = phrases_of(language).formats
    return forms.day.format(
        number=forms.first if of.day == 1 else of.day,
        month=forms.months[of.month - 1],
        year=of.year,
    )


def short_day(of: date, language: Language) -> str:
    """Format a day in digits: `01/07/2027`."""
    return of.strftime(phrases_of(language).formats.short_day)


def deadline(of: Deadline, language: Language) -> str:
    """Format a deadline: a day, or a day and a time in Italy."""
    return day(of.day, language) if of.at is None else _at(of.day, of.at, language)


def moment(of: datetime, language: Language) -> str:
    """Format a time in Italy: `30 giugno 2027, ore 18:00 (ora italiana)`."""
    return _at(of.date(), of.time(), language)


def _at(of: date, clock: time, language: Language) -> str:
    written, form = day(of, language), phrases_of(language).formats.at
    return form.format(day=written, hour=f"{clock:%H}", minute=f"{clock:%M}")
