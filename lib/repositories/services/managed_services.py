"""Store managed services, each with its history, in a partition of its own."""

import re
from collections.abc import Callable
from typing import Final, Literal, NamedTuple

from lib.domain.services.errors import ManagedServiceNotFoundError
from lib.domain.services.managed_service import Change, HistoryEntry, ManagedService
from lib.domain.shared.identifiers import SERVICE_ID_PATTERN, ServiceId
from lib.ports.documents import BatchOperation, Condition, DocumentStore, Query, Stored
from lib.ports.errors import NotFoundError
from lib.ports.schema.senders import SERVICE_VERSIONS
from lib.repositories.services.managed_service_mapping import (
    CURRENT,
    entry_document,
    entry_of,
    service_document,
    service_of,
)
from lib.repositories.shared.optimistic import until_written

_ID: Final = re.compile(SERVICE_ID_PATTERN[1:-1])
ENTRIES: Final = "entry-"
_AFTER_ENTRIES: Final = "entry."
_LAST_CHANGE: Final = "last_change"

type Order = Literal["ASC", "DESC"]


class HistoryPage(NamedTuple):
    """A page of a history; `continuation` is None on the last page."""

    entries: list[HistoryEntry]
    continuation: str | None


class ManagedServices:
    """Read, create and change managed services.

    One transactional batch writes the present state and the history entries of a change, each with
    an id that follows from its version.
    """

    def __init__(self, store: DocumentStore) -> None:
        self._store = store

    async def get(self, service_id: ServiceId) -> ManagedService | None:
        """Return the service, None where there is none. Cost: one point read."""
        if not _ID.fullmatch(service_id):
            return None
        try:
            return service_of((await self._read(service_id)).document)
        except NotFoundError:
            return None

    async def create(self, change: Change) -> None:
        """Store a new service; raise ConflictError where the id exists. Cost: one batch."""
        document = service_document(change.service)
        operations = [BatchOperation("create", document), *_created(change)]
        await self._store.batch(SERVICE_VERSIONS, change.service.id, operations)

    async def change(
        self, service_id: ServiceId, change_id: str, transition: Callable[[ManagedService], Change]
    ) -> ManagedService:
        """Store what the transition returns, and return it.

        `change_id` is new for each call: by it an attempt whose answer was lost knows its own
        write. Raise ManagedServiceNotFoundError, UnavailableError and what the transition raises.
        Cost: one point read, and one batch where something changes.
        """

        async def attempt() -> ManagedService:
            try:
                stored = await self._read(service_id)
            except NotFoundError:
                raise ManagedServiceNotFoundError(service_id) from None
            before = service_of(stored.document)
            if stored.document.get(_LAST_CHANGE) == change_id:
                return before
            change = transition(before)
            if change.service != before:
                document = {**service_document(change.service), _LAST_CHANGE: change_id}
                replaced = BatchOperation("replace", document, if_match=stored.etag)
                await self._store.batch(SERVICE_VERSIONS, service_id, [replaced, *_created(change)])
            return change.service

        return await until_written("the service", attempt)

    async def history(
        self, service_id: ServiceId, order: Order, limit: int, continuation: str | None
    ) -> HistoryPage:
        """Return a page of the service's history; raise ContinuationError. Cost: one query."""
        page = await self._store.query(
            SERVICE_VERSIONS,
            Query(
                service_id,
                limit=limit,
                where=(
                    Condition("id", ">", ENTRIES),
                    Condition("id", "<", _AFTER_ENTRIES),
                ),
                descending=order == "DESC",
                continuation=continuation,
            ),
        )
        return HistoryPage([entry_of(one) for one in page.items], page.continuation)

    async def _read(self, service_id: ServiceId) -> Stored:
        return await self._store.read(SERVICE_VERSIONS, service_id, CURRENT)


def _created(change: Change) -> list[BatchOperation]:
    service_id = change.service.id
    return [BatchOperation("create", entry_document(service_id, one)) for one in change.entries]
