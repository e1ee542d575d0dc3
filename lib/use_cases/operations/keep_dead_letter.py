"""Keep an item that cannot be processed, and mark its message FAILED."""

from lib import telemetry
from lib.domain.shared.values import timestamp
from lib.ports.clock import Clock
from lib.ports.errors import NotFoundError, PreconditionFailedError
from lib.ports.queueing.items.messages import MessageSubmitted
from lib.repositories.messages.messages import Messages
from lib.repositories.operations.dead_letters import DeadLetters, dead_letter_id
from lib.repositories.payments.payments import Payments
from lib.use_cases.messages.sent.note_sent import NoteSent


class KeepDeadLetter:
    """Store an item of a poison queue as a dead letter, and mark its message FAILED.

    The letter is stored first, so that after a crash the next run repeats all writes. A FAILED
    message leaves its payment, which it may have joined: it expires, and then nothing would lead an
    erasure of its citizen there. A message that is replayed joins again.
    """

    def __init__(
        self,
        letters: DeadLetters,
        messages: Messages,
        payments: Payments,
        clock: Clock,
        note: NoteSent,
    ) -> None:
        self._letters = letters
        self._messages = messages
        self._payments = payments
        self._clock = clock
        self._note = note

    async def note(self, queue: str, text: str, reason: str) -> None:
        """Store the reason of the last failure, before the platform moves the item to poison."""
        await self._letters.keep(queue, text, reason, timestamp(self._clock.now()))

    async def reason(self, queue: str, text: str) -> str | None:
        """Return the stored reason of the item's failure."""
        letter = await self._letters.get(queue, dead_letter_id(queue, text))
        return letter.reason if letter else None

    async def forget(self, queue: str, text: str) -> None:
        """Delete the stored reason of an item that was processed in the end."""
        await self._letters.discard(queue, dead_letter_id(queue, text))

    async def __call__(self, queue: str, text: str, message: MessageSubmitted | None) -> None:
        """Keep an item of the poison queue. `message`: the item's submission, if it has one."""
        at = timestamp(self._clock.now())
        await self._letters.keep(queue, text, None, at)
        if message is not None:
            await self._fail(message, at)
        telemetry.item_buried(queue, dead_letter_id(queue, text))

    async def _mark(self, message: MessageSubmitted, at: str) -> None:
        fiscal_code, id_ = message.fiscal_code, message.message_id
        try:
            await self._messages.fail(fiscal_code, id_, at)
        except PreconditionFailedError:
            if message.send_at is None:
                raise
            await self._messages.fail(fiscal_code, id_, at, before="SCHEDULED")

    async def _fail(self, message: MessageSubmitted, at: str) -> None:
        try:
            await self._mark(message, at)
        except (NotFoundError, PreconditionFailedError):
            # the message is gone, or is already in the inbox, so the citizen loses nothing; or an
            # earlier run marked it FAILED, and crashed before the list had it
            pass
        else:
            telemetry.message_became("FAILED", message.message_id)
        try:
            found = await self._messages.find(message.fiscal_code, message.message_id)
        except (KeyError, TypeError, ValueError) as error:
            # a message that cannot be read is why some items end here, and has no place in the list
            telemetry.report(error, "keep_dead_letter")
            return
        if found is not None and found.message.status == "FAILED":
            failed = found.message
            if failed.rpt_id is not None:
                await self._payments.change(failed.rpt_id, lambda one: one.releasing(failed.id))
            await self._note(failed)
