"""Tell which citizens are leaving: their request for the deletion of all data has begun."""

from typing import Final

from lib.ports.documents import DocumentStore
from lib.ports.errors import NotFoundError
from lib.ports.schema.citizens import USER_DATA_PROCESSING

DELETE: Final = "DELETE"
BEGUN: Final = "WIP"
"""The choice and the status by IO's names. Before it begins, a citizen logs in and may abort it."""


class LeavingCitizens:
    """Read the requests. Cost: one point read for each call."""

    def __init__(self, store: DocumentStore) -> None:
        self._store = store

    async def has(self, fiscal_code: str) -> bool:
        """Tell whether the citizen's data is being deleted; raise UnavailableError."""
        try:
            stored = await self._store.read(USER_DATA_PROCESSING, fiscal_code, DELETE)
        except NotFoundError:
            return False
        return bool(stored.document["status"] == BEGUN)
