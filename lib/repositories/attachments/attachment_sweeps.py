"""Find files to look at, by a query over all partitions.

Only the use cases of timers may call this module: a query costs some RU for each physical
partition.
"""

from datetime import datetime

from lib.domain.attachments.attachment import Attachment
from lib.domain.shared.identifiers import AttachmentId
from lib.domain.shared.values import timestamp
from lib.ports.documents import Condition, DocumentStore, Sweep
from lib.ports.schema.documents import ATTACHMENTS
from lib.repositories.attachments.attachments import FIELDS, attachment_of


class AttachmentSweeps:
    """Find the files of all senders whose time to be looked at has come."""

    def __init__(self, store: DocumentStore) -> None:
        self._store = store

    async def due(self, now: datetime, limit: int) -> list[AttachmentId]:
        """Return the ids of files to look at. Cost: a search of all partitions."""
        where = (Condition("due_at", "<=", timestamp(now)),)
        return [
            one["id"] for one in await self._store.sweep(ATTACHMENTS, Sweep(where, limit, ("id",)))
        ]

    async def of_citizen(self, fiscal_code: str, limit: int) -> list[Attachment]:
        """Return files that a citizen's messages brought. Cost: a search of all partitions."""
        where = (Condition("fiscal_code", "=", fiscal_code),)
        found = await self._store.sweep(ATTACHMENTS, Sweep(where, limit, FIELDS))
        return [attachment_of(one) for one in found]
