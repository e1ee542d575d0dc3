"""The texts of notifications, in every language."""

import itertools
import string
import tomllib
from dataclasses import asdict, replace
from datetime import UTC, date, datetime, time, timedelta
from importlib.resources import files
from pathlib import Path
from typing import get_args
from zoneinfo import ZoneInfo

import pytest

from lib.domain.profiles.choices import Language
from lib.domain.shared.countdown import days_left
from lib.domain.shared.deadline import deadline_at
from lib.ports.queueing.items.notifications import NotificationKind
from lib.rendering.texts import formatting
from lib.rendering.texts.languages import phrases_of, written_languages
from lib.rendering.texts.notification import NotificationFacts, NotificationText, notification_text

ROME = ZoneInfo("Europe/Rome")
ORGANIZATION, SUBJECT = "Comune {di} Esempio", "Tassa sui 100% rifiuti {amount}"
LANGUAGES: tuple[Language, ...] = written_languages()
CATALOGUE = Path(str(files("lib.rendering.texts"))) / "catalogue"
KINDS: tuple[NotificationKind, ...] = get_args(NotificationKind)
CASES = list(
    itertools.product(KINDS, LANGUAGES, (False, True), (None, 0, 1, 2, 7, 30), (1, 2, 250))
)


def about(
    *, is_payment: bool = False, days: int | None = None, count: int = 1
) -> NotificationFacts:
    """Return the subject of a notification."""
    return NotificationFacts(
        ORGANIZATION, SUBJECT, is_payment=is_payment, days_left=days, count=count
    )


@pytest.mark.parametrize(
    ("kind", "told", "full", "title", "body"),
    [
        ("MESSAGE", about(), False, "Hai un nuovo messaggio", "Entra nell'app per leggerlo"),
        ("MESSAGE", about(), True, ORGANIZATION, SUBJECT),
        ("UNREAD", about(), False, "Hai un messaggio non letto", "Entra nell'app per leggerlo"),
        ("UNREAD", about(), True, f"Leggi il messaggio da {ORGANIZATION}", SUBJECT),
        (
            "REMINDER",
            about(is_payment=True),
            False,
            "Hai un avviso da pagare",
            "Entra nell'app per pagarlo",
        ),
        (
            "REMINDER",
            about(is_payment=True, days=7),
            False,
            "Hai un avviso da pagare",
            "Scade tra 7 giorni: entra nell'app per pagarlo",
        ),
        (
            "REMINDER",
            about(is_payment=True, days=1),
            False,
            "Hai un avviso che scade domani",
            "Entra nell'app per pagarlo",
        ),
        (
            "REMINDER",
            about(is_payment=True, days=1),
            True,
            "Hai un avviso che scade domani",
            f"Entra nell'app e paga l'avviso emesso da {ORGANIZATION}",
        ),
        (
            "REMINDER",
            about(is_payment=True, days=0),
            False,
            "Hai un avviso che scade oggi",
            "Entra nell'app per pagarlo",
        ),
        (
            "REMINDER",
            about(days=3),
            False,
            "Hai una scadenza tra 3 giorni",
            "Entra nell'app per leggere il messaggio",
        ),
        (
            "REMINDER",
            about(days=1),
            True,
            "Hai una scadenza domani",
            f"{ORGANIZATION}: {SUBJECT}",
        ),
        (
            "REMINDER",
            about(days=0),
            False,
            "Hai una scadenza oggi",
            "Entra nell'app per leggere il messaggio",
        ),
        (
            "REMINDER",
            about(),
            False,
            "Promemoria: un messaggio ti aspetta",
            "Entra nell'app per leggerlo",
        ),
        ("REMINDER", about(), True, f"Promemoria: apri il messaggio da {ORGANIZATION}", SUBJECT),
        (
            "DIGEST",
            about(count=12),
            True,
            "Hai 12 nuovi messaggi",
            "Entra nell'app per leggerli",
        ),
        (
            "DIGEST",
            about(count=1),
            False,
            "Hai un nuovo messaggio",
            "Entra nell'app per leggerlo",
        ),
    ],
)
def test_the_texts_in_italian(
    kind: NotificationKind, told: NotificationFacts, full: bool, title: str, body: str
) -> None:
    """The texts are IO's titles and bodies where IO has them."""
    text = notification_text(kind, "it_IT", told, full=full)

    assert (title, body) == (text.title, text.body)


