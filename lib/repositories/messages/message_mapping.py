"""Map messages to their documents, with the names of the fields."""

from typing import Any, Final, NamedTuple

from lib.domain.attachments.attached_file import AttachedFile
from lib.domain.messages.message import Message
from lib.domain.messages.message_parts import (
    Category,
    InlineContent,
    MessageContent,
    MessageSender,
    PaymentRequest,
    PaymentUpdate,
    SharedContent,
    StatusChange,
    Withdrawal,
)
from lib.domain.messages.message_reminders import LoggedReminder, MessageReminders
from lib.domain.messages.message_summary import MessageSummary
from lib.domain.messages.words.about import ABOUT, About
from lib.domain.messages.words.translation import Translation
from lib.domain.payments.brake import ACCEPT
from lib.domain.profiles.choices import Language
from lib.domain.reminders.decision import ReminderOutcome
from lib.domain.reminders.plan import Step
from lib.domain.shared.identifiers import FiscalCode
from lib.domain.shared.values import parse_timestamp
from lib.ports.documents import Document

SUMMARY_FIELDS: Final = (
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
    "withdrawal",
    "is_starred",
    "binned_until",
    "titles",
    ABOUT,
    "kept_until",
)
"""The fields that `summary_of` reads."""
TRANSLATIONS: Final = "translations"
_NO_REMINDERS: Final = MessageReminders()


class StoredMessage(NamedTuple):
    """A message as read, with the ETag of that version."""

    message: Message
    etag: str


def summary_of(document: Document) -> MessageSummary:
    """Return the summary for the inbox, from a document with the SUMMARY_FIELDS."""
    return MessageSummary(**_summary(document))


def message_of(document: Document) -> Message:
    """Return the message of a whole document, also of a document of an earlier version."""
    get = document.get
    return Message(
        **_summary(document),
        status=document["status"],
        status_history=tuple(
            StatusChange(change["status"], change["at"]) for change in document["status_history"]
        ),
        content=_content(document),
        sender_user_id=document["sender_user_id"],
        feature_level=document["feature_level_type"],
        is_special=document["is_special"],
        is_secure=document["is_secure"],
        due_day=get("due_day"),
        read_at=get("read_at"),
        payment_update=_payment_update(document),
        reminders=_reminders(document),
        notice_version=get("notice_version"),
        language=get("language"),
        reference=get("reference"),
        supersedes=get("supersedes"),
        intermediary=get("intermediary_fiscal_code"),
        evidence_id=get("evidence_id"),
        rejection=get("rejection_reason"),
        duplicate_policy=get("duplicate_policy", ACCEPT),
        subscription_id=get("subscription_id"),
        translations=_translations(get(TRANSLATIONS) or {}),
        attachments=tuple(AttachedFile(**one) for one in get("attachments", ())),
    )


def document_of(message: Message) -> Document:
    """Return the document of a new message."""
    sender, content = message.sender, message.content
    document: Document = {
        "id": message.id,
        "fiscal_code": message.fiscal_code,
        "created_at": message.created_at,
        "sender_service_id": sender.service_id,
        "sender_user_id": message.sender_user_id,
        "time_to_live": message.time_to_live,
        "feature_level_type": message.feature_level,
        "content": None if content is None else content.fields,
        "service_name": sender.service_name,
        "organization_name": sender.organization_name,
        "organization_fiscal_code": sender.organization_fiscal_code,
        "is_special": message.is_special,
        "is_secure": message.is_secure,
        "message_title": message.title,
        "category": _stored_category(message.category),
        "has_attachments": message.has_attachments,
        "precondition": message.precondition,
        "status": message.status,
        "status_history": [
            {"status": change.status, "at": change.at} for change in message.status_history
        ],
        "is_read": message.is_read,
        "is_archived": message.is_archived,
    }
    if isinstance(content, SharedContent):
        document["content_id"] = content.content_id
    if message.payment_status is not None:
        document["amount"] = message.amount
        document["payment_status"] = message.payment_status
        document["payment_order"] = ""
    if message.due_date is not None:
        document["due_date"] = message.due_date
    if message.due_day is not None:
        document["due_day"] = message.due_day
    if message.reminders.policy_fields is not None:
        document["reminder_policy"] = dict(message.reminders.policy_fields)
    optional = {
        "intermediary_fiscal_code": message.intermediary,
        "evidence_id": message.evidence_id,
        "supersedes": message.supersedes,
        "reference": message.reference,
        "subscription_id": message.subscription_id,
        "language": message.language,
        "titles": message.titles and dict(message.titles),
        ABOUT: message.about and message.about.fields,
    }
    document |= {name: value for name, value in optional.items() if value is not None}
    if message.attachments:
        document["attachments"] = [one._asdict() for one in message.attachments]
    if message.duplicate_policy != ACCEPT:
        document["duplicate_policy"] = message.duplicate_policy
    if message.notice_version is not None:
        document["notice_version"] = message.notice_version
        document["amended_at"] = list(message.amended_at)
    return document


