"""Lists of sent messages in answers to their sender."""

from typing import Annotated

from lib.domain.messages.message_parts import ListedStatus
from lib.domain.messages.sent_entry import SentEntry
from lib.domain.shared.described import CREATED_AT, CURSOR, LISTED_STATUS, REFERENCE, says
from lib.domain.shared.identifiers import FiscalCodeField, MessageIdField, Reference
from lib.domain.shared.model import Model
from lib.use_cases.messages.sent.follow_sent import SentChanges
from lib.use_cases.messages.sent.list_sent import SentList


class SentItem(Model):
    """A message in a list of sent messages."""

    id: MessageIdField
    fiscal_code: Annotated[
        FiscalCodeField, says("The fiscal code of the citizen to whom the message was sent.")
    ]
    reference: Annotated[Reference | None, REFERENCE] = None
    status: Annotated[ListedStatus, LISTED_STATUS]
    created_at: Annotated[str, CREATED_AT]
    changed_at: Annotated[
        str,
        says(
            "When the status of the message changed last, or when it was withdrawn, to some "
            "seconds: date and time in UTC."
        ),
    ]
    withdrawn_at: Annotated[
        str | None,
        says("When you withdrew the message: date and time in UTC. Absent: you did not."),
    ] = None


class SentListAnswer(Model):
    """A page of the list, the newest message first."""

    items: Annotated[list[SentItem], says("The messages of the page, the newest first.")]
    cursor: Annotated[MessageIdField | None, CURSOR] = None


class SentChangesAnswer(Model):
    """A page of the changed messages, the earliest change first."""

    items: Annotated[list[SentItem], says("The messages of the page, the earliest change first.")]
    cursor: Annotated[
        str, says("Where the next page begins: pass it in the next call, now or at any later time.")
    ]
    more: Annotated[bool, says("Whether there are more changes now: call again at once.")]


def list_answer(found: SentList) -> SentListAnswer:
    """Return the answer with a page of the list."""
    return SentListAnswer(items=[_item(one) for one in found.entries], cursor=found.cursor)


def changes_answer(found: SentChanges) -> SentChangesAnswer:
    """Return the answer with a page of changes."""
    items = [_item(one) for one in found.entries]
    return SentChangesAnswer(items=items, cursor=found.cursor, more=found.more)


def _item(entry: SentEntry) -> SentItem:
    return SentItem(
        id=entry.id,
        fiscal_code=entry.fiscal_code,
        reference=entry.reference,
        status=entry.status,
        created_at=entry.created_at,
        changed_at=entry.changed_at,
        withdrawn_at=entry.withdrawn_at,
    )
