"""Store the list of held messages of each service."""

import contextlib
from dataclasses import asdict
from typing import Final, NamedTuple

from lib.domain.messages.checks.held_message import HeldMessage
from lib.domain.shared.identifiers import FiscalCode, MessageId, ServiceId, is_ulid
from lib.ports.documents import Condition, Document, DocumentStore, Query
from lib.ports.errors import ConflictError, NotFoundError
from lib.ports.schema.messages import HELD_MESSAGES
from lib.repositories.messages.messages import ACCEPTED_TTL

_ID: Final = "message_id"


class HeldPage(NamedTuple):
    """A page of the list; `next` is None on the last page."""

    items: list[HeldMessage]
    next: str | None


class HeldMessages:
    """Store an entry for each held message, as long as a message that waits for its fan-out."""

    def __init__(self, store: DocumentStore) -> None:
        self._store = store

    async def add(self, held: HeldMessage) -> None:
        """Add an entry; an entry that exists stays. Cost: one create."""
        fields = asdict(held)
        document = {"id": fields.pop(_ID), **fields, "ttl": ACCEPTED_TTL}
        with contextlib.suppress(ConflictError):
            await self._store.create(HELD_MESSAGES, document)

    async def get(self, service_id: ServiceId, message_id: MessageId) -> HeldMessage | None:
        """Return the entry, None if there is none. Cost: one point read."""
        if not is_ulid(message_id):
            return None
        try:
            stored = await self._store.read(HELD_MESSAGES, service_id, message_id)
        except NotFoundError:
            return None
        return _held(stored.document)

    async def page(
        self, service_id: ServiceId, user_id: str | None, limit: int, continuation: str | None
    ) -> HeldPage:
        """Return a page of the entries, the newest first. Cost: one query.

        `user_id`: the account whose messages alone are listed; None for all of the service.
        """
        query = Query(
            service_id,
            limit=limit,
            where=() if user_id is None else (Condition("user_id", "=", user_id),),
            descending=True,
            continuation=continuation,
        )
        page = await self._store.query(HELD_MESSAGES, query)
        return HeldPage([_held(one) for one in page.items], page.continuation)

    async def remove(self, held: HeldMessage) -> None:
        """Remove the entry, if it is there. Cost: one delete."""
        await self.discard(held.service_id, held.message_id)

    async def discard(self, service_id: ServiceId, message_id: MessageId) -> None:
        """Remove the entry of a message, if it is there. Cost: one delete."""
        with contextlib.suppress(NotFoundError):
            await self._store.delete(HELD_MESSAGES, service_id, message_id)


def _held(document: Document) -> HeldMessage:
    return HeldMessage(
        message_id=document["id"],
        service_id=document["service_id"],
        fiscal_code=FiscalCode(document["fiscal_code"]),
        rpt_id=document["rpt_id"],
        reason=document["reason"],
        earlier_id=document["earlier_id"],
        held_at=document["held_at"],
        user_id=document["user_id"],
    )
