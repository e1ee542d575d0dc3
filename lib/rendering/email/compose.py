"""Compose each kind of e-mail from its facts."""

from dataclasses import dataclass

from lib.domain.identity.acting import DelegationId
from lib.domain.profiles.choices import Language
from lib.domain.shared.deadline import Deadline
from lib.domain.shared.identifiers import NO_MESSAGE_ID, MessageId
from lib.domain.shared.plain_text import one_line
from lib.ports.mailer import Mail
from lib.ports.queueing.items.notifications import NotificationKind
from lib.rendering.email.body import EmailBody, EmailLogo
from lib.rendering.texts import formatting
from lib.rendering.texts.languages import phrases_of
from lib.rendering.texts.notification import (
    NotificationFacts,
    Told,
    notification_text,
    told_texts,
)


@dataclass(frozen=True, slots=True)
class EmailDetails:
    """The facts for an e-mail with previews. `amount`: in euro cents."""

    service: str
    amount: int | None
    due: Deadline | None


def notification_mail(
    *,
    id_: str,
    to: str,
    kind: NotificationKind,
    languages: tuple[Language, ...],
    full: bool,
    about: NotificationFacts,
    details: EmailDetails | None,
    message_id: MessageId,
    delegation_id: DelegationId | None = None,
    opening: str,
    logo: bytes | None = None,
    unsubscribe_service: str | None,
    unsubscribe_all: str,
) -> Mail:
    """Compose the e-mail that announces a message.

    `languages`: one or two, of which the first has the subject. `full`: the text has previews.
    `details`: None for an e-mail without previews, which names nothing. `opening`: the link to the
    message, or to all messages for a digest. `logo`: the sender's, shown with previews alone.
    `unsubscribe_service`, `unsubscribe_all`: links. The button of the mail program opens the link
    of the service, or else the link of all services.
    """

    def part(language: Language, beside: EmailBody | None) -> EmailBody:
        words, said = phrases_of(language), notification_text(kind, language, about, full=full)
        links = (
            (words.emails.unsubscribe_service, unsubscribe_service),
            (words.emails.unsubscribe_all, unsubscribe_all),
        )
        return EmailBody(
            language=words.tag,
            heading=said.title,
            paragraphs=(f"{said.action}.",),
            facts=() if details is None else _facts(language, about, details),
            button=(
                words.emails.open_messages if kind == "DIGEST" else words.emails.open_message,
                opening,
            ),
            footer=(words.emails.reason, words.emails.do_not_reply),
            links=tuple((label, address) for label, address in links if address),
            beside=beside,
            logo=None if details is None else EmailLogo.of(about.organization, logo),
        )

    first, *others = languages
    text = notification_text(kind, first, about, full=full)
    is_own = kind == "MESSAGE" and not about.is_of_another
    named = details is not None and is_own and about.organization
    subject = text.title
    if named:
        subject = f"{about.organization}: {about.subject}" if about.subject else text.body
    return _mail(
        part(first, part(others[0], None) if others else None),
        subject=subject,
        id=id_,
        to=to,
        message_id=message_id,
        delegation_id=delegation_id,
        unsubscribe=unsubscribe_service or unsubscribe_all,
    )


def validation_mail(*, id_: str, to: str, language: Language, link: str) -> Mail:
    """Compose the e-mail with the link that validates the address."""
    words = phrases_of(language).emails
    body = EmailBody(
        language=phrases_of(language).tag,
        heading=words.confirm_title,
        paragraphs=(words.confirm_asked,),
        button=(words.confirm_button, link),
        footer=(words.confirm_ignore, words.do_not_reply),
    )
    return _mail(body, subject=words.confirm_title, id=id_, to=to)


def address_changed_mail(*, id_: str, to: str, language: Language) -> Mail:
    """Compose the e-mail to a former address. It names neither the citizen nor an address."""
    words = phrases_of(language).emails
    body = EmailBody(
        language=phrases_of(language).tag,
        heading=words.changed_title,
        paragraphs=(words.changed_said, words.changed_not_you),
        footer=(words.do_not_reply,),
    )
    return _mail(body, subject=words.changed_title, id=id_, to=to)


def personal_data_mail(told: Told, *, id_: str, to: str, language: Language, opening: str) -> Mail:
    """Compose the e-mail that tells a citizen what became of a request for personal data.

    `opening`: the link to the profile.
    """
    title, said = told_texts(told, language)
    words = phrases_of(language).emails
    body = EmailBody(
        language=phrases_of(language).tag,
        heading=title,
        paragraphs=(said,),
        button=(words.open_profile, opening),
        footer=(words.do_not_reply,),
    )
    return _mail(body, subject=title, id=id_, to=to)


def _facts(
    language: Language, about: NotificationFacts, details: EmailDetails
) -> tuple[tuple[str, str], ...]:
    words, due, amount = phrases_of(language).emails, details.due, details.amount
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


def _mail(
    body: EmailBody,
    *,
    subject: str,
    message_id: MessageId = NO_MESSAGE_ID,
    delegation_id: DelegationId | None = None,
    **headers: str,
) -> Mail:
    return Mail(
        language=body.language,
        subject=one_line(subject),
        text=body.text,
        html=body.html,
        logo=b"" if body.logo is None else body.logo.png,
        message_id=message_id,
        delegation_id=delegation_id,
        **headers,
    )
