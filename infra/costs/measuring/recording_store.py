"""Record every call of the document store."""

from collections.abc import Sequence

from infra.costs.measuring.calls import DocumentCall, Record, indexed_terms, stored_bytes
from lib.ports.documents import (
    BatchOperation,
    Condition,
    Container,
    Document,
    DocumentStore,
    PatchOperation,
    Query,
    QueryPage,
    Stored,
    Sweep,
)
from lib.ports.errors import NotFoundError


class RecordingStore:
    """A document store that records calls, except its own reads of stored documents."""

    def __init__(self, store: DocumentStore, record: Record) -> None:
        self._store = store
        self._calls = record.documents

    async def _look(self, container: Container, partition: str, id_: str) -> Document | None:
        try:
            return (await self._store.read(container, partition, id_)).document
        except NotFoundError:
            return None

    def _write(
        self,
        container: Container,
        before: Document | None,
        after: Document | None,
        operations: Sequence[PatchOperation] = (),
    ) -> None:
        if before is None or after is None:
            kind, terms = ("create" if before is None else "delete"), indexed_terms(container)
        else:
            changed = [name for name in {*before, *after} if before.get(name) != after.get(name)]
            # a modified document leaves the index and enters it again
            kind, terms = "replace", 2 * indexed_terms(container, changed)
        self._calls.append(
            DocumentCall(
                "patch" if operations else kind,
                container.name,
                (stored_bytes(after),) if after else (),
                stored_bytes(before) if before else 0,
                terms,
                len(operations),
            )
        )

    async def create(self, container: Container, document: Document) -> Stored:
        """See DocumentStore."""
        stored = await self._store.create(container, document)
        self._write(container, None, stored.document)
        return stored

    async def read(self, container: Container, partition: str, id_: str) -> Stored:
        """See DocumentStore."""
        found = await self._look(container, partition, id_)
        sizes = (stored_bytes(found),) if found else ()
        self._calls.append(DocumentCall("read", container.name, sizes))
        return await self._store.read(container, partition, id_)

    async def read_many(
        self, container: Container, id_: str, partitions: Sequence[str]
    ) -> dict[str, Stored]:
        """See DocumentStore; recorded as one point read for each partition."""
        found = await self._store.read_many(container, id_, partitions)
        for partition in partitions:
            sizes = (stored_bytes(found[partition].document),) if partition in found else ()
            self._calls.append(DocumentCall("read", container.name, sizes))
        return found

    async def replace(
        self, container: Container, document: Document, *, if_match: str | None = None
    ) -> Stored:
        """See DocumentStore."""
        before = await self._look(container, document[container.partition_key], document["id"])
        stored = await self._store.replace(container, document, if_match=if_match)
        self._write(container, before, stored.document)
        return stored

    async def upsert(self, container: Container, document: Document) -> Stored:
        """See DocumentStore."""
        before = await self._look(container, document[container.partition_key], document["id"])
        stored = await self._store.upsert(container, document)
        self._write(container, before, stored.document)
        return stored

    async def patch(
        self,
        container: Container,
        partition: str,
        id_: str,
        operations: Sequence[PatchOperation],
        *,
        if_match: str | None = None,
        where: tuple[Condition, ...] = (),
    ) -> Stored:
        """See DocumentStore."""
        before = await self._look(container, partition, id_)
        stored = await self._store.patch(
            container, partition, id_, operations, if_match=if_match, where=where
        )
        self._write(container, before, stored.document, operations)
        return stored

    async def delete(
        self, container: Container, partition: str, id_: str, *, if_match: str | None = None
    ) -> None:
        """See DocumentStore."""
        before = await self._look(container, partition, id_)
        await self._store.delete(container, partition, id_, if_match=if_match)
        self._write(container, before, None)

    async def batch(
        self, container: Container, partition: str, operations: Sequence[BatchOperation]
    ) -> list[Stored | None]:
        """See DocumentStore; each step is one operation."""
        ids = [one.document["id"] if one.document else one.id for one in operations]
        before = [await self._look(container, partition, id_) for id_ in ids]
        stored = await self._store.batch(container, partition, operations)
        for one, old, new in zip(operations, before, stored, strict=True):
            self._write(container, old, new.document if new else None, one.operations)
        return stored

    async def query(self, container: Container, query: Query) -> QueryPage:
        """See DocumentStore."""
        page = await self._store.query(container, query)
        loaded = [await self._look(container, query.partition, one["id"]) for one in page.items]
        sizes = tuple(stored_bytes(one) for one in loaded if one)
        self._calls.append(DocumentCall("query", container.name, sizes))
        return page

    async def count(
        self,
        container: Container,
        partition: str,
        by: str,
        where: tuple[Condition, ...] = (),
    ) -> dict[str, int]:
        """See DocumentStore; no document is loaded."""
        found = await self._store.count(container, partition, by, where)
        self._calls.append(DocumentCall("count", container.name, (), counted=sum(found.values())))
        return found

    async def sweep(self, container: Container, sweep: Sweep) -> list[Document]:
        """See DocumentStore; recorded as a query of one physical partition."""
        found = await self._store.sweep(container, sweep)
        partitions = [(one[container.partition_key], one["id"]) for one in found]
        loaded = [await self._look(container, *one) for one in partitions]
        sizes = tuple(stored_bytes(one) for one in loaded if one)
        self._calls.append(DocumentCall("query", container.name, sizes))
        return found

    async def close(self) -> None:
        """See DocumentStore."""
        await self._store.close()
