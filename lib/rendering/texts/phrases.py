"""The phrases that every language must have."""

from dataclasses import dataclass

from lib.rendering.texts.document_phrases import (
    CalendarPhrases,
    Formats,
    PagePhrases,
    PaperPhrases,
)


@dataclass(frozen=True, slots=True)
class NotificationPhrases:
    """Titles and bodies of notifications.

    A phrase with `{organization}` is for citizens who want previews. `{days}` and `{count}` are
    2 or more. `new_of_another`, `again_of_another`, `read_it_there`: for a delegate, about a
    message in the inbox of another person.
    """

    new: str
    new_many: str
    read_it: str
    read_them: str
    unread: str
    unread_from: str
    again: str
    again_from: str
    pay: str
    pay_tomorrow: str
    pay_today: str
    pay_it: str
    pay_it_in_days: str
    pay_it_from: str
    pay_it_from_in_days: str
    due_in_days: str
    due_tomorrow: str
    due_today: str
    read_about_it: str
    new_of_another: str
    again_of_another: str
    read_it_there: str


@dataclass(frozen=True, slots=True)
class EmailPhrases:
    """Labels, headings and footers of e-mails."""

    sender: str
    service: str
    subject: str
    amount: str
    due: str
    open_message: str
    open_messages: str
    open_profile: str
    reason: str
    do_not_reply: str
    unsubscribe_service: str
    unsubscribe_all: str
    confirm_title: str
    confirm_asked: str
    confirm_button: str
    confirm_ignore: str
    changed_title: str
    changed_said: str
    changed_not_you: str
    data_title: str
    data_said: str
    erasure_title: str
    erasure_said: str


@dataclass(frozen=True, slots=True)
class NoticePhrases:
    """Paragraphs of the message that a payment notice becomes, as Markdown.

    Placeholders: `asks` has `{who}` and `{amount}`, `instalment` has `{index}` and `{total}`,
    `part` has `{amount}`, `{due}` and `{number}`, `amended` and `reopened` have `{day}`.
    """

    asks: str
    instalment: str
    due: str
    number: str
    payee: str
    whole: str
    parts: str
    part: str
    expires: str
    how: str
    amended: str
    reopened: str


@dataclass(frozen=True, slots=True)
class WithdrawalPhrases:
    """Paragraphs above the text of a message that its sender withdrew, as Markdown.

    `cancelled`: above that of a payment notice that its sender cancelled. Placeholders: `withdrawn`
    has `{moment}`, `reason` has `{reason}`.
    """

    withdrawn: str
    reason: str
    superseded: str
    cancelled: str


@dataclass(frozen=True, slots=True)
class CertificatePhrases:
    """The message about a request for a certificate that nobody answered.

    Placeholders: `expired_title` has `{title}`, `expired` has `{title}` and `{organization}`, and
    is Markdown.
    """

    expired_title: str
    expired: str


@dataclass(frozen=True, slots=True)
class Phrases:
    """All phrases of one language. `tag`: the language tag (BCP 47)."""

    tag: str
    formats: Formats
    notifications: NotificationPhrases
    emails: EmailPhrases
    payment_notices: NoticePhrases
    withdrawals: WithdrawalPhrases
    certificates: CertificatePhrases
    papers: PaperPhrases
    calendar: CalendarPhrases
    pages: PagePhrases
