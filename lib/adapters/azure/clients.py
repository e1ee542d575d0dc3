"""The clients of the Azure services, one of each per process: identity, time limits, retries.

`answered` limits the time of a whole operation, with the SDK's retries. The limit is short: a
caller over HTTP waits for the operation, and a queue item comes back after a longer outage.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any, Final, Protocol

import aiohttp
from azure.core.credentials_async import AsyncTokenCredential
from azure.core.exceptions import ResourceNotFoundError
from azure.core.pipeline.transport import AioHttpTransport
from azure.cosmos.aio import ContainerProxy, CosmosClient
from azure.identity.aio import DefaultAzureCredential, ManagedIdentityCredential
from azure.storage.blob.aio import BlobServiceClient
from azure.storage.queue.aio import QueueServiceClient
from pydantic import SecretStr

from lib.adapters.azure.direct import documents, items
from lib.adapters.azure.direct.keys import cosmos_key, storage_key
from lib.adapters.azure.direct.requests import DirectRequests
from lib.ports.errors import UnavailableError

CONNECTIONS: Final = 384
"""The most connections of the process: for two queues with 64 running items each, and for HTTP."""
CONNECTIONS_TO_ONE: Final = 192
"""The most connections to one service, so that a service that hangs does not use up all."""
IDLE_SECONDS: Final = 60
TIMEOUTS: Final[dict[str, Any]] = {"connection_timeout": 2, "read_timeout": 5}
COSMOS_RETRIES: Final[dict[str, Any]] = {
    # after a 429, the SDK waits for the time in the answer
    "retry_throttle_total": 5,
    "retry_throttle_backoff_max": 4,
    # retries after a broken connection
    "retry_total": 2,
    "retry_backoff_max": 2,
}
STORAGE_RETRIES: Final[dict[str, Any]] = {
    # each retry waits 0 to 2 seconds; with the SDK's defaults, all retries take a minute
    "retry_total": 3,
    "initial_backoff": 0,
    "increment_base": 1,
    "random_jitter_range": 1,
}

# at INFO the SDK logs each request, and the root logger may have that level
logging.getLogger("azure.core.pipeline.policies.http_logging_policy").setLevel(logging.WARNING)


class AzureSettings(Protocol):
    """The settings that the clients need; `Settings` explains each of them."""

    @property
    def azure_client_id(self) -> str: ...
    @property
    def cosmos_database(self) -> str: ...
    @property
    def cosmos_endpoint(self) -> str: ...
    @property
    def cosmos_key(self) -> SecretStr: ...
    @property
    def cosmos_preferred_regions(self) -> str: ...
    @property
    def emulator_connection(self) -> str: ...
    @property
    def in_azure(self) -> bool: ...
    @property
    def on_emulators(self) -> bool: ...
    @property
    def storage_blob_uri(self) -> str: ...
    @property
    def storage_queue_uri(self) -> str: ...


class AzureClients:
    """The clients of the services. Each opens on first use, in the event loop of that use."""

    def __init__(self, settings: AzureSettings) -> None:
        self._settings = settings
        self._opened = AsyncExitStack()
        self._opening: dict[str, asyncio.Task[Any]] = {}
        self._shared: tuple[aiohttp.BaseConnector, aiohttp.ClientSession] | None = None
        self._credential: AsyncTokenCredential | None = None
        self._queues: QueueServiceClient | None = None
        self._blobs: BlobServiceClient | None = None

    async def container(self, name: str) -> ContainerProxy:
        """Return a container of the database. Call it inside `answered`."""
        return await self._once(f"container {name}", lambda: self._open_container(name))

    async def cosmos(self) -> CosmosClient:
        """Return the client of the Cosmos DB account. Call it inside `answered`."""
        return await self._once("account", self._open_cosmos)

    def queues(self) -> QueueServiceClient:
        """Return the client of the queues. Call it inside the event loop."""
        if self._queues is None:
            self._queues = self._storage(QueueServiceClient, self._settings.storage_queue_uri)
        return self._queues

    def blobs(self) -> BlobServiceClient:
        """Return the client of the blobs. Call it inside the event loop."""
        if self._blobs is None:
            self._blobs = self._storage(BlobServiceClient, self._settings.storage_blob_uri)
        return self._blobs

    def session(self) -> aiohttp.ClientSession:
        """Return the session on the shared connections. Call it inside the event loop."""
        return self._connections()[1]

    def connector(self) -> aiohttp.BaseConnector:
        """Return the shared connections of all clients. Call it inside the event loop."""
        return self._connections()[0]

    def direct_cosmos(self) -> DirectRequests:
        """Return the direct requests to Cosmos DB."""
        key = cosmos_key(self._settings.cosmos_key.get_secret_value())
        return DirectRequests(self.connector, _timeout(), documents.cosmos(key))

    def direct_queues(self) -> DirectRequests:
        """Return the direct requests to the queues."""
        key = storage_key(self._settings.emulator_connection)
        return DirectRequests(self.connector, _timeout(), items.queues(key))

    async def close(self) -> None:
        """Release the connections; a later use opens them again."""
        opened, self._opened = self._opened, AsyncExitStack()
        self._opening.clear()
        self._queues = self._blobs = self._credential = self._shared = None
        await opened.aclose()

    def _connections(self) -> tuple[aiohttp.BaseConnector, aiohttp.ClientSession]:
        if self._shared is None:
            connector = aiohttp.TCPConnector(
                limit=CONNECTIONS,
                limit_per_host=CONNECTIONS_TO_ONE,
                keepalive_timeout=IDLE_SECONDS,
                ttl_dns_cache=60,
            )
            session = aiohttp.ClientSession(
                connector=connector, cookie_jar=aiohttp.DummyCookieJar(), auto_decompress=False
            )
            self._shared = connector, session
            self._opened.push_async_callback(session.close)
        return self._shared

    async def _once[T](self, name: str, open_: Callable[[], Awaitable[T]]) -> T:
        """Share one attempt among waiting callers; after a failure, the next call tries again."""
        task = self._opening.get(name)
        if task is None or _failed(task):
            task = self._opening[name] = asyncio.ensure_future(open_())
        opened: T = await asyncio.shield(task)
        return opened

    async def _open_container(self, name: str) -> ContainerProxy:
        client = await self.cosmos()
        database = client.get_database_client(self._settings.cosmos_database)
        container = database.get_container_client(name)
        try:
            # The first operation would read the container's properties. Its 404 could then mean a
            # missing container or a missing document, so the properties are read here.
            await container.read()
        except ResourceNotFoundError:
            raise UnavailableError(f"{name}: the container does not exist") from None
        return container

    async def _open_cosmos(self) -> CosmosClient:
        settings = self._settings
        key = settings.cosmos_key.get_secret_value()
        regions = [region.strip() for region in settings.cosmos_preferred_regions.split(",")]
        client = CosmosClient(
            settings.cosmos_endpoint,
            key or self._identity(),
            # an emulator announces an address that may differ from the setting
            enable_endpoint_discovery=not settings.on_emulators,
            preferred_locations=[region for region in regions if region],
            # UTF-8 halves the bytes of accented letters, and sizes of documents count in UTF-8
            enable_compact_utf8_item_writes=True,
            transport=self._transport(),
            **TIMEOUTS,
            **COSMOS_RETRIES,
        )
        try:
            await client.__aenter__()
        except BaseException:
            await client.close()
            raise
        self._opened.push_async_exit(client)
        return client

    def _storage[C: (QueueServiceClient, BlobServiceClient)](
        self, client: type[C], address: str
    ) -> C:
        options: dict[str, Any] = {"transport": self._transport(), **STORAGE_RETRIES}
        connection = self._settings.emulator_connection
        if connection:
            opened = client.from_connection_string(connection, **options)
        else:
            opened = client(address, credential=self._identity(), **options)
        self._opened.push_async_callback(opened.close)
        return opened

    def _identity(self) -> AsyncTokenCredential:
        """Return the managed identity in Azure, elsewhere the identity of the developer."""
        if self._credential is None:
            client_id = self._settings.azure_client_id
            self._credential = (
                ManagedIdentityCredential(client_id=client_id or None)
                if self._settings.in_azure
                else DefaultAzureCredential()
            )
            self._opened.push_async_callback(self._credential.close)
        return self._credential

    def _transport(self) -> AioHttpTransport:
        """Return a transport on the shared connections of all clients."""
        return AioHttpTransport(session=self.session(), session_owner=False, **TIMEOUTS)


def _timeout() -> aiohttp.ClientTimeout:
    """Return the SDK's limits; `answered` limits the whole time."""
    return aiohttp.ClientTimeout(
        sock_connect=TIMEOUTS["connection_timeout"], sock_read=TIMEOUTS["read_timeout"]
    )


def _failed(task: asyncio.Task[Any]) -> bool:
    return task.done() and (task.cancelled() or task.exception() is not None)
