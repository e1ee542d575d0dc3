"""The values that a message consists of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from lib.domain.profiles.choices import Language
from lib.domain.shared.identifiers import (
    ContentId,
    MessageId,
    NoticeNumber,
    OrganizationFiscalCode,
    RptId,
    ServiceId,
    rpt_id_of,
)

MessageStatus = Literal[
    "ACCEPTED",
    "PROCESSED",
    "REJECTED",
    "FAILED",
    "WITHDRAWN",
    "HELD",
    "SCHEDULED",
    "BINNED",
    "REMOVED",
]
"""ACCEPTED: the message waits for its fan-out. PROCESSED: the message is in the inbox.

WITHDRAWN: the sender withdrew the message before its citizen read it. HELD: the message
waits for its sender, who releases or drops it. SCHEDULED: the message waits for its set time.
BINNED: its citizen moved the message to the bin. REMOVED: its time in the bin has passed. The
history of a message has neither, since its sender learns of neither.
"""
SentStatus = Literal["ACCEPTED", "PROCESSED", "REJECTED", "FAILED"]
"""The status that a sender reads: one of IO's."""
ListedStatus = Literal["SCHEDULED", "ACCEPTED", "PROCESSED", "REJECTED", "FAILED"]
"""The status in lists and reports of sent messages, which IO does not have."""
CategoryTag = Literal["GENERIC", "PAYMENT", "EU_COVID_CERT"]


class StatusChange(NamedTuple):
    """A change of a message's status and its time; `at` as `values.timestamp` writes it."""

    status: MessageStatus
    at: str


class Category(NamedTuple):
    """The kind of message that the app shows; `rpt_id` names the payment of a PAYMENT."""

    tag: CategoryTag
    rpt_id: RptId | None = None


class MessageSender(NamedTuple):
    """The service that sent the message, with its names at the time of acceptance."""

    service_id: ServiceId
    service_name: str
    organization_name: str
    organization_fiscal_code: OrganizationFiscalCode


class PaymentRequest(NamedTuple):
    """The pagoPA payment that a message asks for; the amount is in euro cents."""

    amount: int
    notice_number: NoticeNumber
    payee_fiscal_code: OrganizationFiscalCode
    is_invalid_after_due_date: bool

    @property
    def rpt_id(self) -> RptId:
        """The payment's name at pagoPA: the payee's fiscal code and the notice number."""
        return rpt_id_of(self.payee_fiscal_code, self.notice_number)


class Withdrawal(NamedTuple):
    """The withdrawal of a message by its sender; `at` as `values.timestamp` writes it.

    `reason`: the sender's words for the citizen, None where another message replaced this message.
    `language`: the citizen's language at that time. `superseded_by`: the message that replaced
    this message.
    """

    at: str
    reason: str | None = None
    language: Language | None = None
    superseded_by: MessageId | None = None


class PaymentUpdate(NamedTuple):
    """The last payment event that the message knows; the times as `values.timestamp` writes them.

    `order`: as PaymentEvent.order. `happened_at`: when the payment was made or withdrawn.
    `noted_at`: when the event was written into the message. `is_reopening`: the event undoes a
    cancellation.
    """

    order: str
    happened_at: str
    noted_at: str
    is_reopening: bool


@dataclass(frozen=True, slots=True)
class InlineContent:
    """Content that is stored inside its message.

    `fields`: the members as the sender wrote them and as the API returns them. The repr leaves them
    out, since they are personal data.
    """

    subject: str
    payment: PaymentRequest | None
    fields: dict[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True)
class SharedContent:
    """Content that the messages of a batch share, stored once outside of them.

    `fields`: the members of this message alone, such as its payment; they go before the shared
    ones. `content_id` names the shared members (repositories.messages.contents).
    """

    content_id: ContentId
    subject: str
    payment: PaymentRequest | None
    fields: dict[str, Any] = field(repr=False)

    def whole(self, shared: Mapping[str, Any]) -> InlineContent:
        """Return the content with its shared members."""
        return InlineContent(self.subject, self.payment, {**shared, **self.fields})


type MessageContent = InlineContent | SharedContent
"""The places of a message's content: inside the message, or in part outside."""


def sent_status_of(status: MessageStatus, history: Sequence[MessageStatus]) -> SentStatus:
    """Return the status that the sender reads; `history`: all statuses, the oldest first."""
    match status:
        case "HELD" | "SCHEDULED":
            return "ACCEPTED"
        case "WITHDRAWN":
            earlier = [one for one in history if one != "WITHDRAWN"]
            last = sent_status_of(earlier[-1], ()) if earlier else "ACCEPTED"
            # no citizen sees a message that was withdrawn before its delivery
            return "REJECTED" if last == "ACCEPTED" else last
        case "BINNED" | "REMOVED":
            return "PROCESSED"
        case _:
            return status


def listed_status_of(status: MessageStatus, history: Sequence[MessageStatus]) -> ListedStatus:
    """Return the status in the lists of sent messages; `history`: as in sent_status_of."""
    return "SCHEDULED" if status == "SCHEDULED" else sent_status_of(status, history)
