"""Store the owners of remote content configurations, and cache them for submissions."""

from datetime import timedelta

from lib.domain.remote_content.ownership import Ownership
from lib.ports.documents import Document, DocumentStore
from lib.ports.errors import NotFoundError
from lib.ports.schema.senders import REMOTE_CONTENT_CONFIGURATIONS
from lib.repositories.shared.loading_cache import LoadingCache


class Ownerships:
    """Find the owner of a configuration by its id; a cached owner is at most `remember` old.

    An owner never changes; a configuration of version 2026.11 gets an organisation when it is
    replaced for the first time.
    """

    def __init__(self, store: DocumentStore, remember: timedelta) -> None:
        self._store = store
        self._owners = LoadingCache(self.get, seconds=remember.total_seconds())

    async def cached(self, id_: str) -> Ownership | None:
        """Return the owner, None for an id of no configuration.

        Cost: one point read for an owner that is not cached, and for an id of no configuration.
        """
        return await self._owners.get(id_)

    async def get(self, id_: str) -> Ownership | None:
        """Return the stored owner, None for an id of no configuration. Cost: one point read."""
        try:
            stored = await self._store.read(REMOTE_CONTENT_CONFIGURATIONS, id_, id_)
        except NotFoundError:
            return None
        document = stored.document
        return Ownership(
            document["id"],
            document["user_id"],
            document.get("organization_fiscal_code"),
            document.get("on_behalf", False),
        )

    async def put(self, ownership: Ownership) -> None:
        """Store the owner of a configuration. Cost: one upsert."""
        document: Document = {
            "id": ownership.configuration_id,
            "user_id": ownership.user_id,
            "organization_fiscal_code": ownership.organization_fiscal_code,
            "on_behalf": ownership.on_behalf,
        }
        await self._store.upsert(REMOTE_CONTENT_CONFIGURATIONS, document)