@pytest.mark.parametrize("is_payment", [True, False])
def test_nothing_is_left_to_fill_in_or_named_without_previews(is_payment: bool) -> None:
    """Each kind, language and case has a whole text, and an anonymous text that names nobody."""
    for kind, language, full, days, count in CASES:
        told = about(is_payment=is_payment, days=days, count=count)
        text = notification_text(kind, language, told, full=full)
        for part in (text.title, text.body, text.action):
            assert part.strip() == part != ""
            bare = part.replace(ORGANIZATION, "").replace(SUBJECT, "")
            assert not set("{}%") & set(bare), (kind, language, part)
        hidden = (text.action,) if full else (text.title, text.body, text.action)
        assert not any(name in part for name in (ORGANIZATION, SUBJECT) for part in hidden)


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_case_says_something_else(language: Language) -> None:
    """Today, tomorrow and later differ, and so do one and many, and unread."""

    def said(kind: NotificationKind, told: NotificationFacts) -> NotificationText:
        return notification_text(kind, language, told, full=False)

    reminders = {
        said("REMINDER", about(is_payment=paid, days=days))
        for paid in (True, False)
        for days in (0, 1, 2, 3)
    }
    assert len(reminders) == 8
    told = [said(kind, about()) for kind in ("MESSAGE", "UNREAD", "REMINDER")]
    assert len({text.title for text in told}) == 3
    assert said("DIGEST", about(count=1)) == said("MESSAGE", about())
    assert "2" in said("DIGEST", about(count=2)).title
    assert said("DIGEST", about(count=2)) != said("UNREAD", about())


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_has_italian_s_placeholders(language: Language) -> None:
    """A translation that forgets the sender or the days would say something else."""

    def names(phrase: str) -> set[str | None]:
        return {name for _, name, _, _ in string.Formatter().parse(phrase) if name}

    italian, other = asdict(phrases_of("it_IT")), asdict(phrases_of(language))
    assert other.pop("tag") == language.partition("_")[0]
    for section in other:
        for name, theirs in other[section].items():
            if isinstance(theirs, str):
                assert theirs
                assert names(italian[section][name]) == names(theirs), name
    assert len(set(other["formats"]["months"])) == 12


def test_a_file_of_the_catalogue_is_a_language_that_citizens_can_choose() -> None:
    """A file with another name would never be read, and one with another phrase is a mistake."""
    names = tuple(file.stem for file in CATALOGUE.iterdir())
    italian = tomllib.loads((CATALOGUE / "it_IT.toml").read_text())

    assert sorted(names) == sorted(LANGUAGES)
    for name in names:
        texts = tomllib.loads((CATALOGUE / f"{name}.toml").read_text())
        assert [*texts] == [*italian]
        assert all(texts[one].keys() == italian[one].keys() for one in texts if one != "tag")


def test_a_language_without_texts_is_written_in_italian() -> None:
    """Citizens who read Ladin or Friulian read Italian until there are texts."""
    for language in set(get_args(Language)) - set(LANGUAGES):
        assert phrases_of(language) is phrases_of("it_IT")


