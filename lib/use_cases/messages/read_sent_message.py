"""Return a message to its sender, with its outcome."""

import asyncio
from dataclasses import dataclass
from typing import Literal

from lib.domain.messages.errors import NotOwnMessageError
from lib.domain.messages.message import Message
from lib.domain.profiles.preference import read_status_shared
from lib.domain.services.service import Sender, may_know_outcome
from lib.domain.shared.identifiers import MessageId
from lib.repositories.messages.messages import Messages
from lib.repositories.profiles.profiles import Profiles
from lib.use_cases.messages.known_payment import KnownPayment

ReadStatus = Literal["READ", "UNREAD", "UNAVAILABLE"]
PaidStatus = Literal["PAID", "NOT_PAID"]


@dataclass(frozen=True, slots=True)
class SentMessage:
    """The message as its sender sees it.

    `read_status` and `payment_status` are None where the sender may not know the outcome.
    `payment_status` is None also for a message without a payment.
    """

    message: Message
    read_status: ReadStatus | None = None
    payment_status: PaidStatus | None = None


class ReadSentMessage:
    """Return a message to its sender, with the part of its outcome that the sender may know.

    Cost: one point read; up to three more where the sender may know the outcome.
    """

    def __init__(
        self,
        messages: Messages,
        profiles: Profiles,
        known_payment: KnownPayment,
        *,
        minimum_app_version: str,
    ) -> None:
        self._messages = messages
        self._profiles = profiles
        self._known_payment = known_payment
        self._minimum_app_version = tuple(int(part) for part in minimum_app_version.split("."))

    async def __call__(
        self, sender: Sender, fiscal_code: str, message_id: MessageId
    ) -> SentMessage:
        """Return the message as the sender sees it.

        Raise MessageNotFoundError, NotOwnMessageError.
        """
        message = await self._messages.get(fiscal_code, message_id)
        service_id = sender.service.id
        if message.sender.service_id != service_id:
            raise NotOwnMessageError
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
