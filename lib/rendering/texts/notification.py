"""The text of a notification. Without previews it has no sender, no subject and no amount."""

from dataclasses import dataclass
from typing import Final, Literal

from lib.domain.profiles.choices import Language
from lib.ports.queueing.items.notifications import NotificationKind
from lib.rendering.texts.languages import phrases_of
from lib.rendering.texts.phrases import NotificationPhrases

type Told = Literal["DATA_READY", "ERASURE_ASKED"]
"""DATA_READY: the archive can be downloaded. ERASURE_ASKED: all data will be deleted."""
DATA_READY: Final = "DATA_READY"
ERASURE_ASKED: Final = "ERASURE_ASKED"


@dataclass(frozen=True, slots=True)
class NotificationFacts:
    """The facts that a notification may tell.

    `days_left`: days until the due date, None without a due date. `count`: the number of messages
    in a digest. `is_of_another`: the message is in the inbox of another person, and the text is for
    a delegate.
    """

    organization: str
    subject: str
    is_payment: bool = False
    days_left: int | None = None
    count: int = 1
    is_of_another: bool = False


@dataclass(frozen=True, slots=True)
class NotificationText:
    """Title and body, as a phone shows them.

    `action`: the request to the citizen. It is as anonymous as a text without previews.
    """

    title: str
    body: str
    action: str


def notification_text(
    kind: NotificationKind, language: Language, about: NotificationFacts, *, full: bool
) -> NotificationText:
    """Return the text of a notification. `full`: the citizen wants previews.

    The text is never empty: without a visible subject the body is a general phrase, and without
    the sender's name the text has no previews.
    """
    phrases = phrases_of(language).notifications
    full = full and bool(about.organization)
    text = _of_another if about.is_of_another else _of_own
    return text(kind, phrases, about, full=full)


def _of_own(
    kind: NotificationKind, phrases: NotificationPhrases, about: NotificationFacts, *, full: bool
) -> NotificationText:
    subject = about.subject or _filled(phrases.unread_from, about)
    match kind:
        case "MESSAGE":
            title, body = (about.organization, subject) if full else (phrases.new, phrases.read_it)
            return NotificationText(title, body, phrases.read_it)
        case "DIGEST":
            is_single = about.count == 1
            read = phrases.read_it if is_single else phrases.read_them
            return NotificationText(
                phrases.new if is_single else _filled(phrases.new_many, about), read, read
            )
        case "REMINDER" if about.is_payment:
            return _payment(phrases, about, full=full)
        case "REMINDER" if about.days_left is not None:
            title = _due(about, phrases.due_in_days, phrases.due_tomorrow, phrases.due_today)
            body = f"{about.organization}: {subject}" if about.subject else subject
            return NotificationText(
                title, body if full else phrases.read_about_it, phrases.read_about_it
            )
        case "REMINDER":
            # the citizen has snoozed the reminder, or the due date was removed
            title = _filled(phrases.again_from, about) if full else phrases.again
            return NotificationText(title, subject if full else phrases.read_it, phrases.read_it)
        case "UNREAD":
            title = _filled(phrases.unread_from, about) if full else phrases.unread
            return NotificationText(title, subject if full else phrases.read_it, phrases.read_it)


def _of_another(
    kind: NotificationKind, phrases: NotificationPhrases, about: NotificationFacts, *, full: bool
) -> NotificationText:
    """Return the text for a delegate. It never names the person whose inbox it is.

    A screen is seen by others, and a name beside a sender would tell them of that person.
    """
    title = phrases.new_of_another if kind == "MESSAGE" else phrases.again_of_another
    named = f"{about.organization}: {about.subject}" if about.subject else about.organization
    return NotificationText(title, named if full else phrases.read_it_there, phrases.read_it_there)


def _payment(
    phrases: NotificationPhrases, about: NotificationFacts, *, full: bool
) -> NotificationText:
    in_days = about.days_left is not None and about.days_left > 1
    title = _due(about, phrases.pay, phrases.pay_tomorrow, phrases.pay_today)
    action = _filled(phrases.pay_it_in_days if in_days else phrases.pay_it, about)
    with_sender = phrases.pay_it_from_in_days if in_days else phrases.pay_it_from
    return NotificationText(title, _filled(with_sender, about) if full else action, action)


def _due(about: NotificationFacts, in_days: str, tomorrow: str, today: str) -> str:
    match about.days_left:
        case 0:
            return today
        case 1:
            return tomorrow
        case _:
            return _filled(in_days, about)


def _filled(phrase: str, about: NotificationFacts) -> str:
    return phrase.format(organization=about.organization, count=about.count, days=about.days_left)


def told_texts(told: Told, language: Language) -> tuple[str, str]:
    """Return title and sentence of what a citizen is told about a request for personal data."""
    words = phrases_of(language).emails
    if told == DATA_READY:
        return words.data_title, words.data_said
    return words.erasure_title, words.erasure_said
