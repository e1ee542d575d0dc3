"""Send a scheduled message when its time has come."""

from typing import Final

from lib import telemetry
from lib.domain.messages.message import Message
from lib.domain.messages.scheduled.set_time import is_unsent
from lib.domain.shared.values import parse_timestamp, timestamp
from lib.ports.clock import Clock
from lib.ports.errors import NotFoundError, PreconditionFailedError, UnavailableError
from lib.ports.queue import Queue
from lib.ports.queueing.items.messages import MessageSubmitted
from lib.repositories.messages.messages import Messages
from lib.use_cases.messages.scheduled.check_again import CheckAgain
from lib.use_cases.messages.scheduled.schedule_message import wait_in_queue
from lib.use_cases.messages.sent.note_sent import NoteSent

MAX_READ_ATTEMPTS: Final = 3
"""The attempts to read the message: its submission may store it a moment after its item."""


class SendScheduled:
    """Make a SCHEDULED message ACCEPTED at its time, so that its fan-out sends it.

    The rights of its sender are checked again; a message that may not be sent is REJECTED.
    Cost: one put for an item that is early; else one point read, CheckAgain and one patch.
    Concurrency: this patch, a cancellation and a withdrawal all need the message in its status, so
    one of them wins. A repeated run changes nothing, and leads to the fan-out again.
    """

    def __init__(
        self,
        messages: Messages,
        check: CheckAgain,
        queue: Queue,
        clock: Clock,
        note: NoteSent,
        *,
        rejected_ttl: int,
    ) -> None:
        self._messages = messages
        self._check = check
        self._queue = queue
        self._clock = clock
        self._note = note
        self._rejected_ttl = rejected_ttl

    async def __call__(self, item: MessageSubmitted) -> bool:
        """Tell whether the item's message is to be fanned out now. Raise UnavailableError."""
        now = self._clock.now()
        if item.send_at is not None and (at := parse_timestamp(item.send_at)) > now:
            # a new item, so that a tick or a clock that is ahead costs nothing but this put
            fresh = item.model_copy(update={"attempt": 0, "first_seen": None})
            await wait_in_queue(self._queue, fresh, at, now)
            return False
        found = await self._messages.find(item.fiscal_code, item.message_id)
        if found is None:
            if item.attempt < MAX_READ_ATTEMPTS:
                raise UnavailableError("a scheduled message is not visible yet")
            return False
        message = found.message
        if message.status == "SCHEDULED":
            message = await self._release(message)
        if not is_unsent(message):
            return True
        await self._note(message, is_known=True)
        return False

    async def _release(self, message: Message) -> Message:
        """Return the message after its release or rejection, by this run or another."""
        fiscal_code, id_ = message.fiscal_code, message.id
        telemetry.concerns(fiscal_code)
        checked = await self._check(message)
        at = timestamp(self._clock.now())
        try:
            if checked.rejection is None:
                released = await self._messages.release(
                    fiscal_code, id_, at, checked.policy, before="SCHEDULED"
                )
                telemetry.message_became("ACCEPTED", id_, service_id=message.sender.service_id)
                return released
            rejected = await self._messages.reject(
                fiscal_code, id_, at, checked.rejection, self._rejected_ttl, before="SCHEDULED"
            )
        except (NotFoundError, PreconditionFailedError):
            # its sender cancelled it at this moment, or another run released it
            found = await self._messages.find(fiscal_code, id_)
            if found is None or found.message.status == "SCHEDULED":
                raise UnavailableError("another change is not visible yet") from None
            return found.message
        telemetry.message_became("REJECTED", id_, reason=checked.rejection)
        return rejected
