"""Find a citizen's messages by words."""

import contextlib
from datetime import datetime
from typing import Final

from lib import telemetry
from lib.domain.inbox.change_token import ChangeToken
from lib.domain.inbox.inbox_filter import InboxFilter
from lib.domain.inbox.words import SearchedWords
from lib.ports.clock import Clock
from lib.ports.errors import UnavailableError
from lib.ports.queue import Queue
from lib.ports.queueing.items.citizens import InboxSearched
from lib.ports.queueing.names import INBOX_SEARCHED
from lib.repositories.inbox.rows import Source
from lib.repositories.inbox.search.found_rows import Searched
from lib.repositories.inbox.search.searches import Searches
from lib.repositories.inbox.search.word_index import IndexState, WordIndex

MOST_FRESH: Final = 100
"""The messages without an index that a search reads at most."""
FEW_FRESH: Final = 50
"""With more messages without an index, a search asks for the index to be brought up to date."""
START: Final = ChangeToken(0).text()


class SearchInbox:
    """Choose how the messages with the words of a search are found.

    No write of a message pays for searches. A search reads the messages that were written since the
    citizen's index followed the inbox, and looks up all others in the index. A small inbox has no
    index: its messages are read. The first search of a larger inbox asks for an index, and so does
    a search that finds many changes; until it is there, the messages are examined by id.
    Cost: one point read and one query of MOST_FRESH messages at most. To ask for an index: one
    write and one put more.
    Concurrency: of many searches at the same time one asks. A process that dies before the put
    costs ASKED_AGAIN: then the next search asks.
    """

    def __init__(self, index: WordIndex, searches: Searches, queue: Queue, clock: Clock) -> None:
        self._index = index
        self._searches = searches
        self._queue = queue
        self._clock = clock

    async def __call__(
        self, fiscal_code: str, wanted: InboxFilter, words: SearchedWords
    ) -> Source | None:
        """Return the source of the messages; None to examine all messages of the filter."""
        now = self._clock.now()
        state = await self._index.state(fiscal_code)
        since = 0
        if state is not None and state.is_good(int(now.timestamp())):
            since = ChangeToken.of(state.place).since
        fresh = await self._searches.fresh(fiscal_code, since, MOST_FRESH)
        if fresh is None or len(fresh) > FEW_FRESH:
            # a search is a reading, which needs neither the write nor the queue
            with contextlib.suppress(UnavailableError):
                await self._ask(fiscal_code, state, now)
        searched = Searched(fiscal_code, wanted, words)
        if fresh is None or (since and not searched.has_index):
            return None
        return self._searches.rows(searched, fresh, is_indexed=since > 0)

    async def _ask(self, fiscal_code: str, state: IndexState | None, now: datetime) -> None:
        if await self._index.ask(fiscal_code, state, START, int(now.timestamp())):
            item = telemetry.stamped(InboxSearched(fiscal_code=fiscal_code), now)
            await self._queue.put(INBOX_SEARCHED, item.text())
