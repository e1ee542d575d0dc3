"""Process a dead letter again."""

import asyncio
import contextlib
from typing import Final

from pydantic import ValidationError

from lib import telemetry
from lib.domain.messages.message_parts import MessageStatus
from lib.domain.messages.scheduled.set_time import is_unsent
from lib.domain.operations.dead_letters import MOST_AT_ONCE, Cause, DeadLetter
from lib.domain.operations.errors import DeadLetterNotFoundError, QueueNotFoundError
from lib.domain.shared.values import timestamp
from lib.ports.clock import Clock
from lib.ports.errors import NotFoundError, PreconditionFailedError
from lib.ports.queue import Queue
from lib.ports.queueing.item import renewed
from lib.ports.queueing.items.messages import MessageSubmitted
from lib.ports.queueing.names import MESSAGE_SUBMITTED, QUEUES
from lib.repositories.messages.messages import Messages
from lib.repositories.operations.dead_letters import DeadLetters
from lib.use_cases.messages.sent.note_sent import NoteSent

MOST_COUNTED: Final = 100


class ReplayDeadLetter:
    """Reopen the message, queue the item, delete the letter.

    Concurrency: each step may be repeated.
    """

    def __init__(
        self,
        letters: DeadLetters,
        messages: Messages,
        queue: Queue,
        clock: Clock,
        note: NoteSent,
    ) -> None:
        self._letters = letters
        self._messages = messages
        self._queue = queue
        self._clock = clock
        self._note = note

    async def __call__(self, queue: str, id_: str, cause: Cause | None = None) -> None:
        """Replay the letter; raise QueueNotFoundError, DeadLetterNotFoundError."""
        letter = await self.read(queue, id_)
        telemetry.concerns(None)
        if queue == MESSAGE_SUBMITTED:
            await self._reopen(letter.text)
        # an item that failed after seven days of attempts gets another seven days
        stamp = {"is_repeated": True, **telemetry.stamp(self._clock.now())}
        await self._queue.put(queue, renewed(letter.text, stamp))
        await self._letters.discard(queue, id_)
        if cause is not None:
            telemetry.item_replayed(queue, id_, cause.operator, cause.reason)

    async def all(self, queue: str, cause: Cause) -> tuple[int, bool]:
        """Replay the newest letters; return their number, and whether there may be more.

        Raise QueueNotFoundError. Cost: at most `MOST_AT_ONCE` replays, one after another.
        """
        letters = await self.list(queue, MOST_AT_ONCE)
        count = 0
        for one in letters:
            # another operator may be replaying the same letters
            with contextlib.suppress(DeadLetterNotFoundError):
                await self(queue, one.id, cause)
                count += 1
        return count, len(letters) == MOST_AT_ONCE

    async def read(self, queue: str, id_: str) -> DeadLetter:
        """Return the letter with its item; raise QueueNotFoundError, DeadLetterNotFoundError."""
        _check(queue)
        letter = await self._letters.get(queue, id_)
        if letter is None:
            raise DeadLetterNotFoundError
        return letter

    async def _reopen(self, text: str) -> None:
        try:
            item = MessageSubmitted.model_validate_json(text)
        except ValidationError:
            return
        found = await self._messages.find(item.fiscal_code, item.message_id)
        # the rights of a scheduled message that was never sent are still to be checked
        is_scheduled = found is not None and is_unsent(found.message)
        status: MessageStatus = "SCHEDULED" if is_scheduled else "ACCEPTED"
        with contextlib.suppress(NotFoundError, PreconditionFailedError):
            at = timestamp(self._clock.now())
            await self._messages.reopen(item.fiscal_code, item.message_id, at, status)
            telemetry.concerns(item.fiscal_code)
            telemetry.message_became(status, item.message_id)
        # also where an earlier run reopened it; the fan-out that follows stores the entry anyway
        found = await self._messages.find(item.fiscal_code, item.message_id)
        if found is not None and found.message.status == status:
            await self._note(found.message)

    async def list(self, queue: str, limit: int) -> list[DeadLetter]:
        """Return the newest dead letters of the queue, without their texts.

        Raise QueueNotFoundError.
        """
        _check(queue)
        return await self._letters.newest(queue, limit)

    async def counts(self) -> dict[str, int]:
        """Return the number of dead letters of each queue, at most `MOST_COUNTED`.

        Cost: one query for each queue.
        """
        pages = await asyncio.gather(
            *(self._letters.newest(queue, MOST_COUNTED) for queue in QUEUES)
        )
        return {queue: len(page) for queue, page in zip(QUEUES, pages, strict=True)}


def _check(queue: str) -> None:
    if queue not in QUEUES:
        raise QueueNotFoundError(QUEUES)
