"""Store queue items that could not be processed, with the reason, until replay or expiry."""

import hashlib
from dataclasses import dataclass

from lib.domain.operations.dead_letters import UNKNOWN_REASON, DeadLetter
from lib.ports.documents import Document, DocumentStore, Query
from lib.ports.errors import NotFoundError
from lib.ports.queueing.item import untraced
from lib.ports.schema.operations import DEAD_LETTERS


def dead_letter_id(queue: str, text: str) -> str:
    """Return the id of an item's dead letter: the same for the same item, 32 hex digits.

    The id does not depend on the trace fields. So an item that a caller queued twice after a
    time-out becomes one letter.
    """
    return hashlib.sha256(f"{queue}\n{untraced(text)}".encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class DeadLetters:
    """Store dead letters by queue."""

    store: DocumentStore

    async def keep(self, queue: str, text: str, reason: str | None, at: str) -> None:
        """Store the item; `reason` None keeps the stored reason of its last attempt."""
        id_ = dead_letter_id(queue, text)
        if reason is None:
            try:
                reason = (await self.store.read(DEAD_LETTERS, queue, id_)).document["reason"]
            except NotFoundError:
                reason = UNKNOWN_REASON
        document: Document = {
            "id": id_,
            "queue": queue,
            "text": text,
            "reason": reason,
            "failed_at": at,
        }
        await self.store.upsert(DEAD_LETTERS, document)

    async def get(self, queue: str, id_: str) -> DeadLetter | None:
        """Return the dead letter with its item, None where there is none."""
        try:
            return _letter((await self.store.read(DEAD_LETTERS, queue, id_)).document)
        except NotFoundError:
            return None

    async def newest(self, queue: str, limit: int) -> list[DeadLetter]:
        """Return the newest dead letters, without the items' texts, which name citizens."""
        page = await self.store.query(
            DEAD_LETTERS,
            Query(
                queue,
                limit=limit,
                order_by="failed_at",
                descending=True,
                fields=("id", "queue", "reason", "failed_at"),
            ),
        )
        return [_letter(document) for document in page.items]

    async def discard(self, queue: str, id_: str) -> None:
        """Delete the dead letter; a second call changes nothing."""
        try:
            await self.store.delete(DEAD_LETTERS, queue, id_)
        except NotFoundError:
            return


def _letter(document: Document) -> DeadLetter:
    return DeadLetter(
        id=document["id"],
        queue=document["queue"],
        reason=document["reason"],
        failed_at=document["failed_at"],
        text=document.get("text", ""),
    )
