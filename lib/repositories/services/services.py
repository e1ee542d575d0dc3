"""Read services, and cache them, since many citizens ask about the same few services."""

from datetime import timedelta

from lib.domain.services.service import Service
from lib.domain.shared.identifiers import ServiceId
from lib.ports.documents import DocumentStore
from lib.ports.errors import NotFoundError
from lib.ports.schema.senders import SERVICES
from lib.repositories.services.service_mapping import service_of
from lib.repositories.shared.loading_cache import LoadingCache


class Services:
    """Find services by id; a cached service is at most `remember` old."""

    def __init__(self, store: DocumentStore, remember: timedelta) -> None:
        self._store = store
        self._services = LoadingCache(self._load, seconds=remember.total_seconds())

    async def get(self, id_: ServiceId) -> Service | None:
        """Return the service, None if it is not stored.

        Cost: one point read for a service that is not cached.
        """
        return await self._services.get(id_)

    async def _load(self, id_: ServiceId) -> Service | None:
        try:
            return service_of((await self._store.read(SERVICES, id_, id_)).document)
        except NotFoundError:
            return None
