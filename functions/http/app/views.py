"""Messages as the app sees them: IO's shapes, with deadline and payment in the list besides."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from functions.http.content import StoredContent
from lib.domain.payment import PaymentStatus
from lib.domain.values import FiscalCodeField, MessageId
from lib.ports.documents import Document
from lib.repositories.message_documents import has_precondition


class Category(BaseModel):
    """What kind of message it is; `rptId` = payee's fiscal code and notice number, of PAYMENT."""

    model_config = ConfigDict(frozen=True)

    tag: Literal["GENERIC", "PAYMENT", "EU_COVID_CERT"]
    rptId: str | None = None  # noqa: N815 - IO's name on the wire


class InboxItem(BaseModel):
    """A message in the list; all below `time_to_live` only where enrichment was asked for.

    `amended_at`: when its sender changed a payment notice, the latest times, oldest first.
    """

    id: MessageId
    fiscal_code: FiscalCodeField
    created_at: str
    sender_service_id: str
    time_to_live: int
    service_name: str | None = None
    organization_name: str | None = None
    organization_fiscal_code: str | None = None
    message_title: str | None = None
    is_read: bool | None = None
    is_archived: bool | None = None
    category: Category | None = None
    has_attachments: bool | None = None
    has_precondition: bool | None = None
    due_date: str | None = None
    amount: int | None = None
    payment_status: PaymentStatus | None = None
    amended_at: list[str] | None = None


class InboxPageAnswer(BaseModel):
    """A page; see the paging rules at the endpoint."""

    items: list[InboxItem]
    next: MessageId | None = None
    prev: MessageId | None = None


class MessageAnswer(InboxItem):
    """An opened message; what the list shows of it only where it was asked for."""

    content: StoredContent


_PLAIN = ("id", "fiscal_code", "created_at", "sender_service_id", "time_to_live")
_ENRICHED = (
    "service_name",
    "organization_name",
    "organization_fiscal_code",
    "message_title",
    "is_read",
    "is_archived",
    "category",
    "has_attachments",
)


def _members(document: Document, *, enrich: bool) -> dict[str, Any]:
    members = {name: document[name] for name in _PLAIN}
    if enrich:
        members |= {name: document[name] for name in _ENRICHED}
        members["has_precondition"] = has_precondition(document)
        members["due_date"] = document.get("due_date")
        members["amount"] = document.get("amount")
        members["payment_status"] = document.get("payment_status")
        members["amended_at"] = document.get("amended_at") or None
    return members


def in_list(document: Document, *, enrich: bool) -> InboxItem:
    """Build a list item."""
    return InboxItem(**_members(document, enrich=enrich))


def opened(document: Document, *, public: bool) -> MessageAnswer:
    """Build the answer for one message."""
    return MessageAnswer(**_members(document, enrich=public), content=document["content"])
