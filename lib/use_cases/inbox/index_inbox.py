"""Bring the index of an inbox up to date, so that its citizen can search it by words."""

import asyncio
from datetime import timedelta
from typing import Final

from lib import telemetry
from lib.domain.inbox.change_token import OVERLAP, ChangeToken
from lib.domain.shared.identifiers import MessageId
from lib.domain.shared.values import parse_timestamp
from lib.ports.clock import Clock
from lib.ports.queue import Queue
from lib.ports.queueing.items.citizens import InboxSearched
from lib.ports.queueing.names import INBOX_SEARCHED
from lib.repositories.inbox.search.message_words import MessageWords
from lib.repositories.inbox.search.word_index import WordIndex
from lib.repositories.inbox.search.written_messages import WrittenMessage, WrittenMessages
from lib.repositories.shared.optimistic import until_written

PER_PAGE: Final = 50
PER_RUN: Final = 20
"""The pages of one run: a larger inbox is followed by several items, so that others get a turn."""
_SLOW_WRITE: Final = timedelta(minutes=1)
"""The time from the decision on a delivery to its write, at most."""


class IndexInbox:
    """Follow the writes of an inbox in their order, and store the words of its messages.

    The walk begins where the last one began, less OVERLAP, as that of an app that follows the
    inbox: so it sees each delivery, amendment and withdrawal, whoever writes it and however late.
    Cost: one point read, one query and one batch for each page. A message that left the inbox costs
    one delete. A large inbox: one put for each run.
    Concurrency: the words of a page and the place after it are written together or not at all, so
    runs at the same time share the pages. A run after the deletion of the index writes nothing.
    """

    def __init__(
        self,
        index: WordIndex,
        written: WrittenMessages,
        words: MessageWords,
        queue: Queue,
        clock: Clock,
    ) -> None:
        self._index = index
        self._written = written
        self._words = words
        self._queue = queue
        self._clock = clock

    async def __call__(self, item: InboxSearched) -> None:
        """Follow the inbox up to now, or queue the item again for the rest."""
        for _ in range(PER_RUN):
            if not await until_written(
                "the index of an inbox", lambda: self._follow(item.fiscal_code)
            ):
                return
        again = telemetry.stamped(item, self._clock.now())
        await self._queue.put(INBOX_SEARCHED, again.text())

    async def _follow(self, fiscal_code: str) -> bool:
        """Store the words of the next page; tell whether more follow."""
        state = await self._index.state(fiscal_code)
        if state is None:
            return False
        at = ChangeToken.of(state.place)
        then = at.then if at.continuation else int((self._clock.now() - OVERLAP).timestamp())
        page = await self._written.page(fiscal_code, at.since, PER_PAGE, at.continuation or None)
        new = [one for one in page.messages if one.is_in_inbox and _may_be_new(one, at.since)]
        words = [await self._entry(one) for one in new]
        if at.since:
            gone = [one.id for one in page.messages if one.has_left_inbox]
            await asyncio.gather(*(self._index.forget(fiscal_code, id_) for id_ in gone))
        after = ChangeToken(max(1, then))
        if page.continuation is not None:
            after = ChangeToken(at.since, then, page.continuation)
        await self._index.note(fiscal_code, state, after.text(), words)
        return page.continuation is not None

    async def _entry(self, message: WrittenMessage) -> tuple[MessageId, frozenset[str]]:
        return message.id, await self._words.of(message.document)


def _may_be_new(message: WrittenMessage, since: int) -> bool:
    """Tell whether no walk before this one has stored the words of the message.

    `since`: where this walk begins; the one before read all writes up to a later time.
    """
    if not since or message.has_new_text or message.delivered_at is None:
        return True
    delivered = parse_timestamp(message.delivered_at) + _SLOW_WRITE
    return delivered.timestamp() >= since
