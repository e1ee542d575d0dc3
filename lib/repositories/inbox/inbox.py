"""Read the inbox of a citizen: pages of the delivered messages."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from lib.domain.inbox.inbox_filter import InboxFilter
from lib.domain.messages.message import MessageSummary
from lib.domain.shared.identifiers import MessageId
from lib.ports.documents import Condition, DocumentStore, Query, QueryPage
from lib.ports.schema import MESSAGES
from lib.repositories.inbox.sources import Where, by_due_date, by_id
from lib.repositories.messages.message_mapping import SUMMARY_FIELDS, summary_of

MOST_EXAMINED: Final = 1_000
"""The messages that one page examines at most, whatever the size of the inbox."""
FEW_ROWS: Final = 20
MOST_ROWS: Final = 200
MOST_DUE: Final = 100
"""The messages within due dates that are read at once, and then sorted by id."""


@dataclass(frozen=True, slots=True)
class InboxPage:
    """A page of the inbox, the newest first.

    `next`: the bound of the next, older page; None if no older messages follow. `prev`: the bound
    of the next, newer page; None if there is none at this time.
    """

    items: list[MessageSummary]
    next: MessageId | None = None
    prev: MessageId | None = None


class _Span(NamedTuple):
    """The ids from `first` (included) or `above` (not included) to `below` (not included)."""

    above: MessageId | None
    first: MessageId | None
    below: MessageId | None
    upwards: bool

    def conditions(self) -> Where:
        bounds = (
            Condition("id", ">", self.above),
            Condition("id", ">=", self.first),
            Condition("id", "<", self.below),
        )
        return tuple(bound for bound in bounds if bound.value is not None)

    def has(self, id_: MessageId) -> bool:
        return (
            (self.above is None or id_ > self.above)
            and (self.first is None or id_ >= self.first)
            and (self.below is None or id_ < self.below)
        )

    def after(self, id_: MessageId) -> "_Span":
        return self._replace(above=id_) if self.upwards else self._replace(below=id_)


class Inbox:
    """List the messages of a citizen.

    Cost: one query for a page with one filter at most; two or three for a category or the bin. With
    several filters, at most nine times as many queries. They examine MOST_EXAMINED messages.
    """

    def __init__(self, store: DocumentStore) -> None:
        self._store = store

    async def page(
        self,
        fiscal_code: str,
        wanted: InboxFilter,
        *,
        size: int,
        now: str,
        below: MessageId | None = None,
        above: MessageId | None = None,
    ) -> InboxPage:
        """Return up to `size` messages of the filter with `above` < id < `below`, newest first.

        Without `below`, the page has the messages next to `above`, so that paging towards newer
        messages skips none. Otherwise the page has the newest messages of the range. A page ends
        early where it has examined MOST_EXAMINED messages: then it may be short, even empty, and
        its bound says where the next page goes on.
        """
        upwards = above is not None and below is None
        ends = [one for one in (below, wanted.until) if one is not None]
        span = _Span(above, wanted.since, min(ends, default=None), upwards)
        due = await self._due(fiscal_code, wanted) if wanted.has_due else None
        items: list[MessageSummary] = []
        limit, examined = size, 0
        while True:
            if due is None:
                rows, more = await self._by_id(fiscal_code, wanted, span, limit)
            else:
                rows, more = _ordered([one for one in due if span.has(one.id)], span), False
            admitted = [one for one in rows if wanted.admits(one, now)]
            room = size - len(items)
            items += admitted[:room]
            more = more or len(admitted) > room
            examined += len(rows)
            if len(items) == size or not more or examined >= MOST_EXAMINED:
                break
            span, limit = span.after(rows[-1].id), min(MOST_ROWS, 2 * max(limit, FEW_ROWS))
        last = items[-1].id if items else None
        end = last if len(items) == size or not more else rows[-1].id
        if upwards:
            return InboxPage(items[::-1], prev=end if more else last)
        return InboxPage(items, end if more else None, items[0].id if items else None)

    async def _by_id(
        self, fiscal_code: str, wanted: InboxFilter, span: _Span, limit: int
    ) -> tuple[list[MessageSummary], bool]:
        """Return the next messages in the order of the span; tell whether more follow."""
        pages = await self._query(
            [
                Query(
                    fiscal_code,
                    limit=limit,
                    where=(*where, *span.conditions()),
                    descending=not span.upwards,
                    fields=SUMMARY_FIELDS,
                )
                for where in by_id(wanted)
            ]
        )
        if len(pages) == 1:
            (page,) = pages
            return list(map(summary_of, page.items)), page.continuation is not None
        rows = _ordered([summary_of(one) for page in pages for one in page.items], span)
        # beyond the last message of a query that has more, a message of that query may be missing
        ends = {page.items[-1]["id"] for page in pages if page.continuation is not None}
        if ends:
            rows = rows[: 1 + min(i for i, row in enumerate(rows) if row.id in ends)]
        return rows, bool(ends)

    async def _due(self, fiscal_code: str, wanted: InboxFilter) -> list[MessageSummary] | None:
        """Return the messages within the due dates; None where they are many."""
        pages = await self._query(
            [
                Query(
                    fiscal_code,
                    limit=MOST_DUE,
                    where=where,
                    order_by="due_date",
                    fields=SUMMARY_FIELDS,
                )
                for where in by_due_date(wanted)
            ]
        )
        if any(page.continuation is not None for page in pages):
            return None
        return [summary_of(one) for page in pages for one in page.items]

    async def _query(self, queries: Sequence[Query]) -> list[QueryPage]:
        return await asyncio.gather(*(self._store.query(MESSAGES, one) for one in queries))


def _ordered(rows: list[MessageSummary], span: _Span) -> list[MessageSummary]:
    return sorted(rows, key=lambda one: one.id, reverse=not span.upwards)
