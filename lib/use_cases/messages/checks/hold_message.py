"""Hold a message for its sender, list held messages, and release or drop them."""

from dataclasses import replace
from datetime import datetime

from lib import telemetry
from lib.domain.messages.checks.held_message import HeldMessage
from lib.domain.messages.errors import HeldMessageNotFoundError
from lib.domain.messages.message import Message
from lib.domain.payments.brake import Brake
from lib.domain.profiles.choices import Rejection
from lib.domain.services.service import Sender, check_recipient
from lib.domain.shared.identifiers import MessageId
from lib.domain.shared.values import timestamp
from lib.ports.clock import Clock
from lib.ports.errors import NotFoundError, PreconditionFailedError, UnavailableError
from lib.ports.queue import Queue
from lib.ports.queueing.items.messages import MessageSubmitted
from lib.ports.queueing.names import MESSAGE_SUBMITTED
from lib.repositories.messages.held_messages import HeldMessages, HeldPage
from lib.repositories.messages.messages import Messages
from lib.use_cases.messages.checks.check_submission import CheckSubmission
from lib.use_cases.messages.sent.note_sent import NoteSent


class HoldMessage:
    """Keep the list of held messages, and carry out the sender's decision about each.

    The decision is written into the message before its entry is removed, so a request that is
    repeated after a crash completes it.
    """

    def __init__(
        self,
        held: HeldMessages,
        messages: Messages,
        queue: Queue,
        clock: Clock,
        note: NoteSent,
        check: CheckSubmission,
        *,
        dropped_ttl: int,
    ) -> None:
        self._held = held
        self._messages = messages
        self._queue = queue
        self._clock = clock
        self._note = note
        self._check = check
        self._dropped_ttl = dropped_ttl

    async def enter(self, message: Message, brake: Brake, now: datetime) -> None:
        """Enter a message into the list; an entry that exists stays. Cost: one create."""
        rpt_id = message.rpt_id
        if rpt_id is None:
            return
        entry = HeldMessage(
            message_id=message.id,
            service_id=message.sender.service_id,
            fiscal_code=message.fiscal_code,
            rpt_id=rpt_id,
            reason=brake.reason,
            earlier_id=brake.message_id,
            held_at=timestamp(now),
            user_id=message.sender_user_id,
        )
        await self._held.add(entry)

    async def leave(self, message: Message) -> None:
        """Remove a message from the list, if it is there. Cost: one delete."""
        await self._held.discard(message.sender.service_id, message.id)

    async def page(self, sender: Sender, limit: int, continuation: str | None) -> HeldPage:
        """Return a page of the service's held messages, the newest first. Cost: one query.

        An intermediary sees only the messages that it sent, and not which message came before.
        """
        account = sender.owner.user_id
        page = await self._held.page(sender.service.id, account, limit, continuation)
        if account is None:
            return page
        return page._replace(items=[replace(one, earlier_id=None) for one in page.items])

    async def release(self, sender: Sender, message_id: MessageId) -> None:
        """Send a held message, if the sender may send it now.

        Raise HeldMessageNotFoundError, UnavailableError, and the errors of check_recipient and of
        CheckSubmission.again. Cost: two reads, one patch, one put and one delete.
        """
        entry = await self._entry(sender, message_id)
        held = await self._present(entry)
        if held is not None and held.status == "HELD":
            await self._check.again(sender, held)
        now = self._clock.now()
        try:
            await self._messages.release(entry.fiscal_code, message_id, timestamp(now))
        except NotFoundError:
            await self._held.remove(entry)
            raise HeldMessageNotFoundError from None
        except PreconditionFailedError:
            # an earlier request has released it, and may have died before the next line
            found = await self._present(entry)
            if found is None or found.status != "ACCEPTED":
                await self._held.remove(entry)
                raise HeldMessageNotFoundError from None
        item = MessageSubmitted(
            fiscal_code=entry.fiscal_code, message_id=message_id, service_id=entry.service_id
        )
        await self._queue.put(MESSAGE_SUBMITTED, telemetry.stamped(item, now).text())
        await self._held.remove(entry)

    async def drop(self, sender: Sender, message_id: MessageId) -> None:
        """Reject a held message. Cost: one read, one patch, one delete, and a note.

        Raise HeldMessageNotFoundError, UnavailableError, and the errors of check_recipient.
        """
        entry = await self._entry(sender, message_id)
        at = timestamp(self._clock.now())
        try:
            dropped = await self._messages.reject(
                entry.fiscal_code,
                message_id,
                at,
                Rejection.DROPPED,
                self._dropped_ttl,
                before="HELD",
            )
            telemetry.message_became("REJECTED", message_id, reason=Rejection.DROPPED)
        except (NotFoundError, PreconditionFailedError):
            # an earlier request has dropped it, and may have died before the next lines
            found = await self._present(entry)
            if found is None or found.rejection != Rejection.DROPPED:
                await self._held.remove(entry)
                raise HeldMessageNotFoundError from None
            dropped = found
        await self._note(dropped)
        await self._held.remove(entry)

    async def _present(self, entry: HeldMessage) -> Message | None:
        """Return the message of an entry; None if it is gone.

        Raise UnavailableError for a message that its fan-out holds at this moment: the fan-out
        enters it into the list first. Without its entry nobody could release it.
        """
        found = await self._messages.find(entry.fiscal_code, entry.message_id)
        if found is None:
            return None
        if found.message.status == "ACCEPTED" and not found.message.was_held:
            raise UnavailableError("the message is not held yet", retry_after=1) from None
        return found.message

    async def _entry(self, sender: Sender, message_id: MessageId) -> HeldMessage:
        entry = await self._held.get(sender.service.id, message_id)
        if entry is None or not sender.owns(sender.service.id, entry.user_id):
            raise HeldMessageNotFoundError
        check_recipient(sender, entry.fiscal_code)
        return entry
