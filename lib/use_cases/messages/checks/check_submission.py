"""Check a message before it is accepted, or instead of it."""

from datetime import datetime
from typing import NamedTuple

from lib import telemetry
from lib.domain.attachments.attached_file import AttachedFile
from lib.domain.messages.content import Precondition
from lib.domain.messages.errors import (
    DuplicateRecipientError,
    MissingRecipientError,
    NoticeMessageError,
    NotOwnMessageError,
    SendTimeError,
)
from lib.domain.messages.message import Message
from lib.domain.messages.new_message import NewMessage
from lib.domain.messages.scheduled.as_submitted import as_submitted
from lib.domain.messages.scheduled.set_time import is_past, set_time_of
from lib.domain.payments.brake import Brake, brake_of
from lib.domain.payments.errors import BrakedPaymentError, TooManyMessagesForPaymentError
from lib.domain.remote_content.ownership import check_configuration, configuration_named
from lib.domain.services.service import Sender, check_groups, check_submission
from lib.domain.shared.identifiers import MessageId, rpt_id_of
from lib.ports.clock import Clock
from lib.repositories.messages.contents import Contents
from lib.repositories.messages.idempotency_keys import IdempotencyKeys
from lib.repositories.messages.messages import Messages
from lib.repositories.payments.payments import Payments
from lib.repositories.remote_content.configurations import Configurations
from lib.repositories.remote_content.ownerships import Ownerships
from lib.use_cases.messages.checks.attaching import Attaching


class CheckedSubmission(NamedTuple):
    """The recipient of a message that may be sent.

    `brake`: the reason why it is to be held, None where it is not. `send_at`: the time for which it
    is scheduled, None where it is sent now. `files`: the uploaded files that it has.
    `precondition`: see lib.domain.messages.acceptance.
    """

    recipient: str
    brake: Brake | None = None
    send_at: datetime | None = None
    files: tuple[AttachedFile, ...] = ()
    precondition: Precondition = "NEVER"