@pytest.mark.parametrize(
    ("language", "amount", "first", "second"),
    [
        (
            "it_IT",
            "1.234.567,05\xa0€",
            "1° luglio 2027",
            "2 marzo 2027, ore\xa018:05 (ora italiana)",
        ),
        ("en_GB", "€1,234,567.05", "1 July 2027", "2 March 2027, 18:05 (Italian time)"),
        (
            "es_ES",
            "1.234.567,05\xa0€",
            "1 de julio de 2027",
            "2 de marzo de 2027, a las\xa018:05 (hora italiana)",
        ),
        (
            "de_DE",
            "1.234.567,05\xa0€",
            "1. Juli 2027",
            "2. März 2027, 18:05\xa0Uhr (italienische Zeit)",
        ),
        (
            "fr_FR",
            "1\u202f234\u202f567,05\xa0€",
            "1er juillet 2027",
            "2 mars 2027 à 18\xa0h\xa005 (heure italienne)",
        ),
        (
            "sl_SI",
            "1.234.567,05\xa0€",
            "1. julija 2027",
            "2. marca 2027 ob 18.05 (po italijanskem času)",
        ),
    ],
)
def test_amounts_and_dates_are_written_as_their_readers_do(
    language: Language, amount: str, first: str, second: str
) -> None:
    """Thousands, cents, months, firsts of a month and hours follow the language."""
    assert formatting.euros(123_456_705, language) == amount
    for day in (date(2027, 7, 1), date(2027, 7, 2)):
        due = deadline_at(datetime.combine(day, time(23, 59, 59), ROME).astimezone(UTC))
        assert formatting.deadline(due, language) == formatting.day(day, language)
    assert formatting.day(date(2027, 7, 1), language) == first
    at = datetime(2027, 3, 2, 18, 5, tzinfo=ROME)
    assert formatting.deadline(deadline_at(at.astimezone(UTC)), language) == second
    assert formatting.moment(at, language) == second
    assert len({formatting.day(date(2027, month, 2), language) for month in range(1, 13)}) == 12


@pytest.mark.parametrize(
    ("now", "left"),
    [
        # clocks go back on 25 October 2026 at three in the morning: that day has 25 hours
        ("2026-10-23T22:30:00+00:00", 2),
        ("2026-10-24T21:59:59+00:00", 2),
        ("2026-10-24T22:00:00+00:00", 1),
        ("2026-10-25T22:59:59+00:00", 1),
        ("2026-10-25T23:00:00+00:00", 0),
        ("2026-10-26T22:59:59+00:00", 0),
        ("2026-10-26T23:00:00+00:00", None),
    ],
)
def test_today_and_tomorrow_are_rome_s(now: str, left: int | None) -> None:
    """The due date is the last minute of the day after the clocks change."""
    deadline = deadline_at(datetime(2026, 10, 26, 23, 59, 59, tzinfo=ROME).astimezone(UTC))

    days = days_left(deadline, datetime.fromisoformat(now))

    assert days == left
    if left in {0, 1}:
        title = notification_text(
            "REMINDER", "it_IT", about(is_payment=True, days=days), full=False
        ).title
        assert title.endswith({0: "oggi", 1: "domani"}[left])


def test_a_deadline_with_an_hour_is_past_from_then() -> None:
    """The deadline does not last until its day is over."""
    deadline = deadline_at(datetime(2026, 10, 26, 12, 0, tzinfo=ROME).astimezone(UTC))

    assert days_left(deadline, deadline.moment - timedelta(seconds=1)) == 0
    assert days_left(deadline, deadline.moment) is None


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ["MESSAGE", "REMINDER", "UNREAD"])
def test_a_delegate_learns_whose_it_is_not(kind: NotificationKind, language: Language) -> None:
    """Without previews there is no word of the message, and the title is about another inbox."""
    facts = NotificationFacts(ORGANIZATION, SUBJECT, is_payment=True, days_left=2)
    of_another = replace(facts, is_of_another=True)

    plain, full = (
        notification_text(kind, language, of_another, full=full) for full in (False, True)
    )

    assert plain.title == full.title != notification_text(kind, language, facts, full=False).title
    assert (plain.body, full.body) == (plain.action, f"{ORGANIZATION}: {SUBJECT}")
    assert "2" not in plain.title + plain.body
