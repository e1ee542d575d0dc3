"""Look whether the document store answers."""

from typing import Final

from lib.ports.documents import DocumentStore
from lib.ports.errors import NotFoundError
from lib.ports.schema.senders import SERVICES

_NO_SERVICE: Final = "store-health"
"""An id that no service has."""


class StoreHealth:
    """Look whether the document store answers."""

    def __init__(self, store: DocumentStore) -> None:
        self._store = store

    async def check(self) -> None:
        """Return if the store answers. Raise UnavailableError. Cost: one point read."""
        try:
            await self._store.read(SERVICES, _NO_SERVICE, _NO_SERVICE)
        except NotFoundError:
            return
