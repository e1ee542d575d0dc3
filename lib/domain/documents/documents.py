"""The facts in the documents that a citizen downloads, without layout or format.

No document names the citizen, unless the citizen wants a notice to: every person with a payment
notice may pay it, and people share papers and calendars.
"""

from dataclasses import dataclass, field
from datetime import date, datetime

from lib.domain.payment_notices.standing import StandingStatus
from lib.domain.profiles.choices import DEFAULT_LANGUAGE, Language
from lib.domain.shared.deadline import Deadline
from lib.domain.shared.identifiers import (
    FiscalCode,
    MessageId,
    NoticeNumber,
    OrganizationFiscalCode,
)


@dataclass(frozen=True, slots=True)
class Place:
    """The place of an instalment among the instalments of its notice; the first has index 1."""

    index: int
    count: int


@dataclass(frozen=True, slots=True)
class PaymentNotice:
    """A payment notice to print or to scan. The amount is in euro cents.

    `languages`: Italian, and a second language beside it where one is wanted.
    `amended_on`: the day in Italy of the sender's last amendment. `is_instalment`: the sum is an
    instalment of a whole sum that can also be paid at once. `place`: that of an instalment, None
    for a sum that is paid at once. `instalments`: those that the paper lists beside this sum.
    `is_of_payee`: the organisation is the payee. `logo`: that of the payee, as PNG. `payer`: the
    fiscal code of the citizen, on a paper that names the citizen.
    """

    organization: str
    subject: str
    payee_fiscal_code: OrganizationFiscalCode
    notice_number: NoticeNumber
    amount: int
    deadline: Deadline | None
    invalid_after_deadline: bool
    status: StandingStatus = "NOT_PAID"
    amended_on: date | None = None
    is_instalment: bool = False
    place: Place | None = None
    instalments: "tuple[PaymentNotice, ...]" = ()
    is_of_payee: bool = True
    logo: bytes | None = field(default=None, repr=False)
    payer: FiscalCode | None = None
    languages: tuple[Language, ...] = (DEFAULT_LANGUAGE,)


@dataclass(frozen=True, slots=True)
class PaymentReceipt:
    """The confirmation of a payment. `paid_at` is by Italy's clock, the amount in euro cents.

    `languages`: as in PaymentNotice. Where the paid amount is not known, the amount is that of the
    notice. `event_id` names the payment at its `source`. `logo`: that of the payee, as PNG.
    """

    organization: str
    subject: str
    payee_fiscal_code: OrganizationFiscalCode
    notice_number: NoticeNumber
    amount: int
    is_amount_told: bool
    paid_at: datetime
    event_id: str
    source: str
    languages: tuple[Language, ...] = (DEFAULT_LANGUAGE,)
    logo: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """A due date for a calendar, with the amount (euro cents) and status of its payment, if any.

    `sequence` counts the changes since the entry was first downloaded; `changed_at` is the time of
    the last change. A calendar keeps the entry with the greater `sequence`.
    """

    message_id: MessageId
    changed_at: datetime
    organization: str
    subject: str
    deadline: Deadline
    amount: int | None
    status: StandingStatus = "NOT_PAID"
    sequence: int = 0
    language: Language = DEFAULT_LANGUAGE


def of_paper(second: Language | None) -> tuple[Language, ...]:
    """Return the languages of a paper: Italian, since it is shown at counters, and a second one."""
    return tuple(dict.fromkeys((DEFAULT_LANGUAGE, second or DEFAULT_LANGUAGE)))
