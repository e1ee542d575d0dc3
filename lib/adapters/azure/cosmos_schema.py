"""A container's declaration as Cosmos DB wants it: partition key, indexes, time to live."""

from collections.abc import Iterable
from typing import Any, Final

from azure.cosmos import PartitionKey
from azure.cosmos.aio import CosmosClient

from lib.adapters.rules.queries import with_id
from lib.ports.documents import Container

NO_DEFAULT_TTL: Final = -1
"""Documents live for ever, or as long as their own `ttl` says."""


def indexing_policy(container: Container) -> dict[str, Any]:
    """Return the policy: only what is queried is indexed, for every index makes writes dearer.

    A query orders by all fields of a composite index in one direction, so the ascending index
    serves both. A page ends at (order value, id), so the id is the last of each.
    """
    return {
        "indexingMode": "consistent",
        "automatic": True,
        "includedPaths": [{"path": f"/{field}/?"} for field in container.indexed],
        "excludedPaths": [{"path": "/*"}],
        "compositeIndexes": [
            [{"path": f"/{field}", "order": "ascending"} for field in with_id(fields)]
            for fields in container.composite
        ],
    }


def default_ttl(container: Container) -> int:
    """Return seconds, or NO_DEFAULT_TTL."""
    return NO_DEFAULT_TTL if container.default_ttl is None else container.default_ttl


async def create_database(client: CosmosClient, name: str, containers: Iterable[Container]) -> None:
    """Create what is missing of the database, on an emulator: in Azure the infrastructure does."""
    database = await client.create_database_if_not_exists(name)
    for container in containers:
        policy = indexing_policy(container)
        # Cosmos DB reads a composite index backwards as well; emulators want one each way
        policy["compositeIndexes"] += [
            [{**field, "order": "descending"} for field in index]
            for index in policy["compositeIndexes"]
        ]
        await database.create_container_if_not_exists(
            container.name,
            PartitionKey(f"/{container.partition_key}"),
            indexing_policy=policy,
            default_ttl=default_ttl(container),
        )
