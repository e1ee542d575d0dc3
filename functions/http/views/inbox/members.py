"""The members of the messages in a page of the inbox, as the models of `items` describe them.

No model is made: a page of models takes more time than its query.
"""

from typing import Any

from functions.http.contract.answers import StoredJson
from functions.http.views.inbox.items import InboxItem
from lib.domain.messages.message_parts import Withdrawal
from lib.domain.messages.message_summary import MessageSummary
from lib.domain.profiles.choices import Language
from lib.repositories.inbox.inbox import InboxPage


def page_answer(
    page: InboxPage, *, enrich: bool, accepted: tuple[Language, ...] = ()
) -> StoredJson:
    """Return the answer for a page of the inbox, an InboxPageAnswer."""
    members: dict[str, Any] = {
        "items": [members_of(message, accepted, enrich=enrich) for message in page.items]
    }
    if page.next is not None:
        members["next"] = page.next
    if page.prev is not None:
        members["prev"] = page.prev
    return StoredJson(members)


def item_of(message: MessageSummary, accepted: tuple[Language, ...] = ()) -> InboxItem:
    """Return a message as the enriched list shows it."""
    return InboxItem(**members_of(message, accepted, enrich=True))


def members_of(
    message: MessageSummary, accepted: tuple[Language, ...], *, enrich: bool
) -> dict[str, Any]:
    """Return the members of an InboxItem in its order, without those that are absent.

    `accepted`: the languages of the reader. `enrich`: all members, in place of the first five.
    """
    sender = message.sender
    if not enrich:
        return {
            "id": message.id,
            "fiscal_code": message.fiscal_code,
            "created_at": message.created_at,
            "sender_service_id": sender.service_id,
            "time_to_live": message.time_to_live,
        }
    tag, rpt_id = message.category
    members: dict[str, Any] = {
        "id": message.id,
        "fiscal_code": message.fiscal_code,
        "created_at": message.created_at,
        "sender_service_id": sender.service_id,
        "time_to_live": message.time_to_live,
        "service_name": sender.service_name,
        "organization_name": sender.organization_name,
        "organization_fiscal_code": sender.organization_fiscal_code,
        "message_title": message.title_for(accepted) if message.titles else message.title,
        "is_read": message.is_read,
        "is_archived": message.is_archived,
        "category": {"tag": tag} if rpt_id is None else {"tag": tag, "rptId": rpt_id},
        "has_attachments": message.has_attachments,
        "has_precondition": message.has_precondition,
    }
    if message.due_date is not None:
        members |= {"due_date": message.due_date}
    if message.amount is not None:
        members |= {"amount": message.amount}
    if message.payment_status is not None:
        members |= {"payment_status": message.payment_status}
    if message.amended_at:
        members |= {"amended_at": list(message.amended_at)}
    if message.withdrawal is not None:
        members |= _withdrawn(message.withdrawal)
    return members | _last_of(message)


def _last_of(message: MessageSummary) -> dict[str, Any]:
    members: dict[str, Any] = {"is_starred": True} if message.is_starred else {}
    if message.binned_until is not None:
        members |= {"binned_until": message.binned_until}
    if message.kept_until is not None:
        members |= {"kept_until": message.kept_until}
    if message.about is not None:
        members |= {"about": message.about.fields}
    return members


def _withdrawn(withdrawal: Withdrawal) -> dict[str, Any]:
    told = {
        "withdrawn_at": withdrawal.at,
        "withdrawal_reason": withdrawal.reason,
        "superseded_by": withdrawal.superseded_by,
    }
    return {name: value for name, value in told.items() if value is not None}
