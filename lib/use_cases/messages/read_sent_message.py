"""Return a message to its sender, with its outcome."""

import asyncio
from dataclasses import dataclass, replace
from typing import Final, Literal

from lib.domain.messages.errors import MessageNotFoundError, NotOwnMessageError
from lib.domain.messages.message import Message
from lib.domain.notifications.delivery import Claim, Delivery, SubjectId
from lib.domain.profiles.preference import read_status_shared
from lib.domain.services.service import Sender, may_know_outcome
from lib.domain.shared.identifiers import MessageId
from lib.repositories.messages.contents import Contents
from lib.repositories.messages.messages import Messages
from lib.repositories.notifications.former_claims import FormerClaims
from lib.repositories.notifications.notifications import Notifications
from lib.repositories.profiles.profiles import Profiles
from lib.use_cases.messages.known_payment import KnownPayment

ReadStatus = Literal["READ", "UNREAD", "UNAVAILABLE"]
PaidStatus = Literal["PAID", "NOT_PAID"]

CHANNELS: Final = ("PUSH", "EMAIL")


@dataclass(frozen=True, slots=True)
class SentMessage:
    """The message as its sender sees it.

    `read_status` and `payment_status` are None where the sender may not know the outcome.
    `payment_status` is None also for a message without a payment. `channels`: the notifications
    that announced the message; None where the caller did not ask for them.
    """

    message: Message
    read_status: ReadStatus | None = None
    payment_status: PaidStatus | None = None
    channels: tuple[Claim, ...] | None = None


class ReadSentMessage:
    """Return a message to its sender, with the part of its outcome that the sender may know.

    Cost: one point read; up to three more where the sender may know the outcome, and two more for
    the channels. Where these find nothing, two more look for the claims of the release 2026.11.0.
    """

    def __init__(
        self,
        messages: Messages,
        contents: Contents,
        profiles: Profiles,
        known_payment: KnownPayment,
        notifications: Notifications,
        former: FormerClaims,
        *,
        minimum_app_version: str,
    ) -> None:
        self._messages = messages
        self._contents = contents
        self._profiles = profiles
        self._known_payment = known_payment
        self._notifications = notifications
        self._former = former
        self._minimum_app_version = tuple(int(part) for part in minimum_app_version.split("."))

    async def __call__(
        self,
        sender: Sender,
        fiscal_code: str,
        message_id: MessageId,
        *,
        with_channels: bool = False,
    ) -> SentMessage:
        """Return the message as the sender sees it.

        Raise MessageNotFoundError, NotOwnMessageError.
        """
        message = await self._messages.get(fiscal_code, message_id)
        if not sender.sent(message):
            raise NotOwnMessageError
        if message.is_expired:
            raise MessageNotFoundError
        message = await self._contents.whole(message)
        sent = await self._with_outcome(sender, message)
        if not with_channels:
            return sent
        is_delivered = message.sent_status == "PROCESSED"
        channels = await self._channels(message) if is_delivered else ()
        return replace(sent, channels=channels)

    async def _channels(self, message: Message) -> tuple[Claim, ...]:
        citizen, subject_id = message.fiscal_code, SubjectId(message.id)
        deliveries = [Delivery(citizen, subject_id, "MESSAGE", name) for name in CHANNELS]
        found: list[Claim | None] = []
        for claims in self._notifications, self._former:
            found = await asyncio.gather(*map(claims.find, deliveries))
            if any(found):
                break
        return tuple(claim for claim in found if claim is not None)

    async def _with_outcome(self, sender: Sender, message: Message) -> SentMessage:
        fiscal_code, service_id = message.fiscal_code, message.sender.service_id
        if not may_know_outcome(sender, message):
            return SentMessage(message)
        profile, preference, message = await asyncio.gather(
            self._profiles.profile(fiscal_code),
            self._profiles.preference(fiscal_code, service_id),
            self._known_payment(message),
        )
        paid: PaidStatus | None = None
        if message.payment_status is not None:
            # as in IO, the sender sees NOT_PAID for each status but PAID
            paid = "PAID" if message.payment_status == "PAID" else "NOT_PAID"
        if not read_status_shared(profile, preference, service_id, self._minimum_app_version):
            return SentMessage(message, "UNAVAILABLE", paid)
        return SentMessage(message, "READ" if message.is_read else "UNREAD", paid)
