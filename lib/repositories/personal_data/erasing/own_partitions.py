"""Delete the documents of the containers whose partitions are those of citizens."""

import asyncio
import contextlib

from lib.ports.documents import BatchOperation, Container, DocumentStore, OwnPartition, Query
from lib.ports.errors import NotFoundError
from lib.ports.schema.containers import CONTAINERS

_PAGE = 100


class OwnPartitions:
    """Delete a citizen's own documents, in each container that declares it."""

    def __init__(self, store: DocumentStore) -> None:
        self._store = store

    async def erase(self, fiscal_code: str) -> None:
        """Delete the documents; a repeated call deletes what came since. Raise UnavailableError.

        Cost: one query and one batch for each hundred documents of a container with queries; one
        delete for each other container.
        """
        for container in CONTAINERS:
            if not isinstance(how := container.erasure, OwnPartition):
                continue
            if how.ids:
                await self._delete(container, fiscal_code, how.ids)
                continue
            query = Query(fiscal_code, limit=_PAGE, fields=("id",))
            while found := (await self._store.query(container, query)).items:
                await self._delete_all(container, fiscal_code, [one["id"] for one in found])

    async def _delete_all(self, container: Container, fiscal_code: str, ids: list[str]) -> None:
        deletes = [BatchOperation("delete", id=id_) for id_ in ids]
        try:
            await self._store.batch(container, fiscal_code, deletes)
        except NotFoundError:
            # one of them has expired, or another run was here
            await self._delete(container, fiscal_code, ids)

    async def _delete(
        self, container: Container, fiscal_code: str, ids: list[str] | tuple[str, ...]
    ) -> None:
        async def delete(id_: str) -> None:
            with contextlib.suppress(NotFoundError):
                await self._store.delete(container, fiscal_code, id_)

        await asyncio.gather(*map(delete, ids))
