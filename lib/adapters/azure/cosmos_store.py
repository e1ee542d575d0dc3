"""The document store on Azure Cosmos DB for NoSQL."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Final

import orjson
from azure.core.exceptions import HttpResponseError
from azure.core.pipeline import PipelineRequest
from azure.core.rest import HttpRequest
from azure.cosmos.aio import ContainerProxy

from lib.adapters.azure.clients import AzureClients
from lib.adapters.azure.cosmos_bulk import each
from lib.adapters.azure.cosmos_query import (
    predicate,
    to_page,
    to_sql,
    to_sweep,
)
from lib.adapters.azure.cosmos_steps import batch_step, matching, patch_steps, stored
from lib.adapters.azure.errors import answered
from lib.adapters.rules.documents import (
    check_batch,
    check_document,
    check_key,
    check_many,
    encode,
)
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

CHARGE: Final = "x-ms-request-charge"

type Charged = Callable[[str, str, float], None]
"""Called for each answer with the container, the operation and the request units."""


def _free(_: str, __: str, ___: float) -> None:
    """Ignore the cost of a request."""


class CosmosStore:
    """The document store in one Cosmos DB database. Cost: one request per operation."""

    def __init__(self, clients: AzureClients, charged: Charged = _free) -> None:
        self._clients = clients
        self._charged = charged

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
        found = await self._run(
            container, "read", lambda items: items.read_item(id_, partition_key=partition)
        )
        return stored(found)

    async def read_many(
        self, container: Container, id_: str, partitions: Sequence[str]
    ) -> dict[str, Stored]:
        """Return the documents with this id, by their partitions.

        Raises: LimitError.
        """
        check_many(container, partitions, id_)

        async def ask(wanted: Sequence[str]) -> Sequence[Document]:
            keys = [(id_, partition) for partition in wanted]
            return await self._run(container, "read_many", lambda items: items.read_items(keys))

        return {
            found[container.partition_key]: stored(found) async for found in each(ask, partitions)
        }

    async def replace(
        self, container: Container, document: Document, *, if_match: str | None = None
    ) -> Stored:
        """Replace a document.

        Raises: NotFoundError, PreconditionFailedError, LimitError.
        """
        return await self._write(container, "replace", document, **matching(if_match))

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
        options: dict[str, Any] = {"filter_predicate": predicate(where)} if where else {}
        patched = await self._run(
            container,
            "patch",
            lambda items: items.patch_item(id_, partition, steps, **options, **matching(if_match)),
        )
        return stored(patched)

    async def delete(
        self, container: Container, partition: str, id_: str, *, if_match: str | None = None
    ) -> None:
        """Delete a document.

        Raises: NotFoundError, PreconditionFailedError, LimitError.
        """
        check_key(container, partition, id_)
        await self._run(
            container,
            "delete",
            lambda items: items.delete_item(id_, partition, **matching(if_match)),
        )

    async def batch(
        self, container: Container, partition: str, operations: Sequence[BatchOperation]
    ) -> list[Stored | None]:
        """Apply operations in one partition, all or none.

        Raises: the error of the first operation that fails.
        """
        check_batch(container, partition, operations)
        steps = [batch_step(container, partition, operation) for operation in operations]
        results = await self._run(
            container, "batch", lambda items: items.execute_item_batch(steps, partition)
        )
        return [
            stored(result["resourceBody"]) if result.get("resourceBody") else None
            for result in results
        ]

    async def query(self, container: Container, query: Query) -> QueryPage:
        """Return one page of a query.

        Raises: LimitError for a field that is not indexed, or a continuation from elsewhere.
        """
        sql, parameters = to_sql(container, query)

        async def ask(items: ContainerProxy) -> list[Document]:
            found = items.query_items(
                sql,
                parameters=parameters,
                partition_key=query.partition,
                max_item_count=query.limit + 1,
                # the SDK sets a consistency level only for a whole client
                raw_request_hook=_relax,
                response_hook=lambda headers, _: self._charge(container, "query", headers),
            )
            return [item async for item in found]

        return to_page(query, await self._run(container, "query", ask))

    async def sweep(self, container: Container, sweep: Sweep) -> list[Document]:
        """Return documents of all partitions.

        Raises: LimitError for a field that is not declared for sweeps.
        """
        sql, parameters = to_sweep(container, sweep)

        async def ask(items: ContainerProxy) -> list[Document]:
            found = items.query_items(
                sql,
                parameters=parameters,
                max_item_count=sweep.limit,
                response_hook=lambda headers, _: self._charge(container, "sweep", headers),
            )
            swept: list[Document] = []
            async for item in found:
                swept.append(item)
                if len(swept) == sweep.limit:
                    break
            return swept

        return await self._run(container, "sweep", ask)

    async def close(self) -> None:
        """Release the clients."""
        await self._clients.close()

    async def _write(
        self, container: Container, verb: str, document: Document, **options: Any
    ) -> Stored:
        _, id_ = check_document(container, document)
        # a copy, since the caller may change its document during the request
        body = orjson.loads(encode(container, document))

        def send(items: ContainerProxy) -> Awaitable[Any]:
            if verb == "replace":
                return items.replace_item(id_, body, no_response=True, **options)
            write = items.create_item if verb == "create" else items.upsert_item
            return write(body, no_response=True)

        answer = await self._run(container, verb, send)
        return Stored(body, str(answer.get_response_headers()["etag"]))

    async def _run[T](
        self, container: Container, operation: str, call: Callable[[ContainerProxy], Awaitable[T]]
    ) -> T:
        async with answered(container.name):
            items = await self._clients.container(container.name)
            try:
                result = await call(items)
            except HttpResponseError as error:
                # a refused request costs request units too
                self._charge(container, operation, getattr(error, "headers", None) or {})
                raise
        if hasattr(result, "get_response_headers"):
            self._charge(container, operation, result.get_response_headers())
        return result

    def _charge(self, container: Container, operation: str, headers: Mapping[str, str]) -> None:
        charge = headers.get(CHARGE)
        if charge is not None:
            self._charged(container.name, operation, float(charge))


def _relax(request: PipelineRequest[HttpRequest]) -> None:
    """Let a query read older data at half the price; point reads stay current (decision 0010)."""
    request.http_request.headers["x-ms-consistency-level"] = "ConsistentPrefix"
