"""Count what a citizen has to do: unread messages, open payments, close due dates."""

import asyncio
from dataclasses import dataclass, replace
from typing import Final

from lib.domain.inbox.inbox_filter import InboxFilter, is_to_pay
from lib.domain.messages.message_summary import MessageSummary
from lib.domain.shared.identifiers import ServiceId
from lib.ports.documents import DocumentStore, Query
from lib.ports.schema.messages import MESSAGES
from lib.repositories.inbox.sources import Where, by_due_date, by_id, of_services
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
    Where the caller may see some services alone, three for each of them; then a query of unread or
    payable messages reads the service's other messages too.
    """

    def __init__(self, store: DocumentStore) -> None:
        self._store = store

    async def count(self, fiscal_code: str, soon: InboxFilter) -> Counters:
        """Return the counters.

        `soon`: the filter of the due dates that are close; its services hold for all counters.
        """
        ids = soon.service_ids
        unread, to_pay, due = await asyncio.gather(
            self._found(fiscal_code, by_id(InboxFilter(is_unread=True)), ids),
            self._found(fiscal_code, by_id(InboxFilter(is_to_pay=True)), ids),
            self._found(fiscal_code, by_due_date(replace(soon, service_ids=None)), ids, "due_date"),
        )
        counts = len(unread), sum(map(is_to_pay, to_pay)), sum(map(_is_open, due))
        return Counters(*(min(MOST, count) for count in counts))

    async def _found(
        self,
        fiscal_code: str,
        sources: tuple[Where, ...],
        service_ids: frozenset[ServiceId] | None,
        order_by: str = "id",
    ) -> list[MessageSummary]:
        (where,) = sources
        queries = [
            Query(fiscal_code, MOST, (*where, *one), order_by, fields=SUMMARY_FIELDS)
            for one in of_services(service_ids)
        ]
        pages = await asyncio.gather(*(self._store.query(MESSAGES, one) for one in queries))
        return [summary_of(document) for page in pages for document in page.items]


def _is_open(message: MessageSummary) -> bool:
    """Tell whether the due date still asks for something."""
    return message.withdrawal is None and message.payment_status in {None, "NOT_PAID"}
