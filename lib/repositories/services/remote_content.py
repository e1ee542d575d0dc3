"""Store senders' remote content configurations: one document each, with its owner."""

from lib.domain.services.remote_content import RemoteContentConfiguration
from lib.ports.documents import DocumentStore
from lib.ports.errors import NotFoundError
from lib.ports.schema import REMOTE_CONTENT_CONFIGURATIONS


class RemoteContentConfigurations:
    """Read the configurations of all senders."""

    def __init__(self, store: DocumentStore) -> None:
        self._store = store

    async def get(self, id_: str) -> RemoteContentConfiguration | None:
        """Return the configuration, None if it is not stored. Cost: one point read."""
        try:
            stored = await self._store.read(REMOTE_CONTENT_CONFIGURATIONS, id_, id_)
        except NotFoundError:
            return None
        return RemoteContentConfiguration(stored.document["id"], stored.document["user_id"])
