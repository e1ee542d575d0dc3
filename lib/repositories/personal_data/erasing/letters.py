"""Delete the dead letters that name one citizen."""

import contextlib
from typing import Final

from lib.ports.documents import DocumentStore, Query
from lib.ports.errors import NotFoundError
from lib.ports.queueing.names import QUEUES
from lib.ports.schema.operations import DEAD_LETTERS

_PAGE: Final = 100


class Letters:
    """The dead letters of all queues. An item's text is all that names its citizen."""

    def __init__(self, store: DocumentStore) -> None:
        self._store = store

    async def erase(self, fiscal_code: str) -> None:
        """Delete the letters with the fiscal code in their item.

        Cost: one query for each queue and each hundred of its letters, one delete for each found.
        """
        for queue in QUEUES:
            continuation, is_first = None, True
            while is_first or continuation:
                query = Query(
                    queue,
                    limit=_PAGE,
                    order_by="failed_at",
                    continuation=continuation,
                    fields=("id", "text"),
                )
                page = await self._store.query(DEAD_LETTERS, query)
                is_first, continuation = False, page.continuation
                for one in page.items:
                    if fiscal_code in one["text"]:
                        with contextlib.suppress(NotFoundError):
                            await self._store.delete(DEAD_LETTERS, queue, one["id"])
