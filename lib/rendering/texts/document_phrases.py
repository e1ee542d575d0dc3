"""The forms of each language, and the phrases of its papers, calendar entries and pages."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Formats:
    """The forms of amounts, days and times.

    `number` has `{whole}` and `{cents}`, `amount` has `{number}`; `day` has `{number}`, `{month}`
    and `{year}`, `at` has `{day}`, `{hour}` and `{minute}`. `first`: the first day of a month.
    `months`: the names of the twelve months, as they stand in a day. `short_day`: as `strftime`
    takes it.
    """

    thousands: str
    number: str
    amount: str
    first: str
    day: str
    at: str
    months: tuple[str, ...]
    short_day: str


@dataclass(frozen=True, slots=True)
class PaperPhrases:
    """Titles, labels and paragraphs of the papers of a payment.

    Placeholders: `notice_of` and `receipt_of` have `{number}`, `amended` and `by` have `{day}`,
    `whole_or_parts` and `parts_only` have `{count}`, `part` has `{index}` and `{count}`, `code_of`
    has `{amount}`, `logo_of` has `{organization}`.
    """

    notice: str
    notice_of: str
    sender: str
    subject: str
    amount: str
    due: str
    number: str
    payee: str
    amended: str
    paid: str
    cancelled: str
    paid_otherwise: str
    paid_as_a_whole: str
    invalid_later: str
    creditor: str
    payer: str
    fiscal_code: str
    how_much: str
    how_much_undated: str
    by: str
    whole_or_parts: str
    parts_only: str
    may_change: str
    where: str
    online_title: str
    online: str
    places_title: str
    places: str
    whole: str
    part: str
    scan: str
    code_of: str
    logo_of: str
    not_a_receipt: str
    receipt: str
    receipt_of: str
    amount_told: str
    amount_of_notice: str
    paid_at: str
    payment_reference: str
    told_by: str
    may_differ: str
    what_it_is: str
    what_it_is_not: str


@dataclass(frozen=True, slots=True)
class CalendarPhrases:
    """Texts of a calendar entry.

    Placeholders: `summary` has `{subject}`; `sender`, `due` and `amount` have that of their name.
    """

    summary: str
    sender: str
    due: str
    amount: str
    paid: str
    cancelled: str
    paid_otherwise: str


@dataclass(frozen=True, slots=True)
class PagePhrases:
    """Headings, lines and buttons of the pages that links in e-mails open."""

    invalid_link: str
    invalid_link_help: str
    unsubscribe: str
    unsubscribe_help: str
    unsubscribe_button: str
    unsubscribed: str
    unsubscribed_help: str
    confirm_address: str
    confirm_button: str
    confirmed: str
    taken: str
    taken_help: str
