"""Read the inbox of a citizen: pages of the delivered messages."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from lib.domain.inbox.inbox_filter import InboxFilter
from lib.domain.messages.message_summary import MessageSummary
from lib.domain.shared.identifiers import MessageId
from lib.ports.documents import DocumentStore
from lib.repositories.inbox.listed_rows import ListedRows, due_rows
from lib.repositories.inbox.rows import Row, Source, Span
from lib.repositories.inbox.search.message_words import TEXT_FIELDS, MessageWords
from lib.repositories.messages.message_mapping import SUMMARY_FIELDS

MOST_EXAMINED: Final = 1_000
"""The messages that one page examines at most, whatever the size of the inbox."""
MOST_FOUND: Final = 200
"""The same for messages that an index of words finds, since each of them is read by itself."""
FEW_ROWS: Final = 20
MOST_ROWS: Final = 200


@dataclass(frozen=True, slots=True)
class InboxPage:
    """A page of the inbox, the newest first.

    `next`: the bound of the next, older page; None if no older messages follow. `prev`: the bound
    of the next, newer page; None if there is none at this time.
    """

    items: list[MessageSummary]
    next: MessageId | None = None
    prev: MessageId | None = None


class Inbox:
    """List the messages of a citizen.

    Cost: one query for a page with one filter at most; two or three for a category or the bin. With
    several filters or words, at most nine times as many queries. They examine MOST_EXAMINED
    messages. With a source of its own, a page costs what the source does. Where the caller may see
    some services alone, as many queries for each of them.
    """

    def __init__(self, store: DocumentStore, words: MessageWords) -> None:
        self._store = store
        self._words = words

    async def page(
        self,
        fiscal_code: str,
        wanted: InboxFilter,
        *,
        size: int,
        now: str,
        below: MessageId | None = None,
        above: MessageId | None = None,
        found: Source | None = None,
    ) -> InboxPage:
        """Return up to `size` messages of the filter with `above` < id < `below`, newest first.

        Without `below`, the page has the messages next to `above`, so that paging towards newer
        messages skips none. Otherwise the page has the newest messages of the range. A page ends
        early where it has examined MOST_EXAMINED messages: then it may be short, even empty, and
        its bound says where the next page goes on. `found`: a source that has all messages with the
        words of the filter, MOST_FOUND at most being examined; None to examine all messages.
        """
        upwards = above is not None and below is None
        ends = [one for one in (below, wanted.until) if one is not None]
        span = Span(above, wanted.since, min(ends, default=None), upwards)
        source = found or await self._source(fiscal_code, wanted)
        most = MOST_EXAMINED if found is None else MOST_FOUND
        items: list[MessageSummary] = []
        limit, examined = size, 0
        while True:
            part = await source(span, limit)
            admitted = await self._admitted(part.rows, wanted, now)
            room = size - len(items)
            items += admitted[:room]
            more = part.end is not None or len(admitted) > room
            examined += part.examined
            if part.end is None or len(items) == size or examined >= most:
                break
            span, limit = span.after(part.end), 2 * max(limit, FEW_ROWS)
            if found is not None and admitted:
                # most of what an index finds is admitted, and each message is read by itself
                limit = 2 * (size - len(items))
            limit = min(MOST_ROWS, limit)
        last = items[-1].id if items else None
        end = last if len(items) == size or not more else part.end
        if upwards:
            return InboxPage(items[::-1], prev=end if more else last)
        return InboxPage(items, end if more else None, items[0].id if items else None)

    async def _source(self, fiscal_code: str, wanted: InboxFilter) -> Source:
        fields = SUMMARY_FIELDS if wanted.words is None else TEXT_FIELDS
        if wanted.has_due and (due := await due_rows(self._store, fiscal_code, wanted, fields)):
            return due
        return ListedRows(self._store, fiscal_code, wanted, fields)

    async def _admitted(
        self, rows: Iterable[Row], wanted: InboxFilter, now: str
    ) -> list[MessageSummary]:
        admitted = [row for row in rows if wanted.admits(row.message, now)]
        if wanted.words is not None:
            admitted = [
                row for row in admitted if wanted.words.match(await self._words.of(row.document))
            ]
        return [row.message for row in admitted]