def _summary(document: Document) -> dict[str, Any]:
    get = document.get
    category: dict[str, Any] = document["category"]
    amended_at, about = get("amended_at"), get(ABOUT)
    return {
        "id": document["id"],
        "fiscal_code": FiscalCode(document["fiscal_code"]),
        "created_at": document["created_at"],
        "sender": MessageSender(
            document["sender_service_id"],
            document["service_name"],
            document["organization_name"],
            document["organization_fiscal_code"],
        ),
        "time_to_live": document["time_to_live"],
        "title": document["message_title"],
        "is_read": document["is_read"],
        "is_archived": document["is_archived"],
        "category": Category(category["tag"], category.get("rptId")),
        "has_attachments": document["has_attachments"],
        "precondition": document["precondition"],
        "due_date": get("due_date"),
        "amount": get("amount"),
        "payment_status": get("payment_status"),
        "amended_at": tuple(amended_at) if amended_at else (),
        "withdrawal": _withdrawal(get("withdrawal")),
        "is_starred": get("is_starred", False),
        "binned_until": get("binned_until"),
        "titles": get("titles"),
        "about": None if about is None else About(**about),
        "kept_until": get("kept_until"),
    }


def _translations(stored: dict[str, Any]) -> dict[Language, Translation]:
    found = (Translation(**{**one, "parts": tuple(one["parts"])}) for one in stored.values())
    return {one.language: one for one in found}


def _withdrawal(fields: dict[str, Any] | None) -> Withdrawal | None:
    if fields is None:
        return None
    get = fields.get
    return Withdrawal(fields["at"], get("reason"), get("language"), get("superseded_by"))


def _content(document: Document) -> MessageContent | None:
    fields: dict[str, Any] | None = document.get("content")
    if fields is None:
        return None
    payment_data = fields.get("payment_data")
    payment = payment_data and PaymentRequest(
        payment_data["amount"],
        payment_data["notice_number"],
        payment_data["payee"]["fiscal_code"],
        payment_data["invalid_after_due_date"],
    )
    content_id = document.get("content_id")
    if content_id is not None:
        return SharedContent(content_id, document["message_title"], payment, fields)
    return InlineContent(fields["subject"], payment, fields)


def _payment_update(document: Document) -> PaymentUpdate | None:
    order = document.get("payment_order")
    if not order:
        return None
    return PaymentUpdate(
        order,
        document["payment_happened_at"],
        document["payment_noted_at"],
        document.get("payment_reopened", False),
    )


def _reminders(document: Document) -> MessageReminders:
    get = document.get
    at, log = get("reminder_at"), get("reminder_log")
    if log is None and "reminder_policy" not in document and "reminders_done" not in document:
        return _NO_REMINDERS
    return MessageReminders(
        policy_fields=get("reminder_policy"),
        next=at and Step.named(document["reminder_step"], parse_timestamp(at)),
        log=tuple(
            LoggedReminder(entry["step"], entry["days"], entry["at"], _outcome(entry["outcome"]))
            for entry in log or ()
        ),
        is_planned=log is not None,
        is_done=get("reminders_done", False),
        snoozed_until=get("reminders_until"),
    )


def _outcome(stored: str) -> ReminderOutcome | str:
    """Return the outcome, or the stored text where this version does not know the outcome."""
    try:
        return ReminderOutcome(stored)
    except ValueError:
        return stored


def _stored_category(category: Category) -> dict[str, str]:
    stored: dict[str, str] = {"tag": category.tag}
    if category.rpt_id is not None:
        stored["rptId"] = category.rpt_id
    return stored
