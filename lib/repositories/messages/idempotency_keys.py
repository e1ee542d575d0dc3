"""Store claims on senders' idempotency keys; each lasts a day."""

import hashlib
from typing import NamedTuple

from lib.domain.messages.errors import IdempotencyKeyReusedError
from lib.domain.shared.identifiers import MessageId
from lib.ports.documents import Document, DocumentStore
from lib.ports.errors import ConflictError, NotFoundError, UnavailableError
from lib.ports.schema.messages import IDEMPOTENCY_KEYS


class IdempotencyClaim(NamedTuple):
    """The claim on a key: the message that the key's first request asked for."""

    message_id: MessageId
    created_at: str
    body_hash: str


class IdempotencyKeys:
    """Store the message of each idempotency key, one document per owner and key.

    `owner`: the sender whose key it is, see `Sender.key_owner`.
    """

    def __init__(self, store: DocumentStore) -> None:
        self._store = store

    async def claim(self, owner: str, key: str, claim: IdempotencyClaim) -> IdempotencyClaim:
        """Return the claim on the key: the new claim, or an earlier claim.

        Raise IdempotencyKeyReusedError where the earlier claim is for another body;
        UnavailableError.
        """
        id_ = _id(owner, key)
        document: Document = {"id": id_, **claim._asdict()}
        try:
            await self._store.create(IDEMPOTENCY_KEYS, document)
        except ConflictError:
            try:
                document = (await self._store.read(IDEMPOTENCY_KEYS, id_, id_)).document
            except NotFoundError:
                # the claim expired between create and read, and the next attempt can create it
                msg = "the claim on the key expired just now"
                raise UnavailableError(msg, retry_after=1) from None
        earlier = IdempotencyClaim(*(document[name] for name in IdempotencyClaim._fields))
        if earlier.body_hash != claim.body_hash:
            raise IdempotencyKeyReusedError
        return earlier

    async def is_held(self, owner: str, key: str) -> bool:
        """Tell whether the key was used before, with any body."""
        id_ = _id(owner, key)
        try:
            await self._store.read(IDEMPOTENCY_KEYS, id_, id_)
        except NotFoundError:
            return False
        return True


def _id(owner: str, key: str) -> str:
    return hashlib.sha256(f"{owner}\n{key}".encode()).hexdigest()
