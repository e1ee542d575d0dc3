"""One client of each service for the process: who it is, how long it waits, how often it tries.

Retries are the SDKs' own. They are short: whoever calls over HTTP waits for them, and a queue item
that meets a longer outage comes back by itself.
"""

import asyncio
from collections.abc import Callable
from typing import Any, Final

import aiohttp
from azure.core.credentials_async import AsyncTokenCredential
from azure.core.pipeline.transport import AioHttpTransport
from azure.cosmos.aio import ContainerProxy, CosmosClient
from azure.identity.aio import DefaultAzureCredential, ManagedIdentityCredential
from azure.storage.blob.aio import BlobServiceClient
from azure.storage.queue.aio import QueueServiceClient

from lib.adapters.azure.errors import translated
from lib.settings import Settings

CONNECTIONS: Final = 256
"""Of the process, to all services together: two queues of 64 items at work, and HTTP beside."""
IDLE_SECONDS: Final = 60
TIMEOUTS: Final[dict[str, Any]] = {"connection_timeout": 2, "read_timeout": 5}
COSMOS_RETRIES: Final[dict[str, Any]] = {
    # of a request that was answered 429, each after the time that the answer asks for
    "retry_throttle_total": 5,
    "retry_throttle_backoff_max": 4,
    # of a request that met a broken connection
    "retry_total": 2,
    "retry_backoff_max": 2,
}
STORAGE_RETRIES: Final[dict[str, Any]] = {
    # each after 0 to 2 seconds; the SDK's own defaults wait a minute altogether
    "retry_total": 3,
    "initial_backoff": 0,
    "increment_base": 1,
    "random_jitter_range": 1,
}


class AzureClients:
    """Opened on first use, for a client belongs to the event loop that runs then."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._opening = asyncio.Lock()
        self._session: aiohttp.ClientSession | None = None
        self._credential: AsyncTokenCredential | None = None
        self._cosmos: CosmosClient | None = None
        self._containers: dict[str, ContainerProxy] = {}
        self._queues: QueueServiceClient | None = None
        self._blobs: BlobServiceClient | None = None

    async def container(self, name: str) -> ContainerProxy:
        """Return a container of the database; raise UnavailableError."""
        known = self._containers.get(name)
        if known is not None:
            return known
        async with self._opening:
            if self._cosmos is None:
                self._cosmos = await self._open_cosmos()
            database = self._cosmos.get_database_client(self._settings.cosmos_database)
            return self._containers.setdefault(name, database.get_container_client(name))

    async def cosmos(self) -> CosmosClient:
        """Return the account itself, to create what is in it; raise UnavailableError."""
        async with self._opening:
            if self._cosmos is None:
                self._cosmos = await self._open_cosmos()
            return self._cosmos

    def queues(self) -> QueueServiceClient:
        """Return the account's queues; call it inside the event loop."""
        if self._queues is None:
            self._queues = self._storage(QueueServiceClient, self._settings.storage_queue_uri)
        return self._queues

    def blobs(self) -> BlobServiceClient:
        """Return the account's blobs; call it inside the event loop."""
        if self._blobs is None:
            self._blobs = self._storage(BlobServiceClient, self._settings.storage_blob_uri)
        return self._blobs

    async def close(self) -> None:
        """Release the connections; a second time changes nothing."""
        for client in (self._cosmos, self._queues, self._blobs, self._credential, self._session):
            if client is not None:
                await client.close()
        self._cosmos = self._queues = self._blobs = self._credential = self._session = None
        self._containers.clear()

    async def _open_cosmos(self) -> CosmosClient:
        settings = self._settings
        key = settings.cosmos_key.get_secret_value()
        regions = [one.strip() for one in settings.cosmos_preferred_regions.split(",")]
        client = CosmosClient(
            settings.cosmos_endpoint,
            key or self._identity(),
            # an emulator tells an address of its own that need not be the one we reach it at
            enable_endpoint_discovery=not settings.on_emulators,
            preferred_locations=[region for region in regions if region],
            transport=self._transport(),
            **TIMEOUTS,
            **COSMOS_RETRIES,
        )
        with translated("the Cosmos DB account"):
            await client.__aenter__()
        return client

    def _storage[C](self, client: Callable[..., C], address: str) -> C:
        options: dict[str, Any] = {"transport": self._transport(), **STORAGE_RETRIES}
        connection = self._settings.storage_connection.get_secret_value()
        if connection:
            from_connection: Callable[..., C] = client.from_connection_string  # type: ignore[attr-defined]  # both have it
            return from_connection(connection, **options)
        return client(address, credential=self._identity(), **options)

    def _identity(self) -> AsyncTokenCredential:
        """In Azure the managed identity and nothing else; elsewhere whoever is signed in."""
        if self._credential is None:
            client_id = self._settings.azure_client_id
            self._credential = (
                ManagedIdentityCredential(client_id=client_id or None)
                if self._settings.in_azure
                else DefaultAzureCredential()
            )
        return self._credential

    def _transport(self) -> AioHttpTransport:
        """Return a transport on the connections that all clients share."""
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    limit=CONNECTIONS, keepalive_timeout=IDLE_SECONDS, ttl_dns_cache=60
                ),
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=False,
            )
        return AioHttpTransport(session=self._session, session_owner=False, **TIMEOUTS)
