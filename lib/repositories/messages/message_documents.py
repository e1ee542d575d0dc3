"""What is in the document of a message: how it begins, and what follows from it."""

from typing import Any, Final

from lib.domain.messages.new_message import NewMessage, content_of, due_day_of
from lib.domain.services.service import Sender
from lib.domain.shared.deadline import Deadline, deadline_at
from lib.domain.shared.values import parse_timestamp
from lib.ports.documents import Document
from lib.ports.schema import DAY

ACCEPTED_TTL: Final = 30 * DAY
"""A message whose fan-out never came, because its submission was answered 503, goes by itself."""

LIST_FIELDS: Final = (
    "id",
    "fiscal_code",
    "created_at",
    "sender_service_id",
    "time_to_live",
    "service_name",
    "organization_name",
    "organization_fiscal_code",
    "message_title",
    "is_read",
    "is_archived",
    "category",
    "has_attachments",
    "precondition",
    "due_date",
    "amount",
    "payment_status",
    "amended_at",
)


def new_document(
    *, id_: str, created_at: str, sender: Sender, recipient: str, message: NewMessage
) -> Document:
    """Build the document of an accepted message, all that fan-out and the inbox need in it."""
    service, content = sender.service, content_of(message)
    third_party = message.content.third_party_data
    secure = message.content.require_secure_channels
    document: Document = {
        "id": id_,
        "fiscal_code": recipient,
        "created_at": created_at,
        "sender_service_id": service.id,
        "sender_user_id": sender.user_id,
        "time_to_live": message.time_to_live,
        "feature_level_type": message.feature_level_type,
        "content": content,
        "service_name": service.name,
        "organization_name": service.organization_name,
        "organization_fiscal_code": service.organization_fiscal_code,
        "is_special": service.category == "SPECIAL",
        "is_secure": service.require_secure_channels if secure is None else secure,
        "message_title": message.content.subject,
        "category": {"tag": "GENERIC"},
        "has_attachments": bool(third_party and third_party.has_attachments),
        "precondition": (third_party and third_party.has_precondition) or "NEVER",
        "status": "ACCEPTED",
        "status_history": [{"status": "ACCEPTED", "at": created_at}],
        "is_read": False,
        "is_archived": False,
        "ttl": ACCEPTED_TTL,
    }
    if payment := content.get("payment_data"):
        payment.setdefault("payee", {"fiscal_code": service.organization_fiscal_code})
        document |= {
            "amount": payment["amount"],
            "category": {"tag": "PAYMENT", "rptId": rpt_id_of(document)},
            "payment_status": "NOT_PAID",
            "payment_order": "",
        }
    if "eu_covid_cert" in content:
        document["category"] = {"tag": "EU_COVID_CERT"}
    elif third_party:
        document["category"] = {"tag": "GENERIC"}
    if "due_date" in content:
        document["due_date"] = content["due_date"]
        if day := due_day_of(message):
            document["due_day"] = day
    policy = service.reminder_policy
    if message.reminders is not None:
        policy = message.reminders.over(policy)
    if stored := policy.stored:
        document["reminder_policy"] = stored
    return document


def rpt_id_of(document: Document) -> str | None:
    """Return which payment the message asks for, or None where it asks for none."""
    payment: Any = document["content"].get("payment_data")
    return payment and f"{payment['payee']['fiscal_code']}{payment['notice_number']}"


def deadline_of(document: Document) -> Deadline | None:
    """Return the due date of a message as its citizen reads it."""
    due = document.get("due_date")
    return None if due is None else deadline_at(parse_timestamp(due), document.get("due_day"))


def has_precondition(document: Document) -> bool:
    """Tell whether opening the message needs a step first: ALWAYS, or ONCE and not yet read."""
    precondition: Any = document["precondition"]
    return precondition == "ALWAYS" or (precondition == "ONCE" and not document["is_read"])
