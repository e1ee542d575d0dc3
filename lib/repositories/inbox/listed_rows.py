"""Find messages of the inbox by the indexes of its filters."""

import asyncio
from collections.abc import Sequence
from typing import Final

from lib.domain.inbox.inbox_filter import InboxFilter
from lib.ports.documents import DocumentStore, Query, QueryPage
from lib.ports.schema.messages import MESSAGES
from lib.repositories.inbox.rows import Part, Row, Source, Span, ordered, row_of
from lib.repositories.inbox.sources import by_due_date, by_id

MOST_DUE: Final = 100
"""The messages within due dates that are read at once, and then sorted by id."""


class ListedRows:
    """Find messages by id, with one of the filters. Cost: one to three queries for each part."""

    def __init__(
        self, store: DocumentStore, fiscal_code: str, wanted: InboxFilter, fields: tuple[str, ...]
    ) -> None:
        self._store = store
        self._fiscal_code = fiscal_code
        self._wanted = wanted
        self._fields = fields

    async def __call__(self, span: Span, limit: int) -> Part:
        """Return the next part of a span."""
        queries = [
            Query(
                self._fiscal_code,
                limit=limit,
                where=(*where, *span.conditions()),
                descending=not span.upwards,
                fields=self._fields,
            )
            for where in by_id(self._wanted)
        ]
        pages = await _asked(self._store, queries)
        if len(pages) == 1:
            (page,) = pages
            rows = list(map(row_of, page.items))
            return Part(rows, rows[-1].id if page.continuation is not None else None, len(rows))
        rows = ordered([row_of(one) for page in pages for one in page.items], span)
        # beyond the last message of a query that has more, a message of that query may be missing
        ends = {page.items[-1]["id"] for page in pages if page.continuation is not None}
        if ends:
            rows = rows[: 1 + min(i for i, row in enumerate(rows) if row.id in ends)]
        return Part(rows, rows[-1].id if ends else None, len(rows))


async def due_rows(
    store: DocumentStore, fiscal_code: str, wanted: InboxFilter, fields: tuple[str, ...]
) -> Source | None:
    """Return a source of the messages within due dates; None where they are many.

    Cost: one query, two for the bin.
    """
    queries = [
        Query(fiscal_code, limit=MOST_DUE, where=where, order_by="due_date", fields=fields)
        for where in by_due_date(wanted)
    ]
    pages = await _asked(store, queries)
    if any(page.continuation is not None for page in pages):
        return None
    return KnownRows([row_of(one) for page in pages for one in page.items])


class KnownRows:
    """A source of rows that were read before. Cost: none."""

    def __init__(self, rows: list[Row]) -> None:
        self._rows = rows

    async def __call__(self, span: Span, limit: int) -> Part:  # noqa: ARG002 - a part is the whole
        """Return all rows of a span."""
        rows = ordered([one for one in self._rows if span.has(one.id)], span)
        return Part(rows, None, len(rows))


async def _asked(store: DocumentStore, queries: Sequence[Query]) -> list[QueryPage]:
    return await asyncio.gather(*(store.query(MESSAGES, one) for one in queries))
