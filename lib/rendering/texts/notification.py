"""What a notification says. Without previews it names no sender, no subject and no amount."""

from dataclasses import dataclass

from lib.domain.profiles.recipient import Language
from lib.ports.queueing.items import NotificationKind
from lib.rendering.texts.languages import PHRASES
from lib.rendering.texts.phrases import Notes


@dataclass(frozen=True, slots=True)
class About:
    """What is told of: `days_left` until its due date, None without one; `count` of a digest."""

    organization: str
    subject: str
    is_payment: bool = False
    days_left: int | None = None
    count: int = 1


@dataclass(frozen=True, slots=True)
class Text:
    """What a phone shows; `action` is what to do, with nothing in it that the title hides."""

    title: str
    body: str
    action: str


def text_of(kind: NotificationKind, language: Language, about: About, *, full: bool) -> Text:
    """Return the text; `full` where the citizen wants previews.

    The text is never empty: a subject that shows nothing is replaced by words without one, and a
    sender without a name is not named.
    """
    notes = PHRASES[language].notes
    full = full and bool(about.organization)
    subject = about.subject or _filled(notes.unread_from, about)
    match kind:
        case "MESSAGE":
            title, body = (about.organization, subject) if full else (notes.new, notes.read_it)
            return Text(title, body, notes.read_it)
        case "DIGEST":
            one = about.count == 1
            read = notes.read_it if one else notes.read_them
            return Text(notes.new if one else _filled(notes.new_many, about), read, read)
        case "REMINDER" if about.is_payment:
            return _payment(notes, about, full=full)
        case "REMINDER" if about.days_left is not None:
            title = _due(about, notes.due_in_days, notes.due_tomorrow, notes.due_today)
            said = f"{about.organization}: {subject}" if about.subject else subject
            return Text(title, said if full else notes.read_about_it, notes.read_about_it)
        case "REMINDER":
            # the citizen's own, of a message that they may have read; or its due date went away
            title = _filled(notes.again_from, about) if full else notes.again
            return Text(title, subject if full else notes.read_it, notes.read_it)
        case "UNREAD":
            title = _filled(notes.unread_from, about) if full else notes.unread
            return Text(title, subject if full else notes.read_it, notes.read_it)


def _payment(notes: Notes, about: About, *, full: bool) -> Text:
    in_days = about.days_left is not None and about.days_left > 1
    title = _due(about, notes.pay, notes.pay_tomorrow, notes.pay_today)
    action = _filled(notes.pay_it_in_days if in_days else notes.pay_it, about)
    named = notes.pay_it_from_in_days if in_days else notes.pay_it_from
    return Text(title, _filled(named, about) if full else action, action)


def _due(about: About, in_days: str, tomorrow: str, today: str) -> str:
    match about.days_left:
        case 0:
            return today
        case 1:
            return tomorrow
        case _:
            return _filled(in_days, about)


def _filled(phrase: str, about: About) -> str:
    return phrase.format(organization=about.organization, count=about.count, days=about.days_left)
