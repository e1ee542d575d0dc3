"""Read the inbox of a citizen: the list of the delivered messages."""

from dataclasses import dataclass

from lib.domain.messages.message import MessageSummary
from lib.domain.shared.identifiers import MessageId
from lib.ports.documents import Condition, DocumentStore, Query
from lib.ports.schema import MESSAGES
from lib.repositories.messages.message_mapping import SUMMARY_FIELDS, summary_of


@dataclass(frozen=True, slots=True)
class InboxPage:
    """A page of the inbox, the newest first. `more`: the range has older messages too."""

    items: list[MessageSummary]
    more: bool


class Inbox:
    """List the messages of a citizen. Cost: one query for each page."""

    def __init__(self, store: DocumentStore) -> None:
        self._store = store

    async def page(
        self,
        fiscal_code: str,
        *,
        size: int,
        archived: bool,
        below: MessageId | None = None,
        above: MessageId | None = None,
    ) -> InboxPage:
        """Return up to `size` messages of the inbox with `above` < id < `below`, newest first.

        Without `below`, the page has the messages next to `above`, so that paging towards newer
        messages skips none. Otherwise the page has the newest messages of the range.
        """
        where: list[Condition] = [
            Condition("status", "=", "PROCESSED"),
            Condition("is_archived", "=", archived),
        ]
        if below is not None:
            where.append(Condition("id", "<", below))
        if above is not None:
            where.append(Condition("id", ">", above))
        upwards = above is not None and below is None
        page = await self._store.query(
            MESSAGES,
            Query(
                fiscal_code,
                limit=size,
                where=tuple(where),
                descending=not upwards,
                fields=SUMMARY_FIELDS,
            ),
        )
        items = [summary_of(document) for document in page.items]
        if upwards:
            return InboxPage(items[::-1], more=False)
        return InboxPage(items, more=page.continuation is not None)
