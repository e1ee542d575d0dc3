"""Follow the writes of a citizen's messages, in their order."""

from dataclasses import dataclass
from typing import Final

from lib.domain.messages.message_parts import MessageStatus
from lib.domain.messages.message_summary import MessageSummary
from lib.domain.shared.identifiers import ServiceId
from lib.ports.documents import WRITTEN_AT, Condition, Document, DocumentStore, Query
from lib.ports.schema.messages import MESSAGES
from lib.repositories.inbox.sources import of_services
from lib.repositories.messages.message_mapping import SUMMARY_FIELDS, summary_of

_FIELDS: Final = (*SUMMARY_FIELDS, "status", "status_history", WRITTEN_AT)
_DELIVERED: Final = "PROCESSED"


@dataclass(frozen=True, slots=True)
class Change:
    """The present state of a message that was written. `at`: the second of the write, since 1970.

    `was_delivered`: the citizen may have seen the message.
    """

    message: MessageSummary
    status: MessageStatus
    was_delivered: bool
    at: int


@dataclass(frozen=True, slots=True)
class ChangePage:
    """A page of changes, the earliest first; `continuation`: None on the last page."""

    changes: list[Change]
    continuation: str | None


class InboxChanges:
    """Read messages by the order of their last writes. Cost: one query for each page."""

    def __init__(self, store: DocumentStore) -> None:
        self._store = store

    async def page(
        self,
        fiscal_code: str,
        since: int,
        size: int,
        continuation: str | None,
        service_id: ServiceId | None = None,
    ) -> ChangePage:
        """Return the messages written in the second `since` or later, each at its last write.

        `service_id`: only messages of this service; None for all.
        Raise ContinuationError for a continuation from elsewhere.
        """
        (of_service,) = of_services(None if service_id is None else (service_id,))
        query = Query(
            fiscal_code,
            size,
            (Condition(WRITTEN_AT, ">=", since), *of_service),
            WRITTEN_AT,
            continuation=continuation,
            fields=_FIELDS,
        )
        page = await self._store.query(MESSAGES, query)
        return ChangePage(list(map(_change, page.items)), page.continuation)


def _change(document: Document) -> Change:
    statuses = [one["status"] for one in document["status_history"]]
    return Change(
        summary_of(document), document["status"], _DELIVERED in statuses, document[WRITTEN_AT]
    )
