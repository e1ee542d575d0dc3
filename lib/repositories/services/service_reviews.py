"""Store the list of services that wait for an operator's decision."""

from typing import Final

from lib.domain.shared.identifiers import ServiceId
from lib.ports.documents import DocumentStore, Query
from lib.ports.errors import NotFoundError
from lib.ports.schema.senders import SERVICE_REVIEWS

WAITING: Final = "WAITING"


class ServiceReviews:
    """List the services that wait for a decision, one document for each."""

    def __init__(self, store: DocumentStore) -> None:
        self._store = store

    async def add(self, service_id: ServiceId) -> None:
        """List the service; the same again changes nothing."""
        await self._store.upsert(SERVICE_REVIEWS, {"id": service_id, "status": WAITING})

    async def remove(self, service_id: ServiceId) -> None:
        """Take the service off the list; nothing changes where it is not listed."""
        try:
            await self._store.delete(SERVICE_REVIEWS, WAITING, service_id)
        except NotFoundError:
            return

    async def page(
        self, limit: int, continuation: str | None
    ) -> tuple[list[ServiceId], str | None]:
        """Return ids, the oldest services first, and the start of the next page.

        Raise ContinuationError. Cost: one query.
        """
        page = await self._store.query(
            SERVICE_REVIEWS, Query(WAITING, limit=limit, continuation=continuation)
        )
        return [one["id"] for one in page.items], page.continuation
