"""Let a sender see what became of a message it sent."""

import asyncio
from dataclasses import dataclass

from lib.domain.messages.errors import NotOwnMessageError
from lib.domain.profiles.preference import read_status_shared
from lib.domain.services.service import Sender, may_know_outcome
from lib.ports.documents import Document, DocumentStore
from lib.repositories.messages.messages import Messages
from lib.repositories.profiles.recipients import Recipients
from lib.use_cases.messages.known_payment import KnownPayment


@dataclass(frozen=True, slots=True)
class SentMessage:
    """The message, and where the sender may ask for it what became of it.

    READ, UNREAD or UNAVAILABLE; and of a message that asks for a payment PAID or NOT_PAID.
    """

    document: Document
    read_status: str | None = None
    payment_status: str | None = None


class ReadSentMessage:
    """Return a message to its sender, with as much of its outcome as the sender may know.

    Cost: one point read; up to three more where the sender may know the outcome.
    """

    def __init__(self, store: DocumentStore, *, minimum_app_version: str) -> None:
        self._messages = Messages(store)
        self._recipients = Recipients(store)
        self._known_payment = KnownPayment(store)
        self._minimum_app_version = tuple(int(part) for part in minimum_app_version.split("."))

    async def __call__(self, sender: Sender, fiscal_code: str, message_id: str) -> SentMessage:
        """Raise MessageNotFoundError, NotOwnMessageError."""
        message = await self._messages.get(fiscal_code, message_id)
        service_id = sender.service.id
        if message["sender_service_id"] != service_id:
            raise NotOwnMessageError
        if not may_know_outcome(sender, message["status"], message["feature_level_type"]):
            return SentMessage(message)
        profile, preference, message = await asyncio.gather(
            self._recipients.profile(fiscal_code),
            self._recipients.preference(fiscal_code, service_id),
            self._known_payment(message),
        )
        paid: str | None = message.get("payment_status")
        # to a sender, as in IO, whatever is not paid is NOT_PAID
        paid = paid and ("PAID" if paid == "PAID" else "NOT_PAID")
        if not read_status_shared(profile, preference, service_id, self._minimum_app_version):
            return SentMessage(message, "UNAVAILABLE", paid)
        return SentMessage(message, "READ" if message["is_read"] else "UNREAD", paid)
