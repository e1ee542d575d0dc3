"""Accept a message from a sender: 201 means that it is durable and that its fan-out will come."""

import hashlib
from dataclasses import dataclass

from ulid import ULID

from lib.domain.errors import (
    IdempotencyKeyReusedError,
    RecipientMissingError,
    RecipientTwiceError,
)
from lib.domain.events import MessageSubmitted
from lib.domain.message import NewMessage
from lib.domain.service import Sender, check_submission
from lib.domain.values import timestamp
from lib.ports.clock import Clock
from lib.ports.documents import Document, DocumentStore
from lib.ports.errors import ConflictError
from lib.ports.queue import Queue
from lib.queues import MESSAGE_SUBMITTED
from lib.repositories.messages import Messages, new_document
from lib.schema import IDEMPOTENCY_KEYS


@dataclass(frozen=True, slots=True)
class Submitted:
    """The accepted message; `replayed` when its idempotency key had come before."""

    message_id: str
    recipient: str
    replayed: bool = False


class SubmitMessage:
    """One create and one put; with an idempotency key one create more."""

    def __init__(self, store: DocumentStore, queue: Queue, clock: Clock) -> None:
        self._store = store
        self._messages = Messages(store)
        self._queue = queue
        self._clock = clock

    async def __call__(
        self,
        sender: Sender,
        message: NewMessage,
        *,
        recipient_in_path: str | None = None,
        idempotency_key: str | None = None,
    ) -> Submitted:
        """Raise the refusals of lib.domain.service, and IdempotencyKeyReusedError."""
        if recipient_in_path and message.fiscal_code:
            raise RecipientTwiceError
        recipient = recipient_in_path or message.fiscal_code
        if not recipient:
            raise RecipientMissingError
        check_submission(sender, recipient, message)
        now = self._clock.now()
        id_, created_at = str(ULID.from_datetime(now)), timestamp(now)
        replayed = False
        if idempotency_key is not None:
            draft = {
                "message_id": id_,
                "created_at": created_at,
                "body_hash": _body_hash(recipient, message),
            }
            claim = await self._claim(sender, idempotency_key, draft)
            replayed = claim["message_id"] != id_
            id_, created_at = claim["message_id"], claim["created_at"]
        document = new_document(
            id_=id_, created_at=created_at, sender=sender, recipient=recipient, message=message
        )
        if await self._must_queue(document):
            item = MessageSubmitted(
                fiscal_code=recipient, message_id=id_, service_id=sender.service.id
            )
            await self._queue.put(MESSAGE_SUBMITTED, item.text())
        return Submitted(id_, recipient, replayed)

    async def _must_queue(self, document: Document) -> bool:
        """Store the message; tell whether its item may not have been queued yet.

        A first attempt may have died between its writes, or still be between them: whoever comes
        later with the same key does them again, and fan-out takes the second item for what it is.
        """
        try:
            await self._messages.create(document)
        except ConflictError:
            stored = await self._messages.get(document["fiscal_code"], document["id"])
            return bool(stored["status"] == "ACCEPTED")
        return True

    async def _claim(self, sender: Sender, key: str, draft: Document) -> Document:
        """Return the claim on the key: the draft made just now, or the one that was there."""
        claim_id = hashlib.sha256(f"{sender.service.id}\n{key}".encode()).hexdigest()
        claim = {"id": claim_id, **draft}
        try:
            await self._store.create(IDEMPOTENCY_KEYS, claim)
        except ConflictError:
            claim = (await self._store.read(IDEMPOTENCY_KEYS, claim_id, claim_id)).document
            if claim["body_hash"] != draft["body_hash"]:
                raise IdempotencyKeyReusedError from None
        return claim


def _body_hash(recipient: str, message: NewMessage) -> str:
    """Hash what was asked for, whatever its layout."""
    return hashlib.sha256(f"{recipient}\n{message.model_dump_json()}".encode()).hexdigest()
