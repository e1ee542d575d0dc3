"""Messages, and their lists."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from recapito.models.batches import Text


@dataclass(frozen=True, slots=True)
class Payment:
    """The payment that a message asks for. `amount`: in euro cents."""

    notice_number: str
    amount: int
    invalid_after_due_date: bool | None = None
    payee: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class About:
    """The person or thing that a message is about, beside its recipient.

    `kind`: PERSON, COMPANY, VEHICLE or PROPERTY. `identifier`: a fiscal code, of which the first
    letters alone are kept, a tax code of 11 digits, a plate, or a cadastral reference such as
    H501/123/456/7.
    """

    kind: str
    label: str
    identifier: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMessage:
    """A message to one citizen.

    `subject`: 10 to 120 characters. `markdown`: 80 to 10,000. `due_date` and `send_at`: times with
    their zones. `reference`: your own name for the message. `variants`: the texts beside the
    Italian one, by the codes of their languages, such as de_DE and sl_SI. `second_language`: the
    language in which your office writes beside Italian. `may_be_translated`: False where no machine
    may translate it for the citizen. `attachments`: the ids of files that you uploaded. `more`:
    further members of the request, and `more_content` of its content, as the API's description
    names them.
    """

    fiscal_code: str = field(repr=False)
    subject: str
    markdown: str
    due_date: datetime | None = None
    payment: Payment | None = None
    reference: str | None = None
    send_at: datetime | None = None
    variants: Mapping[str, Text] | None = None
    second_language: str | None = None
    may_be_translated: bool | None = None
    about: About | None = None
    attachments: tuple[str, ...] | None = None
    more: Mapping[str, Any] = field(default_factory=dict)
    more_content: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RequestWarning:
    """A value in an accepted request that is probably a mistake.

    `pointer`: its place. `code`: the kind of the warning; empty from an older API.
    """

    pointer: str
    detail: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class AcceptedMessage:
    """A message that was accepted: it is durable, and is processed within seconds."""

    id: str
    warnings: tuple[RequestWarning, ...] = ()


@dataclass(frozen=True, slots=True)
class ExpectedReminder:
    """A reminder that the citizen would get."""

    at: datetime
    days_before: int | None = None


@dataclass(frozen=True, slots=True)
class DryRun:
    """The result of a submission that was not made.

    `recipient`: REACHABLE, NOT_ALLOWED or NOT_FOUND; None where your key may not ask so.
    `outcome`: for a payment notice alone: NEW, AMENDED or SAME.
    """

    channels: tuple[str, ...] = ()
    reminders: tuple[ExpectedReminder, ...] = ()
    cost_microcents: int = 0
    recipient: str | None = None
    trial_messages_left: int | None = None
    warnings: tuple[RequestWarning, ...] = ()
    rpt_id: str | None = None
    outcome: str | None = None


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """The withdrawal of a message."""

    id: str
    withdrawn_at: datetime
    reason: str | None = None
    superseded_by: str | None = None


@dataclass(frozen=True, slots=True)
class StatusChange:
    """A change of a message's status."""

    status: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Channel:
    """A notification that announced a message."""

    channel: str
    status: str
    at: datetime


@dataclass(frozen=True, slots=True)
class MessageFacts:
    """A message as its sender sees it; `content` has the variants too."""

    id: str
    fiscal_code: str = field(repr=False)
    created_at: datetime
    sender_service_id: str
    content: Mapping[str, Any] | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class SentMessage:
    """A message that was sent, with its status: ACCEPTED, PROCESSED, REJECTED or FAILED."""

    message: MessageFacts
    status: str
    reference: str | None = None
    about: About | None = None
    rejection_reason: str | None = None
    status_history: tuple[StatusChange, ...] | None = None
    channels: tuple[Channel, ...] | None = None
    withdrawal: Withdrawal | None = None
    read_status: str | None = None
    payment_status: str | None = None


@dataclass(frozen=True, slots=True)
class ListedMessage:
    """A message in a list of sent messages."""

    id: str
    fiscal_code: str = field(repr=False)
    status: str
    created_at: datetime
    changed_at: datetime
    reference: str | None = None
    withdrawn_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Recipient:
    """A citizen, and whether a message would reach the inbox.

    `status`: 200; 403: your key may not write to the citizen; 404: the citizen has no profile, or
    has the inbox switched off.
    """

    fiscal_code: str = field(repr=False)
    status: int
    sender_allowed: bool | None = None
    preferred_languages: tuple[str, ...] | None = None

    @property
    def is_reachable(self) -> bool:
        """Whether a message would reach the inbox now."""
        return bool(self.sender_allowed)
