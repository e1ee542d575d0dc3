"""Accept a message from a sender: 201 means that the message is durable and will be fanned out."""

import contextlib
import hashlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from lib import telemetry
from lib.domain.messages.acceptance import accepted
from lib.domain.messages.message import Message
from lib.domain.messages.message_id import new_message_id
from lib.domain.messages.message_parts import MessageStatus, StatusChange
from lib.domain.messages.new_message import NewMessage
from lib.domain.messages.scheduled.set_time import scheduled
from lib.domain.messages.words.variants import OF_OURS
from lib.domain.payments.brake import Brake
from lib.domain.services.service import Sender
from lib.domain.shared.identifiers import MessageId
from lib.domain.shared.values import timestamp
from lib.ports.clock import Clock
from lib.ports.errors import UnavailableError
from lib.ports.queue import Queue
from lib.ports.queueing.items.messages import MessageSubmitted
from lib.ports.queueing.names import MESSAGE_SUBMITTED
from lib.repositories.messages.idempotency_keys import IdempotencyClaim, IdempotencyKeys
from lib.repositories.messages.messages import Messages
from lib.use_cases.messages.checks.attaching import Attaching
from lib.use_cases.messages.checks.check_submission import CheckSubmission
from lib.use_cases.messages.checks.hold_message import HoldMessage
from lib.use_cases.messages.scheduled.schedule_message import ScheduleMessage
from lib.use_cases.messages.sent.note_sent import NoteSent

_OF_OURS: Final[Mapping[str, bool | set[str]]] = {
    "reminders": True,
    "reference": True,
    "supersedes": True,
    "about": True,
    "send_at": True,
    "attachments": True,
    "content": {*OF_OURS},
}
"""The fields of a submission that IO does not have."""

type CountTrial = Callable[[Sender], Awaitable[None]]
"""Counts a message of a sender that is on trial, and refuses the messages above its cap."""


@dataclass(frozen=True, slots=True)
class Submitted:
    """The accepted message. `replayed`: its idempotency key was used before.

    `held`: the reason why the message is held, None if it is not.
    """

    message_id: MessageId
    recipient: str
    replayed: bool = False
    held: Brake | None = None


