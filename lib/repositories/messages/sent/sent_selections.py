"""Read all messages of a selection, part by part of the list of sent messages."""

import asyncio
from dataclasses import replace
from typing import Final

from lib.domain.messages.sent_entry import SentEntry
from lib.domain.messages.withdrawals.message_owner import MessageOwner
from lib.domain.messages.withdrawals.selection import Selection, SelectionCount
from lib.domain.shared.identifiers import MessageId
from lib.ports.documents import Condition, DocumentStore, Query
from lib.ports.schema.messages import SENT_MESSAGES
from lib.repositories.messages.sent.sent_lists import SentFilter, conditions_of
from lib.repositories.messages.sent.sent_mapping import SHARDS, entry_from, partitions_of

PARTS: Final = SHARDS
PAGE: Final = 100
"""The entries that one query gives to a recall."""
PER_COUNT: Final = 1000
MAX_COUNTS: Final = 10
"""The most queries of a part for one count: 160,000 messages in all parts together."""


class SentSelections:
    """Read and count the messages of a selection."""

    def __init__(self, store: DocumentStore) -> None:
        self._store = store

    async def page(
        self, owner: MessageOwner, selection: Selection, part: int, after: MessageId
    ) -> list[SentEntry]:
        """Return the next PAGE messages of a part, the oldest first; fewer at its end.

        Cost: one query.
        """
        where = (*conditions_of(_filter(owner, selection)), Condition("id", ">", after))
        query = Query(partitions_of(owner.service_id)[part], limit=PAGE, where=where)
        return [entry_from(one) for one in (await self._store.query(SENT_MESSAGES, query)).items]

    async def count(self, owner: MessageOwner, selection: Selection) -> SelectionCount:
        """Count the messages. Memory: one page of each part.

        Cost: one query for each part and 1,000 of its messages.
        """
        parts = await asyncio.gather(
            *(self._count(owner, selection, part) for part in partitions_of(owner.service_id))
        )
        return SelectionCount(
            messages=sum(one.messages for one in parts),
            withdrawn=sum(one.withdrawn for one in parts),
            notices=sum(one.notices for one in parts),
            is_complete=all(one.is_complete for one in parts),
        )

    async def _count(self, owner: MessageOwner, selection: Selection, part: str) -> SelectionCount:
        query = Query(
            part,
            limit=PER_COUNT,
            where=conditions_of(_filter(owner, selection)),
            fields=("id", "withdrawn_at", "is_notice"),
        )
        messages = withdrawn = notices = 0
        for _ in range(MAX_COUNTS):
            page = await self._store.query(SENT_MESSAGES, query)
            messages += len(page.items)
            withdrawn += sum("withdrawn_at" in one for one in page.items)
            notices += sum(bool(one.get("is_notice")) for one in page.items)
            if page.continuation is None:
                return SelectionCount(messages, withdrawn, notices, is_complete=True)
            query = replace(query, continuation=page.continuation)
        return SelectionCount(messages, withdrawn, notices, is_complete=False)


def _filter(owner: MessageOwner, selection: Selection) -> SentFilter:
    return SentFilter(
        owner.service_id,
        account=owner.user_id,
        reference=selection.reference,
        above=selection.above,
        below=selection.below,
    )
