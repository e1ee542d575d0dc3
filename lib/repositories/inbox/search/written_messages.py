"""Read messages with their texts, in the order of their last writes."""

from typing import Final, NamedTuple

from lib.domain.shared.identifiers import MessageId
from lib.ports.documents import WRITTEN_AT, Condition, Document, DocumentStore, Query
from lib.ports.schema.messages import MESSAGES
from lib.repositories.inbox.search.message_words import TEXT_FIELDS

_SEEN: Final = frozenset({"PROCESSED", "BINNED"})


class WrittenMessage(NamedTuple):
    """A message that was written, in its present state."""

    document: Document

    @property
    def id(self) -> MessageId:
        """The id of the message."""
        return MessageId(self.document["id"])

    @property
    def is_in_inbox(self) -> bool:
        """Whether the message is in the inbox, its archive or its bin."""
        return self.document["status"] in _SEEN

    @property
    def delivered_at(self) -> str | None:
        """When the message came to the inbox, by the history; None before that."""
        history = self.document["status_history"]
        return next((one["at"] for one in history if one["status"] == "PROCESSED"), None)

    @property
    def has_left_inbox(self) -> bool:
        """Whether the message was in the inbox before, and is not any more."""
        return self.delivered_at is not None and not self.is_in_inbox

    @property
    def has_new_text(self) -> bool:
        """Whether the text may have changed after the delivery."""
        return bool(self.document.get("amended_at") or self.document.get("withdrawal"))


class WrittenPage(NamedTuple):
    """A page of messages, the earliest write first; `continuation`: None on the last page."""

    messages: list[WrittenMessage]
    continuation: str | None


class WrittenMessages:
    """Follow the writes of a citizen's messages. Cost: one query for each page."""

    def __init__(self, store: DocumentStore) -> None:
        self._store = store

    async def page(
        self, fiscal_code: str, since: int, size: int, continuation: str | None = None
    ) -> WrittenPage:
        """Return the messages written in the second `since` or later, each at its last write."""
        query = Query(
            fiscal_code,
            size,
            (Condition(WRITTEN_AT, ">=", since),),
            WRITTEN_AT,
            continuation=continuation,
            fields=TEXT_FIELDS,
        )
        page = await self._store.query(MESSAGES, query)
        return WrittenPage(list(map(WrittenMessage, page.items)), page.continuation)
