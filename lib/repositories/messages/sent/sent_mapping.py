"""Map entries of sent messages to their documents, with the partitions of a service."""

import hashlib
from datetime import date
from typing import Final

from lib.domain.messages.message_id import LANES, lane_of
from lib.domain.messages.message_parts import ListedStatus
from lib.domain.messages.sent_entry import SentEntry
from lib.domain.shared.identifiers import FiscalCode, MessageId, ServiceId
from lib.ports.documents import DAY_SECONDS, Document
from lib.repositories.messages.messages import ACCEPTED_TTL, FAILED_TTL

SHARDS: Final = LANES
"""The number of parts of a service's list: one part takes some 400 messages a second in Azure."""
ABOVE_ALL_IDS: Final = MessageId("8")
"""It sorts after each id of a message and before the ids of days."""
KEPT_TTL: Final = 366 * DAY_SECONDS
"""The time that a delivered message stays in the list, in seconds."""
_DAY: Final = "day-"
_APART: Final = "~"
_SHARED: Final = ("status", "created_at", "changes")
_OPTIONAL: Final = ("reference", "withdrawn_at", "is_notice")


def partition_of(service_id: ServiceId, message_id: MessageId) -> str:
    """Return the partition of a message's entry, always the same one: that of its lane."""
    return f"{service_id}:{lane_of(message_id):02}"


def partitions_of(service_id: ServiceId) -> list[str]:
    """Return all partitions of a service."""
    return [f"{service_id}:{shard:02}" for shard in range(SHARDS)]


def day_id(day: date | str) -> str:
    """Return the id of the counts of a day."""
    return f"{_DAY}{day}"


def day_of(id_: str) -> date:
    """Return the day of the counts with this id."""
    return date.fromisoformat(id_.removeprefix(_DAY))


def account_key(user_id: str) -> str:
    """Return the name of an account in the counts, since an account's id may have any character."""
    return hashlib.sha256(user_id.encode()).hexdigest()[:16]


def place_of(changed_at: str, id_: str = "") -> str:
    """Return the place of a change in the order of changes."""
    return f"{changed_at}{_APART}{id_}"


def ttl_of(status: ListedStatus, rejected_ttl: int) -> int:
    """Return the life of an entry in seconds: that of the message, at most a year."""
    lives: dict[ListedStatus, int] = {
        "ACCEPTED": ACCEPTED_TTL,
        "FAILED": FAILED_TTL,
        "REJECTED": rejected_ttl,
    }
    return min(lives.get(status, KEPT_TTL), KEPT_TTL)


def counter_of(user_id: str, status: str) -> str:
    """Return the name of the counter of an account's messages in this status."""
    return f"{account_key(user_id)}-{status}"


def counter_parts(counter: str) -> tuple[str, str]:
    """Return the account's name and the status of a counter."""
    account, _, status = counter.partition("-")
    return account, status


def document_of(entry: SentEntry, changed_at: str, rejected_ttl: int) -> Document:
    """Return the document of an entry that changes at this time."""
    document: Document = {
        "id": entry.id,
        "service_shard": partition_of(entry.service_id, entry.id),
        "fiscal_code": entry.fiscal_code,
        "sender_user_id": entry.user_id,
        **{name: getattr(entry, name) for name in _SHARED},
        "changed": place_of(changed_at, entry.id),
        "ttl": ttl_of(entry.status, rejected_ttl),
    }
    for name in _OPTIONAL:
        if (value := getattr(entry, name)) not in {None, False}:
            document[name] = value
    return document


def entry_from(document: Document) -> SentEntry:
    """Return the entry of a document."""
    return SentEntry(
        id=document["id"],
        service_id=ServiceId(document["service_shard"].rpartition(":")[0]),
        fiscal_code=FiscalCode(document["fiscal_code"]),
        user_id=document["sender_user_id"],
        reference=document.get("reference"),
        withdrawn_at=document.get("withdrawn_at"),
        is_notice=document.get("is_notice", False),
        changed_at=changed_at_of(document),
        **{name: document[name] for name in _SHARED},
    )


def changed_at_of(document: Document) -> str:
    """Return the time of the last change of a document."""
    changed: str = document["changed"]
    return changed.partition(_APART)[0]
