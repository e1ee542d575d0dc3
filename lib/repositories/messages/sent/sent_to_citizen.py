"""Find the messages that a service sent to one citizen, in the citizen's own partition.

So a message is found as soon as it is accepted, before the list of its service has it.
"""

import asyncio
from typing import Final

from lib.domain.messages.message_parts import ListedStatus, MessageStatus, listed_status_of
from lib.domain.messages.sent_entry import SentEntry
from lib.domain.shared.identifiers import FiscalCode, MessageId
from lib.ports.documents import Condition, Document, DocumentStore, Query, QueryPage
from lib.ports.schema.messages import MESSAGES
from lib.repositories.messages.sent.sent_lists import SentFilter, SentPage, merged

MAX_ROUNDS: Final = 5
"""The most rounds for one page: a citizen may have many messages of other services."""
PER_QUERY: Final = 100
_STORED: Final[dict[ListedStatus, tuple[MessageStatus, ...]]] = {
    "SCHEDULED": ("SCHEDULED",),
    "ACCEPTED": ("ACCEPTED", "HELD"),
    "PROCESSED": ("PROCESSED", "WITHDRAWN", "BINNED", "REMOVED"),
    "REJECTED": ("REJECTED", "WITHDRAWN"),
    "FAILED": ("FAILED", "WITHDRAWN"),
}
"""The stored statuses that a listed status may stand for."""
_ARCHIVED: Final = frozenset({"PROCESSED", "WITHDRAWN", "BINNED", "REMOVED"})
"""The statuses of messages that the citizen may have moved to the archive."""
_FIELDS: Final = (
    "id",
    "sender_service_id",
    "fiscal_code",
    "sender_user_id",
    "reference",
    "status",
    "status_history",
    "created_at",
    "withdrawal",
    "notice_version",
)


class SentToCitizen:
    """List the messages to one citizen.

    Cost: one to thirteen queries in one partition; as many more for a citizen with more than a
    hundred messages, up to five times.
    """

    def __init__(self, store: DocumentStore) -> None:
        self._store = store

    async def page(self, fiscal_code: str, wanted: SentFilter, size: int) -> SentPage:
        """Return up to `size` messages, the newest first.

        A page may be shorter than `size` and have more after it.
        """
        entries: list[SentEntry] = []
        below, more = wanted.below, True
        for _ in range(MAX_ROUNDS):
            pages = await self._query(fiscal_code, wanted, below)
            documents, more = merged(
                pages, lambda document: document["id"], PER_QUERY, descending=True
            )
            for document in documents:
                below = document["id"]
                entry = _entry(document)
                if _is_wanted(entry, wanted):
                    entries.append(entry)
                if len(entries) == size:
                    return SentPage(entries, more or document is not documents[-1], below)
            if not more:
                break
        return SentPage(entries, more, below)

    async def _query(
        self, fiscal_code: str, wanted: SentFilter, below: MessageId
    ) -> list[QueryPage]:
        """Query by the index of the inbox, which has the status and the archive before the id."""
        listed = _STORED if wanted.status is None else (wanted.status,)
        statuses = sorted({stored for one in listed for stored in _STORED[one]})
        folders = [(status, False) for status in statuses]
        folders += [(status, True) for status in statuses if status in _ARCHIVED]
        span = (Condition("id", ">=", wanted.above), Condition("id", "<", below))
        return await asyncio.gather(
            *(
                self._store.query(
                    MESSAGES,
                    Query(
                        fiscal_code,
                        limit=PER_QUERY,
                        where=(
                            Condition("status", "=", status),
                            Condition("is_archived", "=", is_archived),
                            *span,
                        ),
                        descending=True,
                        fields=_FIELDS,
                    ),
                )
                for status, is_archived in folders
            )
        )


def _is_wanted(entry: SentEntry, wanted: SentFilter) -> bool:
    return entry.service_id == wanted.service_id and all(
        expected in {None, value}
        for expected, value in (
            (wanted.account, entry.user_id),
            (wanted.reference, entry.reference),
            (wanted.status, entry.status),
        )
    )


def _entry(document: Document) -> SentEntry:
    history = document["status_history"]
    return SentEntry(
        id=document["id"],
        service_id=document["sender_service_id"],
        fiscal_code=FiscalCode(document["fiscal_code"]),
        user_id=document["sender_user_id"],
        reference=document.get("reference"),
        status=listed_status_of(document["status"], [one["status"] for one in history]),
        created_at=document["created_at"],
        changed_at=history[-1]["at"],
        changes=len(history),
        withdrawn_at=(document.get("withdrawal") or {}).get("at"),
        is_notice=document.get("notice_version") is not None,
    )
