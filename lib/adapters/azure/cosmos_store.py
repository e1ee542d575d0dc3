"""The document store on Azure Cosmos DB for NoSQL."""

from collections.abc import Awaitable, Sequence
from typing import Any

import orjson
from azure.cosmos.aio import ContainerProxy

from lib.adapters.azure.clients import AzureClients
from lib.adapters.azure.cosmos_bulk import each
from lib.adapters.azure.cosmos_calls import Charged, CosmosCalls, relaxed
from lib.adapters.azure.cosmos_query import (
    predicate,
    to_count,
    to_counts,
    to_page,
    to_sql,
    to_sweep,
)
from lib.adapters.azure.cosmos_steps import batch_step, matching, patch_steps, stored
from lib.adapters.azure.direct import documents
from lib.adapters.rules.documents import (
    check_batch,
    check_document,
    check_key,
    check_many,
    encode,
)
from lib.adapters.rules.queries import MAX_PAGE
from lib.ports.documents import (
    BatchOperation,
    Condition,
    Container,
    Document,
    PatchOperation,
    Query,
    QueryPage,
    Stored,
    Sweep,
)

type Options = dict[str, Any]


def _free(_: str, __: str, ___: float) -> None:
    """Ignore the cost of a request."""


class CosmosStore:
    """The document store in one Cosmos DB database. Cost: one request per operation."""

    def __init__(self, clients: AzureClients, charged: Charged = _free) -> None:
        self._calls = CosmosCalls(clients, charged)

    async def create(self, container: Container, document: Document) -> Stored:
        """Create a document.

        Raises: ConflictError, LimitError.
        """
        return await self._write(container, "create", document)

    async def read(self, container: Container, partition: str, id_: str) -> Stored:
        """Return a document.

        Raises: NotFoundError, LimitError.
        """
        check_key(container, partition, id_)
        found = await self._calls.run(
            container,
            "read",
            lambda items, options: items.read_item(id_, partition_key=partition, **options),
            documents.on_item("GET", partition, id_),
        )
        return stored(found.content)

    async def read_many(
        self, container: Container, id_: str, partitions: Sequence[str]
    ) -> dict[str, Stored]:
        """Return the documents with this id, by their partitions.

        Raises: LimitError.
        """
        check_many(container, partitions, id_)

        async def ask(wanted: Sequence[str]) -> Sequence[Document]:
            keys = [(id_, partition) for partition in wanted]
            found = await self._calls.run(
                container, "read_many", lambda items, _: items.read_items(keys)
            )
            many: Sequence[Document] = found.content
            return many

        return {
            found[container.partition_key]: stored(found) async for found in each(ask, partitions)
        }

    async def replace(
        self, container: Container, document: Document, *, if_match: str | None = None
    ) -> Stored:
        """Replace a document.

        Raises: NotFoundError, PreconditionFailedError, LimitError.
        """
        return await self._write(container, "replace", document, if_match)

    async def upsert(self, container: Container, document: Document) -> Stored:
        """Create a document or replace the one with its id.

        Raises: LimitError.
        """
        return await self._write(container, "upsert", document)

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
        """Apply operations to a document, all or none.

        Raises: NotFoundError, PreconditionFailedError, LimitError.
        """
        check_key(container, partition, id_)
        steps = patch_steps(container, operations)
        condition = predicate(where) if where else None

        def send(items: ContainerProxy, options: Options) -> Awaitable[Any]:
            if condition is not None:
                options["filter_predicate"] = condition
            return items.patch_item(id_, partition, steps, **options, **matching(if_match))

        body = documents.patch_body(steps, condition)
        request = documents.on_item("PATCH", partition, id_, body, if_match=if_match)
        return stored((await self._calls.run(container, "patch", send, request)).content)

    async def delete(
        self, container: Container, partition: str, id_: str, *, if_match: str | None = None
    ) -> None:
        """Delete a document.

        Raises: NotFoundError, PreconditionFailedError, LimitError.
        """
        check_key(container, partition, id_)
        await self._calls.run(
            container,
            "delete",
            lambda items, options: items.delete_item(
                id_, partition, **options, **matching(if_match)
            ),
            documents.on_item("DELETE", partition, id_, if_match=if_match),
        )

    async def batch(
        self, container: Container, partition: str, operations: Sequence[BatchOperation]
    ) -> list[Stored | None]:
        """Apply operations in one partition, all or none.

        Raises: the error of the first operation that fails.
        """
        check_batch(container, partition, operations)
        steps = [batch_step(container, partition, operation) for operation in operations]
        # before the SDK, which takes the options out of the steps
        request = documents.on_container(partition, documents.batch_body(steps))
        results = await self._calls.run(
            container,
            "batch",
            lambda items, options: items.execute_item_batch(steps, partition, **options),
            request,
        )
        return [
            stored(result["resourceBody"]) if result.get("resourceBody") else None
            for result in results.content
        ]

    async def query(self, container: Container, query: Query) -> QueryPage:
        """Return one page of a query.

        Raises: LimitError for a field that is not indexed, or a continuation from elsewhere.
        """
        sql, parameters = to_sql(container, query)
        limit = query.limit + 1
        found = await self._search(container, "query", query.partition, sql, parameters, limit)
        return to_page(query, found)

    async def count(
        self,
        container: Container,
        partition: str,
        by: str,
        where: tuple[Condition, ...] = (),
    ) -> dict[str, int]:
        """Count documents of a partition by a field.

        Raises: LimitError for a field that is not indexed.
        """
        sql, parameters = to_count(container, partition, by, where)
        return to_counts(
            await self._search(container, "count", partition, sql, parameters, MAX_PAGE)
        )

    async def _search(
        self,
        container: Container,
        operation: str,
        partition: str,
        sql: str,
        parameters: list[dict[str, Any]],
        limit: int,
    ) -> list[Document]:
        async def ask(items: ContainerProxy, options: Options) -> Document:
            found = items.query_items(
                sql,
                parameters=parameters,
                partition_key=partition,
                max_item_count=limit,
                # the SDK sets a consistency level only for a whole client
                raw_request_hook=relaxed,
                response_hook=lambda headers, _: self._calls.charge(container, operation, headers),
                **options,
            )
            return {"Documents": [item async for item in found]}

        request = documents.query(partition, sql, parameters, limit)
        answer = await self._calls.run(container, operation, ask, request)
        found: list[Document] = answer.content["Documents"]
        return found

    async def sweep(self, container: Container, sweep: Sweep) -> list[Document]:
        """Return documents of all partitions.

        Raises: LimitError for a field that is not declared for sweeps.
        """
        sql, parameters = to_sweep(container, sweep)

        async def ask(items: ContainerProxy, _: Options) -> list[Document]:
            found = items.query_items(
                sql,
                parameters=parameters,
                max_item_count=sweep.limit,
                response_hook=lambda headers, _: self._calls.charge(container, "sweep", headers),
            )
            swept: list[Document] = []
            async for item in found:
                swept.append(item)
                if len(swept) == sweep.limit:
                    break
            return swept

        swept: list[Document] = (await self._calls.run(container, "sweep", ask)).content
        return swept

    async def close(self) -> None:
        """Release the clients."""
        await self._calls.close()

    async def _write(
        self, container: Container, verb: str, document: Document, if_match: str | None = None
    ) -> Stored:
        partition, id_ = check_document(container, document)
        # a copy, since the caller may change its document during the request
        encoded = encode(container, document)
        body = orjson.loads(encoded)

        def send(items: ContainerProxy, options: Options) -> Awaitable[Any]:
            options["no_response"] = True
            if verb == "replace":
                return items.replace_item(id_, body, **options, **matching(if_match))
            write = items.create_item if verb == "create" else items.upsert_item
            return write(body, **options)

        request = (
            documents.on_item("PUT", partition, id_, encoded, if_match=if_match)
            if verb == "replace"
            else documents.on_container(partition, encoded)
        )
        written = await self._calls.run(container, verb, send, request)
        return Stored(body, str(written.headers["etag"]))
