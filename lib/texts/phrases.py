"""The phrases that each language has, and amounts and dates as its readers write them."""

from dataclasses import dataclass
from datetime import date

from lib.domain.deadline import Deadline


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


@dataclass(frozen=True, slots=True)
class Phrases:
    """One language; `tag` names it to programs (BCP 47).

    `first` is how the first day of a month is written; `money` is of `{amount}`, of which
    `separators` divide the thousands and the cents.
    """

    tag: str
    notes: Notes
    letters: Letters
    months: tuple[str, ...]
    day: str
    first: str
    hour: str
    money: str
    separators: tuple[str, str]

    def euros(self, cents: int) -> str:
        """Write an amount of euro cents."""
        whole, rest = divmod(cents, 100)
        group, point = self.separators
        thousands = f"{whole:,}".replace(",", group)
        return self.money.format(amount=f"{thousands}{point}{rest:02d}")

    def date(self, of: date) -> str:
        """Write a day in full."""
        number = self.first if of.day == 1 else str(of.day)
        return self.day.format(day=number, month=self.months[of.month - 1], year=of.year)

    def deadline(self, of: Deadline) -> str:
        """Write a deadline, with the hour where it has one."""
        written = self.date(of.day)
        return written if of.at is None else self.hour.format(day=written, time=f"{of.at:%H:%M}")
