"""Count what a citizen has to do: unread messages, open payments, close due dates."""

import asyncio
from dataclasses import dataclass
from typing import Final

from lib.domain.inbox.inbox_filter import InboxFilter, is_to_pay
from lib.domain.messages.message import MessageSummary
from lib.ports.documents import DocumentStore, Query
from lib.ports.schema import MESSAGES
from lib.repositories.inbox.sources import Where, by_due_date, by_id
from lib.repositories.messages.message_mapping import SUMMARY_FIELDS, summary_of

MOST: Final = 100
"""The most messages of each counter that are counted: this number stands for more, too."""


@dataclass(frozen=True, slots=True)
class Counters:
    """The numbers of messages in the inbox, without the archive; MOST stands for MOST or more."""

    unread: int
    to_pay: int
    due_soon: int


class InboxCounters:
    """Count messages of a citizen's inbox.

    Cost: three queries, each of MOST messages at most. It does not depend on the size of the inbox.
    """

    def __init__(self, store: DocumentStore) -> None:
        self._store = store

    async def count(self, fiscal_code: str, soon: InboxFilter) -> Counters:
        """Return the counters; `soon`: the filter of the due dates that are close."""
        unread, to_pay, due = await asyncio.gather(
            self._found(fiscal_code, by_id(InboxFilter(is_unread=True))),
            self._found(fiscal_code, by_id(InboxFilter(is_to_pay=True))),
            self._found(fiscal_code, by_due_date(soon), "due_date"),
        )
        return Counters(len(unread), sum(map(is_to_pay, to_pay)), sum(map(_is_open, due)))

    async def _found(
        self, fiscal_code: str, sources: tuple[Where, ...], order_by: str = "id"
    ) -> list[MessageSummary]:
        (where,) = sources
        query = Query(fiscal_code, MOST, where, order_by, fields=SUMMARY_FIELDS)
        page = await self._store.query(MESSAGES, query)
        return [summary_of(document) for document in page.items]


def _is_open(message: MessageSummary) -> bool:
    """Tell whether the due date still asks for something."""
    return message.withdrawal is None and message.payment_status in {None, "NOT_PAID"}
