"""Withdraw all messages that a service sent between two times."""

import asyncio
from datetime import timedelta
from typing import Final

from ulid import ULID

from lib import telemetry
from lib.domain.messages.sent_entry import SentEntry
from lib.domain.messages.withdrawals.message_owner import MessageOwner
from lib.domain.messages.withdrawals.recall import Recall, RecallOutcome, RecallProgress, Target
from lib.domain.messages.withdrawals.search_state import SearchState
from lib.domain.messages.withdrawals.selection import Selection, SelectionCount
from lib.domain.shared.identifiers import MessageId
from lib.domain.shared.values import parse_timestamp, timestamp
from lib.ports.clock import Clock
from lib.ports.errors import PreconditionFailedError
from lib.ports.queue import Queue
from lib.ports.queueing.items.messages import RecallRequested
from lib.ports.queueing.names import RECALL_REQUESTED
from lib.repositories.messages.recalls import Recalls
from lib.repositories.messages.sent.sent_selections import PAGE, PARTS, SentSelections
from lib.use_cases.messages.withdrawals.withdraw_message import WithdrawMessage, recall_outcome

PAGES: Final = 5
"""The most pages of one queue item, so that an item takes seconds."""
AT_ONCE: Final = 16
"""The most messages of one page that are withdrawn at a time."""
_NOW: Final = timedelta(0)


class RecallSelection:
    """Search the list of sent messages in parts, and withdraw what the selection has.

    Each part is searched several times (SEARCHES), since a message may come into the list late.
    Concurrency: each page ends with the patch of its part's state. A run that died is repeated from
    the last page; messages that it withdrew are known by the list. Two runs of one part withdraw
    each message once, and count it once.
    """

    def __init__(
        self,
        recalls: Recalls,
        selections: SentSelections,
        withdraw: WithdrawMessage,
        queue: Queue,
        clock: Clock,
    ) -> None:
        self._recalls = recalls
        self._selections = selections
        self._withdraw = withdraw
        self._queue = queue
        self._clock = clock

    async def accept(
        self, owner: MessageOwner, reason: str, selection: Selection
    ) -> RecallProgress:
        """Store a recall and queue its searches. Cost: one batch and 16 puts."""
        now = self._clock.now()
        id_ = str(ULID.from_datetime(now))
        recall = Recall(id_, owner, reason, timestamp(now), selection=selection)
        await self._recalls.create_search(recall, PARTS)
        for part in range(PARTS):
            await self._queue_part(recall, part, _NOW)
        return RecallProgress(recall, {}, {})

    async def count(self, owner: MessageOwner, selection: Selection) -> SelectionCount:
        """Count the messages that the selection has now. Cost: see SentSelections.count."""
        return await self._selections.count(owner, selection)

    async def run(self, recall: Recall, selection: Selection, part: int) -> None:
        """Search on, at most PAGES pages. Cost: that of WithdrawMessage for each message.

        For each page one query and one patch more, and one put.
        """
        state = await self._recalls.search(recall.id, part)
        for _ in range(PAGES):
            if state.is_over:
                return
            wait = state.begins_at(parse_timestamp(recall.created_at)) - self._clock.now()
            if wait > _NOW:
                await self._queue_part(recall, part, wait)
                return
            state = await self._page(recall, selection, part, state)
        await self._queue_part(recall, part, _NOW)

    async def _page(
        self, recall: Recall, selection: Selection, part: int, state: SearchState
    ) -> SearchState:
        """Withdraw the messages of one page; return the state of the search after it."""
        entries = await self._selections.page(recall.owner, selection, part, state.cursor)
        is_first = state.search == 0
        fresh = [one for one in entries if is_first or _is_open(one)]
        places = asyncio.Semaphore(AT_ONCE)

        async def outcome(entry: SentEntry) -> RecallOutcome:
            async with places:
                return await self._outcome(recall, entry)

        outcomes = await asyncio.gather(*map(outcome, fresh))
        by_id: dict[MessageId, RecallOutcome] = {
            entry.id: one
            for entry, one in zip(fresh, outcomes, strict=True)
            # the later searches count only the messages that are new to them
            if is_first or one == RecallOutcome.WITHDRAWN
        }
        after = state.after(by_id, entries[-1].id if len(entries) == PAGE else None)
        try:
            await self._recalls.advance(recall.id, part, state, after)
        except PreconditionFailedError:
            # another run of this part has counted the page
            return await self._recalls.search(recall.id, part)
        return after

    async def _outcome(self, recall: Recall, entry: SentEntry) -> RecallOutcome:
        if entry.is_notice:
            return RecallOutcome.NOTICE
        if entry.withdrawn_at is not None:
            return RecallOutcome.WITHDRAWN
        target = Target(entry.fiscal_code, entry.id)
        return await recall_outcome(self._withdraw, recall.owner, target, recall.reason)

    async def _queue_part(self, recall: Recall, part: int, delay: timedelta) -> None:
        item = RecallRequested(recall_id=recall.id, chunk=part)
        stamped = telemetry.stamped(item, self._clock.now() + delay)
        await self._queue.put(RECALL_REQUESTED, stamped.text(), delay=delay)


def _is_open(entry: SentEntry) -> bool:
    return entry.withdrawn_at is None and not entry.is_notice