class SubmitMessage:
    """Accept a sender's message: store it and queue its fan-out.

    Cost: one create and one put. An idempotency key: one create more. A message with a payment: one
    point read of the payment more. Remote content: the reads of CheckSubmission. A
    sender on trial: one patch more, and one point read more with an idempotency key. A message for
    a set time: that of ScheduleMessage, and one point read for a repeated request. Files: that of
    AttachFiles.
    """

    def __init__(
        self,
        keys: IdempotencyKeys,
        messages: Messages,
        check: CheckSubmission,
        hold: HoldMessage,
        queue: Queue,
        clock: Clock,
        count_trial: CountTrial,
        note: NoteSent,
        schedule: ScheduleMessage,
        attach: Attaching,
    ) -> None:
        self._keys = keys
        self._messages = messages
        self._check = check
        self._hold = hold
        self._queue = queue
        self._clock = clock
        self._count_trial = count_trial
        self._note = note
        self._schedule = schedule
        self._attach = attach

    async def __call__(
        self,
        sender: Sender,
        message: NewMessage,
        *,
        recipient_in_path: str | None = None,
        idempotency_key: str | None = None,
        message_id: MessageId | None = None,
    ) -> Submitted:
        """Return the accepted message.

        `message_id`: the id of the message, where the caller keeps it for repeated calls; such a
        message is stored once, whatever became of the claim on its key.
        Raise the refusals of CheckSubmission, IdempotencyKeyReusedError, TrialCapError.
        """
        checked = await self._check(
            sender,
            message,
            recipient_in_path=recipient_in_path,
            idempotency_key=idempotency_key,
        )
        recipient, brake, send_at = checked.recipient, checked.brake, checked.send_at
        files = checked.files
        await self._count_once(sender, idempotency_key)
        now = self._clock.now()
        id_, created_at, replayed = await self._claim(
            sender, recipient, message, idempotency_key, send_at or now, message_id
        )
        begun = accepted(
            message,
            sender.service,
            user_id=sender.user_id,
            intermediary=sender.intermediary_fiscal_code,
            recipient=recipient,
            id_=id_,
            created_at=created_at,
            evidence_id=sender.evidence_id,
            files=files,
            precondition=checked.precondition,
        )
        if files:
            await self._attach.to_message(files, recipient, id_)
        if send_at is not None:
            await self._send_later(begun, sender, now, replayed=replayed)
            return Submitted(id_, recipient, replayed)
        if brake is not None:
            change = StatusChange("HELD", created_at)
            history = (*begun.status_history, change)
            begun = replace(begun, status="HELD", status_history=history)
        # None: an earlier request with the key stored the message, and may have crashed after that
        etag = await self._messages.create(begun)
        status = begun.status
        if etag is None:
            status = (await self._messages.get(recipient, id_)).status
        try:
            await self._next_step(begun, status, brake, now)
        except UnavailableError:
            if etag is not None and idempotency_key is None:
                # the sender gets an error and sends another message, so no sweep may find this
                with contextlib.suppress(UnavailableError):
                    await self._messages.discard(recipient, id_, etag)
                    if files:
                        await self._attach.release(files, id_)
            raise
        if etag is not None:
            telemetry.message_became(status, id_, service_id=sender.service.id)
        held = None
        if brake is not None and status == "HELD":
            held = brake.told_to(on_behalf=sender.on_behalf)
        return Submitted(id_, recipient, replayed, held)

    async def _next_step(
        self, begun: Message, status: MessageStatus, brake: Brake | None, now: datetime
    ) -> None:
        """Queue the fan-out of an ACCEPTED message; list a HELD one. Raise UnavailableError."""
        if status == "ACCEPTED":
            item = MessageSubmitted(
                fiscal_code=begun.fiscal_code,
                message_id=begun.id,
                service_id=begun.sender.service_id,
            )
            await self._queue.put(MESSAGE_SUBMITTED, telemetry.stamped(item, now).text())
            self._note.accepted(begun)
        elif status == "HELD" and brake is not None:
            await self._hold.enter(begun, brake, now)
            # no fan-out lists it
            await self._note(begun)

    async def _claim(
        self,
        sender: Sender,
        recipient: str,
        message: NewMessage,
        idempotency_key: str | None,
        begins: datetime,
        message_id: MessageId | None,
    ) -> tuple[MessageId, str, bool]:
        """Return the id and the time of the message, and whether its key was used before.

        `begins`: the present or the set time, so that a scheduled message has the place and the age
        of one that is accepted at its set time.
        """
        id_ = message_id or new_message_id(begins, self._clock.now())
        created_at = timestamp(begins)
        if idempotency_key is None:
            return id_, created_at, False
        claim = IdempotencyClaim(id_, created_at, _body_hash(recipient, message))
        earlier = await self._keys.claim(sender.key_owner, idempotency_key, claim)
        return earlier.message_id, earlier.created_at, earlier.message_id != id_

    async def _send_later(
        self, begun: Message, sender: Sender, now: datetime, *, replayed: bool
    ) -> None:
        """Schedule the message, unless an earlier request with its key stored it."""
        earlier = await self._messages.find(begun.fiscal_code, begun.id) if replayed else None
        if earlier is not None:
            await self._schedule.repeated(earlier.message)
        else:
            await self._schedule(scheduled(begun, sender.subscription_id, timestamp(now)))

    async def _count_once(self, sender: Sender, idempotency_key: str | None) -> None:
        """Count the message in the trial, unless a request with the key was counted before."""
        if not sender.is_on_trial:
            return
        owner = sender.key_owner
        if not (idempotency_key and await self._keys.is_held(owner, idempotency_key)):
            await self._count_trial(sender)


def _body_hash(recipient: str, message: NewMessage) -> str:
    """Return the hash of the request's content, independent of its layout.

    A message without a field that IO does not have keeps the hash from before the field existed.
    """
    content = f"{recipient}\n{message.model_dump_json(exclude={**_OF_OURS})}"
    if message.reminders is not None:
        content += message.reminders.model_dump_json(exclude_unset=True)
    if message.reference is not None:
        content += f"\n{message.reference}"
    if message.supersedes is not None:
        content += f"\nsupersedes {message.supersedes}"
    if message.about is not None:
        content += f"\nabout {message.about.model_dump_json()}"
    if message.attachments is not None:
        content += f"\nattachments {' '.join(message.attachments)}"
    if message.send_at is not None:
        content += f"\nat {message.send_at}"
    own = message.content.model_dump_json(include={*OF_OURS}, exclude_none=True)
    if own != "{}":
        content += f"\n{own}"
    return hashlib.sha256(content.encode()).hexdigest()
