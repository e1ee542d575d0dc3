"""Store the access logs of citizens: one document for all equal accesses of a day."""

import contextlib
from datetime import timedelta
from typing import NamedTuple

from lib.domain.access_log.access_entry import AccessEntry, Action, Actor, ActorKind
from lib.domain.shared.identifiers import FiscalCode
from lib.ports.documents import Document, DocumentStore, Query
from lib.ports.errors import ConflictError
from lib.ports.schema.citizens import ACCESS_LOG


class AccessPage(NamedTuple):
    """A page of entries, the newest first; `cursor`: None on the last page."""

    entries: list[AccessEntry]
    cursor: str | None


class AccessEntries:
    """Store entries, which expire by themselves after `kept`."""

    def __init__(self, store: DocumentStore, kept: timedelta) -> None:
        self._store = store
        self._seconds = int(kept.total_seconds())

    async def add(self, fiscal_code: FiscalCode, entry: AccessEntry) -> None:
        """Add an entry. Cost: one create.

        Concurrency: of equal accesses of a day, the first one stays.
        """
        document = {"ttl": self._seconds, **_document(fiscal_code, entry)}
        with contextlib.suppress(ConflictError):
            await self._store.create(ACCESS_LOG, document)

    async def page(self, fiscal_code: FiscalCode, size: int, cursor: str | None) -> AccessPage:
        """Return a page, the newest entries first. Cost: one query.

        Raise ContinuationError for a cursor from elsewhere.
        """
        query = Query(fiscal_code, size, order_by="at", descending=True, continuation=cursor)
        page = await self._store.query(ACCESS_LOG, query)
        return AccessPage([_entry(one) for one in page.items], page.continuation)


def _document(fiscal_code: FiscalCode, entry: AccessEntry) -> Document:
    actor = entry.actor
    members = {
        "delegation_id": actor.delegation_id,
        "service_id": actor.service_id,
        "service_name": actor.service_name,
        "organization_fiscal_code": actor.organization_fiscal_code,
        "organization_name": actor.organization_name,
        "message_id": entry.message_id,
    }
    return {
        "id": entry.id,
        "fiscal_code": fiscal_code,
        "at": entry.at,
        "actor": actor.kind,
        "action": entry.action,
        **{name: value for name, value in members.items() if value is not None},
    }


def _entry(document: Document) -> AccessEntry:
    actor = Actor(
        ActorKind(document["actor"]),
        document.get("delegation_id"),
        document.get("service_id"),
        document.get("service_name"),
        document.get("organization_fiscal_code"),
        document.get("organization_name"),
    )
    action = Action(document["action"])
    return AccessEntry(document["at"], actor, action, document.get("message_id"))
