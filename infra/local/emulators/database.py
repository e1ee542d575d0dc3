"""Create the emulators' database and queues as the infrastructure does in Azure."""

import asyncio
from collections.abc import Iterable
from contextlib import suppress

from azure.core.exceptions import ResourceExistsError
from azure.cosmos import PartitionKey

from lib.adapters.azure.clients import AzureClients
from lib.adapters.azure.cosmos_schema import default_ttl, indexing_policy
from lib.composition.settings import Settings
from lib.ports.documents import Container
from lib.ports.queueing.names import EVERY_QUEUE
from lib.ports.schema.containers import CONTAINERS


async def create_database(
    clients: AzureClients, name: str, containers: Iterable[Container] = CONTAINERS
) -> None:
    """Create the missing parts of a database.

    Concurrency: several processes may create them at once.
    """
    client = await clients.cosmos()
    with suppress(ResourceExistsError):
        await client.create_database(name)
    database = client.get_database_client(name)
    for container in containers:
        policy = indexing_policy(container)
        # Cosmos DB reads a composite index in both directions; emulators need two indexes.
        policy["compositeIndexes"] += [
            [{**field, "order": "descending"} for field in index]
            for index in policy["compositeIndexes"]
        ]
        with suppress(ResourceExistsError):
            await database.create_container(
                container.name,
                PartitionKey(f"/{container.partition_key}"),
                indexing_policy=policy,
                default_ttl=default_ttl(container),
            )


async def create_queues(clients: AzureClients, names: Iterable[str] = EVERY_QUEUE) -> None:
    """Create the missing queues, also the poison queues.

    A look at a queue that does not exist costs the host and the emulator several times as much as
    one at an empty queue, and a host looks at all of them again and again.
    Concurrency: several processes may create them at once.
    """
    client = clients.queues()
    present = {queue.name async for queue in client.list_queues()}

    async def create(name: str) -> None:
        with suppress(ResourceExistsError):
            await client.create_queue(name)

    await asyncio.gather(*(create(name) for name in names if name not in present))


async def prepare(settings: Settings) -> None:
    """Create the app's database and queues if the settings name emulators."""
    if settings.stack != "azure" or not settings.on_emulators:
        return
    clients = AzureClients(settings)
    try:
        await create_database(clients, settings.cosmos_database)
        if settings.emulator_connection:
            await create_queues(clients)
    finally:
        await clients.close()
