"""Format amounts, days, times and deadlines in each language. No other module formats them."""

from datetime import date, datetime, time
from typing import Final, NamedTuple

from lib.domain.profiles.choices import Language
from lib.domain.shared.deadline import Deadline


class _Forms(NamedTuple):
    """The forms of one language, with placeholders.

    `number` has {whole} and {cents}, `amount` has {number}; `day` has {number}, {month} and {year};
    `at` has {day}, {hour} and {minute}. `months`: the names of the twelve months. `short_day`: as
    `strftime` takes it.
    """

    thousands: str
    number: str
    amount: str
    first: str
    """The form of the first day of a month."""
    day: str
    at: str
    months: str
    short_day: str = "%d/%m/%Y"


_FORMS: Final[dict[Language, _Forms]] = {
    "it_IT": _Forms(
        ".",
        "{whole},{cents}",
        "{number} €",
        "1°",
        "{number} {month} {year}",
        "{day}, ore {hour}:{minute} (ora italiana)",
        "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre "
        "dicembre",
    ),
    "en_GB": _Forms(
        ",",
        "{whole}.{cents}",
        "€{number}",
        "1",
        "{number} {month} {year}",
        "{day}, {hour}:{minute} (Italian time)",
        "January February March April May June July August September October November December",
    ),
    "es_ES": _Forms(
        ".",
        "{whole},{cents}",
        "{number} €",
        "1",
        "{number} de {month} de {year}",
        "{day}, a las {hour}:{minute} (hora italiana)",
        "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    ),
    "de_DE": _Forms(
        ".",
        "{whole},{cents}",
        "{number} €",
        "1",
        "{number}. {month} {year}",
        "{day}, {hour}:{minute} Uhr (italienische Zeit)",
        "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
        "%d.%m.%Y",
    ),
    "fr_FR": _Forms(
        "\N{NARROW NO-BREAK SPACE}",
        "{whole},{cents}",
        "{number}\N{NO-BREAK SPACE}€",
        "1er",
        "{number} {month} {year}",
        "{day} à {hour}\N{NO-BREAK SPACE}h\N{NO-BREAK SPACE}{minute} (heure italienne)",
        "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    ),
}


def euros(cents: int, language: Language) -> str:
    """Format an amount in euro cents: 123456 is `1.234,56 €` in Italian."""
    return _FORMS[language].amount.format(number=number(cents, language))


def number(cents: int, language: Language) -> str:
    """Format an amount in euro cents without the sign of the euro: `1.234,56` in Italian."""
    forms = _FORMS[language]
    whole, rest = divmod(cents, 100)
    thousands = f"{whole:,}".replace(",", forms.thousands)
    return forms.number.format(whole=thousands, cents=f"{rest:02d}")


def day(of: date, language: Language) -> str:
    """Format a day: `1° luglio 2027`."""
    forms = _FORMS[language]
    return forms.day.format(
        number=forms.first if of.day == 1 else of.day,
        month=forms.months.split()[of.month - 1],
        year=of.year,
    )


def short_day(of: date, language: Language) -> str:
    """Format a day in digits: `01/07/2027`."""
    return of.strftime(_FORMS[language].short_day)


def deadline(of: Deadline, language: Language) -> str:
    """Format a deadline: a day, or a day and a time in Italy."""
    return day(of.day, language) if of.at is None else _at(of.day, of.at, language)


def moment(of: datetime, language: Language) -> str:
    """Format a time in Italy: `30 giugno 2027, ore 18:00 (ora italiana)`."""
    return _at(of.date(), of.time(), language)


def _at(of: date, clock: time, language: Language) -> str:
    written = day(of, language)
    return _FORMS[language].at.format(day=written, hour=f"{clock:%H}", minute=f"{clock:%M}")
