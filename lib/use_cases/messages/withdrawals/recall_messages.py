"""Withdraw many messages: accept the request, run it in chunks, and tell its progress."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from typing import Final

from ulid import ULID

from lib import telemetry
from lib.domain.messages.errors import RecallNotFoundError
from lib.domain.messages.withdrawals.message_owner import MessageOwner
from lib.domain.messages.withdrawals.recall import Recall, RecallOutcome, RecallProgress, Target
from lib.domain.shared.identifiers import is_ulid
from lib.domain.shared.values import timestamp
from lib.ports.clock import Clock
from lib.ports.queue import Queue
from lib.ports.queueing.items.messages import RecallRequested
from lib.ports.queueing.names import RECALL_REQUESTED
from lib.repositories.messages.recalls import Recalls
from lib.use_cases.messages.withdrawals.recall_selection import RecallSelection
from lib.use_cases.messages.withdrawals.withdraw_message import WithdrawMessage, recall_outcome

AT_ONCE: Final = 16
"""The most messages of one chunk that are withdrawn at a time."""


class RecallMessages:
    """Withdraw up to 10,000 messages of one owner.

    The request is stored with its messages, then each chunk is queued, then the sender gets its
    answer. A crash before the answer leaves a recall that runs in part: the sender repeats it.
    Concurrency: a chunk that runs again withdraws the remaining messages, since a second withdrawal
    of a message changes nothing. Its outcome is stored last.
    """

    def __init__(
        self,
        recalls: Recalls,
        withdraw: WithdrawMessage,
        queue: Queue,
        clock: Clock,
        selection: RecallSelection,
    ) -> None:
        self.selection = selection
        self._recalls = recalls
        self._withdraw = withdraw
        self._queue = queue
        self._clock = clock

    async def accept(
        self, owner: MessageOwner, reason: str, targets: Sequence[Target]
    ) -> RecallProgress:
        """Store a recall and queue its chunks. Cost: one batch, one put for each chunk."""
        now = self._clock.now()
        id_ = str(ULID.from_datetime(now))
        recall = Recall(id_, owner, reason, timestamp(now), len(targets))
        for chunk in range(await self._recalls.create(recall, targets)):
            item = RecallRequested(recall_id=id_, chunk=chunk)
            await self._queue.put(RECALL_REQUESTED, telemetry.stamped(item, now).text())
        return RecallProgress(recall, {}, {})

    async def run(self, item: RecallRequested) -> None:
        """Withdraw the messages of a chunk. Cost: that of WithdrawMessage for each message."""
        recall = await self._recalls.get(item.recall_id)
        if recall is not None and recall.selection is not None:
            await self.selection.run(recall, recall.selection, item.chunk)
            return
        targets = await self._recalls.chunk(item.recall_id, item.chunk)
        if recall is None or not targets:
            return
        places = asyncio.Semaphore(AT_ONCE)

        async def withdraw(target: Target) -> RecallOutcome:
            async with places:
                return await recall_outcome(self._withdraw, recall.owner, target, recall.reason)

        outcomes = await asyncio.gather(*map(withdraw, targets))
        by_id = {target.message_id: one for target, one in zip(targets, outcomes, strict=True)}
        count = Counter(one.value for one in outcomes)
        await self._recalls.finish(item.recall_id, item.chunk, by_id, count)

    async def progress(self, owner: MessageOwner, id_: str) -> RecallProgress:
        """Return the progress; raise RecallNotFoundError. Cost: one point read, one query.

        A service sees the recalls of its intermediaries too, as it sees their messages.
        """
        recall = await self._recalls.get(id_) if is_ulid(id_) else None
        if recall is None or not owner.owns(*recall.owner):
            raise RecallNotFoundError
        return await self._recalls.progress(recall)