class CheckSubmission:
    """Refuse a message that the sender may not send, for the submission and its dry run.

    Cost: none. A message with a payment: one point read of the payment. Remote content: one point
    read of the configuration's owner, unless it is cached; one more of the configuration where the
    message has no precondition of its own. Files: that of AttachFiles.check.
    """

    def __init__(
        self,
        keys: IdempotencyKeys,
        messages: Messages,
        contents: Contents,
        payments: Payments,
        ownerships: Ownerships,
        configurations: Configurations,
        attach: Attaching,
        clock: Clock,
    ) -> None:
        self._keys = keys
        self._messages = messages
        self._contents = contents
        self._payments = payments
        self._ownerships = ownerships
        self._configurations = configurations
        self._attach = attach
        self._clock = clock

    async def __call__(
        self,
        sender: Sender,
        message: NewMessage,
        *,
        recipient_in_path: str | None = None,
        idempotency_key: str | None = None,
    ) -> CheckedSubmission:
        """Return the recipient, and whether the message is to be held.

        Raise the refusals of lib.domain.services.service and remote_content, SendTimeError,
        BrakedPaymentError, TooManyMessagesForPaymentError; for the superseded message
        MessageNotFoundError, NotOwnMessageError, NoticeMessageError; for its files
        AttachmentNotFoundError, AttachmentStateError.
        """
        if recipient_in_path and message.fiscal_code:
            raise DuplicateRecipientError
        recipient = recipient_in_path or message.fiscal_code
        if not recipient:
            raise MissingRecipientError
        telemetry.concerns(recipient)
        await self.rights(sender, recipient, message)
        send_at = await self._set_time(sender, message, idempotency_key)
        brake = await self._hold_or_refuse(sender, recipient, message, idempotency_key)
        if message.supersedes is not None:
            await self._check_superseded(sender, recipient, message.supersedes)
        files: tuple[AttachedFile, ...] = ()
        if message.attachments:
            files = await self._attach.check(
                sender, message.attachments, is_repeated=idempotency_key is not None
            )
        # a scheduled message is held at its set time, if there is a reason then
        held = None if send_at else brake
        precondition = await self._precondition(message)
        return CheckedSubmission(recipient, held, send_at, files, precondition)

    async def rights(self, sender: Sender, recipient: str, message: NewMessage) -> None:
        """Refuse a message that the sender has no right to send to this recipient."""
        if (configuration_id := configuration_named(message)) is not None:
            owner = await self._ownerships.cached(configuration_id)
            check_configuration(sender, owner)
        check_submission(sender, recipient, message)

    async def _precondition(self, message: NewMessage) -> Precondition:
        """Return the precondition of the message, or of its configuration."""
        third_party, stored = message.content.third_party_data, None
        if third_party is None:
            return "NEVER"
        if third_party.has_precondition is not None:
            return third_party.has_precondition
        if (id_ := third_party.configuration_id) is not None:
            ownership = await self._ownerships.cached(id_)
            if ownership and (owner := ownership.organization_fiscal_code):
                stored = await self._configurations.cached(owner, id_)
        return "NEVER" if stored is None else stored.content.has_precondition

    async def again(self, sender: Sender, message: Message) -> None:
        """Refuse a stored message that the sender may not send to its recipient now.

        Raise the errors of `rights` and of check_groups.
        """
        new = as_submitted(await self._contents.whole(message))
        check_groups(sender, new)
        await self.rights(sender, message.fiscal_code, new)

    async def _set_time(
        self, sender: Sender, message: NewMessage, idempotency_key: str | None
    ) -> datetime | None:
        """Return the time for which the message is scheduled; raise SendTimeError."""
        now = self._clock.now()
        try:
            return set_time_of(message, now)
        except SendTimeError:
            # a request that is repeated after the set time gets its first answer
            is_late = idempotency_key is not None and is_past(message, now)
            if is_late and await self._keys.is_held(sender.key_owner, idempotency_key or ""):
                return None
            raise

    async def _check_superseded(self, sender: Sender, recipient: str, id_: MessageId) -> None:
        superseded = await self._messages.get(recipient, id_)
        if not sender.sent(superseded):
            raise NotOwnMessageError
        if superseded.is_notice:
            raise NoticeMessageError

    async def _hold_or_refuse(
        self, sender: Sender, recipient: str, message: NewMessage, idempotency_key: str | None
    ) -> Brake | None:
        """Return the reason why the message is to be held; None where it may be sent."""
        brake = await self._brake(sender, recipient, message)
        if brake is None:
            return None
        if isinstance(brake, Brake) and sender.service.duplicate_policy == "HOLD":
            return brake
        # the payment may have this very message, from an earlier request with the key
        if idempotency_key and await self._keys.is_held(sender.key_owner, idempotency_key):
            return None
        if not isinstance(brake, Brake):
            raise brake
        raise BrakedPaymentError(brake.told_to(on_behalf=sender.on_behalf))

    async def _brake(
        self, sender: Sender, recipient: str, message: NewMessage
    ) -> Brake | TooManyMessagesForPaymentError | None:
        """Return the reason against one more message for the payment; the fan-out checks again.

        Accepted messages before their fan-out are not counted, so the fan-out may reject some.
        """
        payment_data = message.content.payment_data
        if payment_data is None:
            return None
        service = sender.service
        payee = (
            payment_data.payee.fiscal_code
            if payment_data.payee
            else service.organization_fiscal_code
        )
        payment = await self._payments.get(rpt_id_of(payee, payment_data.notice_number))
        brake = brake_of(service.duplicate_policy, payment, service.id, message.supersedes)
        if brake is not None:
            return brake
        if payment is not None and not payment.has_room(service.id, recipient):
            return TooManyMessagesForPaymentError()
        return None
