"""Change the status of a batch as its sender asks, from its sending to its recall."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from lib import telemetry
from lib.domain.batches.batch import Batch
from lib.domain.batches.errors import BatchNotFoundError
from lib.domain.batches.recall import recalled
from lib.domain.batches.status import BatchStatus
from lib.domain.services.service import Group, Sender
from lib.domain.shared.values import parse_timestamp
from lib.ports.clock import Clock
from lib.ports.queue import Queue
from lib.ports.queueing.items.batches import BatchStarted
from lib.ports.queueing.names import BATCH_STARTED
from lib.repositories.batches.batches import Batches
from lib.repositories.scheduling.schedule import Entry, Schedule
from lib.use_cases.batches.find_sender import FindSender
from lib.use_cases.batches.sending.close_batch import CLOSING_DELAY, is_settled

_CANCELLABLE: Final = frozenset(
    {BatchStatus.RUNNING, BatchStatus.PAUSED, BatchStatus.SCHEDULED, BatchStatus.CANCELLED}
)
"""The statuses after the start of a batch in which a cancellation is not refused."""

type Step = Callable[[Batch, datetime], Batch]


class ManageBatch:
    """Change the status of a sender's batch.

    Cost: one point read and one replace; one put more where sending begins, or one upsert where it
    begins later. A key with limited recipients: one read more, and that of FindSender.
    Each method raises BatchNotFoundError, BatchForbiddenError and BatchStateError.
    Concurrency: the status is written before the item is queued. A request that is repeated after a
    crash queues the item again; the timer of WakeBatches queues it where nobody repeats it.
    """

    def __init__(
        self,
        batches: Batches,
        schedule: Schedule,
        find_sender: FindSender,
        queue: Queue,
        clock: Clock,
    ) -> None:
        self._batches = batches
        self._schedule = schedule
        self._find_sender = find_sender
        self._queue = queue
        self._clock = clock

    async def send(
        self, sender: Sender, batch_id: str, *, skips_wrong_rows: bool, accepts_doubts: bool
    ) -> Batch:
        """Send a checked batch, or ask for its approval. Raise BatchDoubtError, too."""

        def step(batch: Batch, now: datetime) -> Batch:
            if batch.requested_by == sender.user_id and batch.status is not BatchStatus.CHECKED:
                # the same request again, after a lost answer
                return batch
            return batch.requested(
                sender.user_id,
                now,
                skips_wrong_rows=skips_wrong_rows,
                accepts_doubts=accepts_doubts,
                evidence_id=sender.evidence_id,
            )

        return await self._changed(sender, batch_id, step)

    async def approve(self, sender: Sender, batch_id: str) -> Batch:
        """Approve a batch as a second person."""

        def step(batch: Batch, now: datetime) -> Batch:
            if batch.approved_by == sender.user_id:
                return batch
            return batch.approved(sender.user_id, now)

        return await self._changed(sender, batch_id, step)

    async def pause(self, sender: Sender, batch_id: str) -> Batch:
        """Stop sending for now."""
        return await self._changed(sender, batch_id, Batch.paused)

    async def resume(self, sender: Sender, batch_id: str) -> Batch:
        """Send a paused batch on."""
        return await self._changed(sender, batch_id, Batch.resumed)

    async def cancel(self, sender: Sender, batch_id: str) -> Batch:
        """Send no further row.

        Cost: one put more where sending had begun; it closes the batch, and comes first so that no
        crash leaves a cancelled batch open.
        """
        batch = await self._batches.get(sender.service.id, batch_id)
        await self._find_sender.check_may_change(sender, batch)
        is_announced = await self.announce_end(batch)
        batch = await self._changed(sender, batch_id, Batch.cancelled)
        if not is_announced:
            # its sending may have begun between the read and the change
            await self.announce_end(batch)
        return batch

    async def announce_end(self, batch: Batch) -> bool:
        """Queue the item that closes a batch whose sending had begun; tell whether it had.

        Cost: at most one put.
        """
        has_begun = batch.began_at is not None and batch.status in _CANCELLABLE
        if has_begun:
            await self._put(batch, CLOSING_DELAY)
        return has_begun

    async def retry(self, sender: Sender, batch_id: str) -> Batch:
        """Send the failed rows of a finished batch again."""

        def step(batch: Batch, now: datetime) -> Batch:
            return batch if batch.status is BatchStatus.RUNNING else batch.reopened(now)

        return await self._changed(sender, batch_id, step)

    async def withdraw(self, sender: Sender, batch_id: str, reason: str) -> Batch:
        """Send no further row, and withdraw the messages of all rows; the first reason counts.

        Cost: one put more where rows may be under way: it comes when none is any more.
        """

        def step(batch: Batch, now: datetime) -> Batch:
            return recalled(
                batch, reason, now, subscription_id=sender.subscription_id, user_id=sender.user_id
            )

        return await self._changed(sender, batch_id, step)

    async def _changed(self, sender: Sender, batch_id: str, step: Step) -> Batch:
        if Group.LIMITED_MESSAGE_WRITE in sender.groups:
            found = await self._batches.get(sender.service.id, batch_id)
            await self._find_sender.check_may_change(sender, found)
        now = self._clock.now()

        def change(batch: Batch) -> Batch:
            if not sender.owns(batch.service_id, batch.sender_user_id):
                raise BatchNotFoundError
            return step(batch, now)

        batch = await self._batches.change(sender.service.id, batch_id, change)
        await self.begin(batch)
        telemetry.batch_became(batch.status, batch.id, service_id=batch.service_id)
        return batch

    async def begin(self, batch: Batch) -> None:
        """Queue or schedule the start of a batch that is sent now or later, or of its recall."""
        if batch.status is BatchStatus.RUNNING:
            await self._put(batch)
        elif batch.status is BatchStatus.WITHDRAWING:
            if not is_settled(batch, self._clock.now()):
                await self._put(batch, CLOSING_DELAY)
            await self._put(batch)
        elif batch.status is BatchStatus.SCHEDULED and batch.starts_at is not None:
            at = parse_timestamp(batch.starts_at)
            name = f"{batch.id}-{batch.generation}"
            entry = Entry(BATCH_STARTED, name, at, _started(batch))
            await self._schedule.put(entry, self._clock.now())

    async def _put(self, batch: Batch, delay: timedelta = timedelta(0)) -> None:
        stamped = telemetry.stamped(_started(batch), self._clock.now() + delay)
        await self._queue.put(BATCH_STARTED, stamped.text(), delay=delay)


def _started(batch: Batch) -> BatchStarted:
    return BatchStarted(service_id=batch.service_id, batch_id=batch.id, generation=batch.generation)
