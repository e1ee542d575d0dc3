"""Withdraw a message that its sender sent by mistake."""

from lib import telemetry
from lib.domain.messages.errors import MessageNotFoundError, NoticeMessageError, NotOwnMessageError
from lib.domain.messages.message import Message
from lib.domain.messages.message_parts import Withdrawal
from lib.domain.messages.withdrawals.message_owner import MessageOwner
from lib.domain.messages.withdrawals.recall import RecallOutcome, Target
from lib.domain.shared.identifiers import MessageId
from lib.domain.shared.values import timestamp
from lib.ports.clock import Clock
from lib.repositories.messages.held_messages import HeldMessages
from lib.repositories.messages.messages import Messages
from lib.repositories.messages.withdrawals import Withdrawals, is_kept_in_inbox
from lib.repositories.payments.payments import Payments
from lib.repositories.profiles.profiles import Profiles
from lib.repositories.shared.optimistic import until_written
from lib.use_cases.messages.sent.note_sent import NoteSent


class WithdrawMessage:
    """Withdraw a message: an unread message leaves the inbox, a read message says so.

    No reminder is planned any more. Notifications that wait in a queue are not sent, since each
    send reads the message first: only a send that has already read the message may still end.
    Cost: one point read and one patch, and one read and one batch for the list of sent messages;
    one point read more for a message that was read, a read and a replace more for a message with a
    payment, one delete more for a held message.
    Concurrency: the patch needs the message as it was read. So a withdrawal comes either before
    the fan-out, which then delivers nothing, or after it. The payment and the lists are changed
    after the message, and a repeated withdrawal repeats those changes only.
    """

    def __init__(
        self,
        messages: Messages,
        withdrawals: Withdrawals,
        payments: Payments,
        profiles: Profiles,
        held: HeldMessages,
        note: NoteSent,
        clock: Clock,
        *,
        kept_ttl: int,
    ) -> None:
        self._messages = messages
        self._withdrawals = withdrawals
        self._payments = payments
        self._profiles = profiles
        self._held = held
        self._note = note
        self._clock = clock
        self._kept_ttl = kept_ttl

    async def __call__(
        self,
        owner: MessageOwner,
        fiscal_code: str,
        message_id: MessageId,
        *,
        reason: str | None = None,
        superseded_by: MessageId | None = None,
    ) -> Withdrawal:
        """Return the withdrawal; that of an earlier call where there was one.

        Raise MessageNotFoundError, NotOwnMessageError, NoticeMessageError.
        """
        telemetry.concerns(fiscal_code)
        asked = Withdrawal(timestamp(self._clock.now()), reason=reason, superseded_by=superseded_by)
        message = await until_written(
            "a message", lambda: self._withdraw(owner, fiscal_code, message_id, asked)
        )
        await self.release_payment(message)
        await self._note(message, is_known=True)
        if message.was_held:
            await self._held.discard(message.sender.service_id, message.id)
        withdrawal = message.withdrawal
        if withdrawal is None:
            raise MessageNotFoundError
        return withdrawal

    async def release_payment(self, message: Message, *, is_repeated: bool = False) -> None:
        """Remove a withdrawn message from the messages of its payment.

        `is_repeated`: an earlier run may have let a message join that this run rejected. It
        expires, and then nothing would lead an erasure of its citizen there.
        """
        if message.withdrawal is not None or (is_repeated and message.status == "REJECTED"):
            await self.leave_payment(message)

    async def leave_payment(self, message: Message) -> None:
        """Remove a message that is in no inbox from the messages of its payment."""
        if message.rpt_id is not None:
            await self._payments.change(
                message.rpt_id, lambda payment: payment.releasing(message.id)
            )

    async def _withdraw(
        self, owner: MessageOwner, fiscal_code: str, message_id: MessageId, asked: Withdrawal
    ) -> Message:
        stored = await self._messages.stored(fiscal_code, message_id)
        message = stored.message
        if not owner.sent(message):
            raise NotOwnMessageError
        if message.is_notice:
            raise NoticeMessageError
        if message.withdrawal is not None:
            return message
        if is_kept_in_inbox(message):
            profile = await self._profiles.profile(fiscal_code)
            asked = asked._replace(language=profile.language if profile else None)
        withdrawn = await self._withdrawals.withdraw(stored, asked, self._kept_ttl)
        telemetry.message_became("WITHDRAWN", message_id, service_id=owner.service_id)
        return withdrawn


async def recall_outcome(
    withdraw: WithdrawMessage, owner: MessageOwner, target: Target, reason: str
) -> RecallOutcome:
    """Withdraw the message as a call of its own would. Cost: that of WithdrawMessage."""
    try:
        await withdraw(owner, *target, reason=reason)
    except MessageNotFoundError:
        return RecallOutcome.NOT_FOUND
    except NotOwnMessageError:
        return RecallOutcome.NOT_OWN
    except NoticeMessageError:
        return RecallOutcome.NOTICE
    return RecallOutcome.WITHDRAWN
