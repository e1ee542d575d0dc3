"""The e-mails there are, composed of what they tell."""

from dataclasses import dataclass

from lib.domain.profiles.recipient import Language
from lib.domain.shared.deadline import Deadline
from lib.domain.shared.plain_text import one_line
from lib.ports.mailer import Mail
from lib.ports.queueing.items import NotificationKind
from lib.rendering.email.letter import Letter
from lib.rendering.texts import formatting
from lib.rendering.texts.languages import PHRASES
from lib.rendering.texts.notification import About, Text


@dataclass(frozen=True, slots=True)
class Details:
    """What an e-mail with previews shows besides; the amount in euro cents."""

    service: str
    amount: int | None
    due: Deadline | None


def notice(
    *,
    id_: str,
    to: str,
    kind: NotificationKind,
    language: Language,
    text: Text,
    about: About,
    details: Details | None,
    message_id: str,
    leave_service: str | None,
    leave_all: str,
) -> Mail:
    """Compose what tells of a message; without `details` it is as anonymous as its text.

    `leave_service` and `leave_all` are links; a mail program's own button takes the narrower one.
    """
    words = PHRASES[language].letters
    named = details is not None and kind == "MESSAGE" and about.organization
    letter = Letter(
        language=PHRASES[language].tag,
        heading=text.title,
        paragraphs=(f"{text.action}.",),
        facts=() if details is None else _facts(language, about, details),
        footer=(words.why, words.never),
        links=(
            *(((words.leave_service, leave_service),) if leave_service else ()),
            (words.leave_all, leave_all),
        ),
    )
    subject = text.title
    if named:
        subject = f"{about.organization}: {about.subject}" if about.subject else text.body
    return _mail(
        letter,
        subject=subject,
        id=id_,
        to=to,
        message_id=message_id,
        unsubscribe=leave_service or leave_all,
    )


def validation(*, id_: str, to: str, language: Language, link: str) -> Mail:
    """Compose what proves that its reader reads mail at the address."""
    words = PHRASES[language].letters
    letter = Letter(
        language=PHRASES[language].tag,
        heading=words.confirm_title,
        paragraphs=(words.confirm_asked,),
        button=(words.confirm_button, link),
        footer=(words.confirm_ignore, words.never),
    )
    return _mail(letter, subject=words.confirm_title, id=id_, to=to)


def address_changed(*, id_: str, to: str, language: Language) -> Mail:
    """Compose what tells a former address of the change; it names neither citizen nor address."""
    words = PHRASES[language].letters
    letter = Letter(
        language=PHRASES[language].tag,
        heading=words.changed_title,
        paragraphs=(words.changed_said, words.changed_not_you),
        footer=(words.never,),
    )
    return _mail(letter, subject=words.changed_title, id=id_, to=to)


def _facts(language: Language, about: About, details: Details) -> tuple[tuple[str, str], ...]:
    words, due, amount = PHRASES[language].letters, details.due, details.amount
    shown = (
        (words.sender, about.organization),
        (words.service, one_line(details.service)),
        (words.subject, about.subject),
        (
            words.amount,
            None if amount is None else formatting.euros(amount, language),
        ),
        (words.due, due and formatting.deadline(due, language)),
    )
    return tuple((label, value) for label, value in shown if value)


def _mail(letter: Letter, *, subject: str, **headers: str) -> Mail:
    return Mail(
        language=letter.language,
        subject=one_line(subject),
        text=letter.text,
        html=letter.html,
        **headers,
    )
