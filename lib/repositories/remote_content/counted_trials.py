"""Count an organisation's tests of its hosts, minute by minute."""

from datetime import datetime
from typing import Final

from lib.domain.shared.identifiers import OrganizationFiscalCode
from lib.ports.documents import Condition, DocumentStore, PatchOperation
from lib.ports.errors import ConflictError, NotFoundError, PreconditionFailedError
from lib.ports.schema.senders import REMOTE_CONTENT

MOST_PER_MINUTE: Final = 10
_LIFE: Final = 120
"""The life of a counter, in seconds."""


class CountedTrials:
    """The number of tests of each organisation in the present minute."""

    def __init__(self, store: DocumentStore) -> None:
        self._store = store

    async def admit(self, owner: OrganizationFiscalCode, now: datetime) -> bool:
        """Count a test, and return False if the minute has MOST_PER_MINUTE of them already.

        Cost: one patch; one create and one patch more for the first test in a minute.
        """
        id_ = f"trials-{now:%Y%m%d%H%M}"
        try:
            return await self._count(owner, id_)
        except NotFoundError:
            pass
        try:
            document = {"id": id_, "owner": owner, "count": 1, "ttl": _LIFE}
            await self._store.create(REMOTE_CONTENT, document)
        except ConflictError:
            return await self._count(owner, id_)
        return True

    async def _count(self, owner: OrganizationFiscalCode, id_: str) -> bool:
        step = PatchOperation("incr", "/count", 1)
        room = Condition("count", "<", MOST_PER_MINUTE)
        try:
            await self._store.patch(REMOTE_CONTENT, owner, id_, (step,), where=(room,))
        except PreconditionFailedError:
            return False
        return True
