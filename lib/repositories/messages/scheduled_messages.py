"""Store the list of the scheduled messages of each service."""

import contextlib
from dataclasses import asdict
from datetime import datetime
from typing import Final

from lib.domain.messages.message_id import first_id_of
from lib.domain.messages.scheduled.scheduled_message import ScheduledEntry
from lib.domain.shared.identifiers import FiscalCode, MessageId, ServiceId, is_ulid
from lib.ports.documents import Condition, Document, DocumentStore, Query
from lib.ports.errors import ConflictError, NotFoundError
from lib.ports.schema.messages import SCHEDULED_MESSAGES

_ID: Final = "message_id"


class ScheduledMessages:
    """Store an entry for each scheduled message. The id of a message begins with its set time.

    An entry never changes. It stays for some time after the set time, so that a late cancellation
    gets its answer.
    """

    def __init__(self, store: DocumentStore) -> None:
        self._store = store

    async def add(self, entry: ScheduledEntry, ttl: int) -> None:
        """Add an entry, for `ttl` seconds; an entry that exists stays. Cost: one create."""
        fields = asdict(entry)
        document = {"id": fields.pop(_ID), **fields, "ttl": ttl}
        with contextlib.suppress(ConflictError):
            await self._store.create(SCHEDULED_MESSAGES, document)

    async def get(self, service_id: ServiceId, message_id: MessageId) -> ScheduledEntry | None:
        """Return the entry, None if there is none. Cost: one point read."""
        if not is_ulid(message_id):
            return None
        try:
            stored = await self._store.read(SCHEDULED_MESSAGES, service_id, message_id)
        except NotFoundError:
            return None
        return _entry(stored.document)

    async def page(
        self,
        service_id: ServiceId,
        user_id: str | None,
        *,
        since: datetime,
        after: MessageId | None,
        size: int,
    ) -> list[ScheduledEntry]:
        """Return up to `size` entries with a set time from `since` on, the earliest first.

        `after`: only entries after this message. `user_id`: the account whose messages alone are
        listed; None for all of the service. Cost: one query.
        """
        where = [Condition("id", ">=", first_id_of(since))]
        if after is not None:
            where.append(Condition("id", ">", after))
        if user_id is not None:
            where.append(Condition("user_id", "=", user_id))
        query = Query(service_id, limit=size, where=tuple(where))
        found = await self._store.query(SCHEDULED_MESSAGES, query)
        return [_entry(one) for one in found.items]

    async def remove(self, entry: ScheduledEntry) -> None:
        """Remove an entry, if it is there. Cost: one delete."""
        with contextlib.suppress(NotFoundError):
            await self._store.delete(SCHEDULED_MESSAGES, entry.service_id, entry.message_id)


def _entry(document: Document) -> ScheduledEntry:
    return ScheduledEntry(
        message_id=document["id"],
        service_id=document["service_id"],
        fiscal_code=FiscalCode(document["fiscal_code"]),
        user_id=document["user_id"],
        send_at=document["send_at"],
        accepted_at=document["accepted_at"],
    )
