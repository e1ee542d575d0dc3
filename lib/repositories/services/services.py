"""Services as stored, remembered for a while: citizens ask about few, often."""

import time
from datetime import timedelta

from lib.domain.services.service import Service
from lib.ports.documents import DocumentStore
from lib.ports.errors import NotFoundError
from lib.ports.schema import SERVICES
from lib.repositories.services.senders import MAX_REMEMBERED, service_of


class Services:
    """Looks services up by their id."""

    def __init__(self, store: DocumentStore, remember: timedelta) -> None:
        self._store = store
        self._remember = remember.total_seconds()
        self._known: dict[str, tuple[float, Service]] = {}

    async def get(self, id_: str) -> Service | None:
        """Return the service, at most `remember` old; None where there is none."""
        known = self._known.get(id_)
        if known is not None and known[0] > time.monotonic():
            return known[1]
        try:
            service = service_of((await self._store.read(SERVICES, id_, id_)).document)
        except NotFoundError:
            return None
        self._known.pop(id_, None)
        self._known[id_] = (time.monotonic() + self._remember, service)
        if len(self._known) > MAX_REMEMBERED:
            del self._known[next(iter(self._known))]
        return service
