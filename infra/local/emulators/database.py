"""Create an emulator's database as the infrastructure does in Azure."""

from collections.abc import Iterable
from contextlib import suppress

from azure.core.exceptions import ResourceExistsError
from azure.cosmos import PartitionKey

from lib.adapters.azure.clients import AzureClients
from lib.adapters.azure.cosmos_schema import default_ttl, indexing_policy
from lib.composition.settings import Settings
from lib.ports.documents import Container
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


async def prepare(settings: Settings) -> None:
    """Create the app's database if the settings name an emulator."""
    if settings.stack != "azure" or not settings.on_emulators:
        return
    clients = AzureClients(settings)
    try:
        await create_database(clients, settings.cosmos_database)
    finally:
        await clients.close()
