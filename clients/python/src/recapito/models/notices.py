"""Payment notices."""

from dataclasses import dataclass, field
from datetime import date, datetime

from recapito.models.messages import About, RequestWarning


@dataclass(frozen=True, slots=True)
class Instalment:
    """A part of the sum, under a notice number of its own."""

    notice_number: str
    amount_cents: int
    due_date: date


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeTerms:
    """The fields of a notice that may change. `due_date`: a day, at whose end it is due."""

    subject: str
    description: str | None = None
    amount_cents: int | None = None
    due_date: date | None = None
    instalments: tuple[Instalment, ...] | None = None
    invalid_after_due_date: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewNotice(NoticeTerms):
    """A payment notice to send; Recapito writes its message."""

    fiscal_code: str = field(repr=False)
    notice_number: str | None = None
    payee: str | None = None
    reference: str | None = None
    about: About | None = None


@dataclass(frozen=True, slots=True)
class NoticeReceipt:
    """The answer to a notice: `changed` names the fields that the call changed."""

    rpt_id: str
    message_id: str
    version: int
    status: str
    payment_status: str
    changed: tuple[str, ...] = ()
    contested: bool | None = None
    warnings: tuple[RequestWarning, ...] = ()


@dataclass(frozen=True, slots=True)
class SentInstalment:
    """An instalment of a sent notice, and its payment."""

    notice_number: str
    amount_cents: int
    due_date: datetime
    payment_status: str
    message_id: str | None = None
    paid_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice as it is now."""

    rpt_id: str
    fiscal_code: str = field(repr=False)
    payee: str
    subject: str
    created_at: datetime
    version: int
    message_id: str
    status: str
    payment_status: str
    notice_number: str | None = None
    amount_cents: int | None = None
    due_date: datetime | None = None
    instalments: tuple[SentInstalment, ...] = ()
    description: str | None = None
    reference: str | None = None
    cancelled_at: datetime | None = None
    reopened_at: datetime | None = None
    paid_at: datetime | None = None
