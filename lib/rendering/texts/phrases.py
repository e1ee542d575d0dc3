"""The phrases that each language has."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Notes:
    """Of notifications, as titles and bodies.

    Those of `{organization}` and `{subject}` are for whoever wants previews; `{days}` are two or
    more, and so is `{count}`.
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


@dataclass(frozen=True, slots=True)
class Letters:
    """Of e-mails: labels, and what stands below each."""

    sender: str
    service: str
    subject: str
    amount: str
    due: str
    why: str
    never: str
    leave_service: str
    leave_all: str
    confirm_title: str
    confirm_asked: str
    confirm_button: str
    confirm_ignore: str
    changed_title: str
    changed_said: str
    changed_not_you: str


@dataclass(frozen=True, slots=True)
class Notices:
    """Of payment notices, as Markdown of their messages.

    `asks` is of `{who}` and `{amount}`, `instalment` of `{index}` and `{total}`, `part` of
    `{amount}`, `{due}` and `{number}`, `amended` and
    `reopened` of `{day}`.
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
class Phrases:
    """One language; `tag` names it to programs (BCP 47)."""

    tag: str
    notes: Notes
    letters: Letters
    notices: Notices
