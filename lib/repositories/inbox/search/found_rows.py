"""Find messages by an index of their words, and by the messages that it does not yet have."""

import asyncio
from collections.abc import Sequence
from typing import NamedTuple

from lib.domain.inbox.inbox_filter import InboxFilter
from lib.domain.inbox.words import SearchedWords
from lib.domain.shared.identifiers import MessageId
from lib.ports.documents import Document, DocumentStore, Query
from lib.ports.errors import NotFoundError
from lib.ports.schema.messages import INBOX_WORDS, MESSAGES
from lib.repositories.inbox.rows import Part, Row, Span, ordered, row_of
from lib.repositories.inbox.search.written_messages import WrittenMessage
from lib.repositories.inbox.sources import is_in


class Searched(NamedTuple):
    """A search in one citizen's inbox."""

    fiscal_code: str
    wanted: InboxFilter
    words: SearchedWords

    @property
    def has_index(self) -> bool:
        """Whether an index has any of the words."""
        return bool(self.words.indexed or self.words.indexed_prefix)


class FoundRows:
    """Find the messages of a place that may have the words of a search.

    The index may have words that a message has no more, so the caller checks the message itself,
    whose present state is read. `fresh`: messages that were written since the index followed the
    inbox; they are judged by themselves. Without `is_indexed` they are all messages.
    Cost: one query for each part, and one point read for each message that it finds; none without
    the index.
    """

    def __init__(
        self,
        store: DocumentStore,
        searched: Searched,
        fresh: Sequence[WrittenMessage],
        *,
        is_indexed: bool,
    ) -> None:
        self._store = store
        self._searched = searched
        self._fresh = {one.id: one.document for one in fresh}
        self._is_indexed = is_indexed

    async def __call__(self, span: Span, limit: int) -> Part:
        """Return the next part of a span."""
        found: list[Document] = []
        end, count = None, 0
        if self._is_indexed:
            ids, end = await self._candidates(span, limit)
            count = len(ids)
            read = await asyncio.gather(*(self._read(id_) for id_ in ids if id_ not in self._fresh))
            found = [one for one in read if one is not None]
        covered = span if end is None else span.up_to(end)
        found += [one for id_, one in self._fresh.items() if covered.has(id_) or id_ == end]
        rows: list[Row] = [row_of(one) for one in found if is_in(self._searched.wanted.place, one)]
        return Part(ordered(rows, span), end, count)

    async def _candidates(self, span: Span, limit: int) -> tuple[list[MessageId], MessageId | None]:
        words = self._searched.words
        query = Query(
            self._searched.fiscal_code,
            limit,
            span.conditions(),
            descending=not span.upwards,
            fields=("id",),
            words=words.indexed,
            prefix=words.indexed_prefix,
        )
        page = await self._store.query(INBOX_WORDS, query)
        ids = [MessageId(one["id"]) for one in page.items]
        return ids, ids[-1] if page.continuation is not None else None

    async def _read(self, id_: MessageId) -> Document | None:
        try:
            return (await self._store.read(MESSAGES, self._searched.fiscal_code, id_)).document
        except NotFoundError:
            return None
