"""The engines under contract; each suite runs against every one of them."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

import pytest

from infra.local.emulators.database import create_database
from infra.local.emulators.processes import Emulators
from lib.adapters.azure.clients import AzureClients
from lib.adapters.azure.cosmos_store import CosmosStore
from lib.adapters.azure.storage_blobs import StorageBlobs
from lib.adapters.azure.storage_queue import StorageQueue
from lib.adapters.embedded.clock import SandboxClock, SystemClock
from lib.adapters.embedded.files import FileBlobs
from lib.adapters.embedded.sqlite.queue import SQLiteQueue
from lib.adapters.embedded.sqlite.store import SQLiteStore
from lib.ports.blobs import Blobs
from lib.ports.clock import Clock
from lib.ports.documents import DocumentStore
from lib.ports.queue import Queue
from tests.builders.settings import settings_for, settings_of
from tests.contract.support import CONTAINERS, StillClock

ENGINES = ("embedded", "azure")


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    """Name the engine of this run; the emulators stand for Azure."""
    name = str(request.param)
    if name == "azure":
        request.getfixturevalue("emulators")
    return name


@pytest.fixture
async def clients(
    engine: str, request: pytest.FixtureRequest, tmp_path: Path
) -> AsyncIterator[AzureClients | None]:
    """Give clients of the emulators, with a database of the test's own."""
    if engine == "embedded":
        yield None
        return
    emulators: Emulators = request.getfixturevalue("emulators")
    database = f"contract-{secrets.token_hex(6)}"
    values = {**settings_of(emulators), "cosmos_database": database}
    clients = AzureClients(settings_for(tmp_path, **values))
    await create_database(clients, database, CONTAINERS)
    yield clients
    await clients.close()


@pytest.fixture
def still_clock() -> StillClock:
    """Stand still until advanced."""
    return StillClock()


@pytest.fixture
def lapse(engine: str, still_clock: StillClock) -> Callable[[float], Awaitable[None]]:
    """Let that many seconds pass for the engine: at once where its clock is ours."""

    async def pass_time(seconds: float) -> None:
        if engine == "embedded":
            still_clock.advance(seconds)
        else:
            await asyncio.sleep(seconds)

    return pass_time


@pytest.fixture
async def store(
    clients: AzureClients | None, tmp_path: Path, still_clock: StillClock
) -> AsyncIterator[DocumentStore]:
    """Hold the containers of `support`."""
    documents: DocumentStore = (
        CosmosStore(clients)
        if clients
        else SQLiteStore(tmp_path / "store.db", still_clock, CONTAINERS)
    )
    yield documents
    await documents.close()


@pytest.fixture
async def queue(
    clients: AzureClients | None, tmp_path: Path, still_clock: StillClock
) -> AsyncIterator[Queue]:
    """Know any queue."""
    queues: Queue = (
        StorageQueue(clients) if clients else SQLiteQueue(tmp_path / "queue.db", still_clock)
    )
    yield queues
    await queues.close()


@pytest.fixture
async def blobs(clients: AzureClients | None, tmp_path: Path) -> AsyncIterator[Blobs]:
    """Know any container."""
    files: Blobs = StorageBlobs(clients) if clients else FileBlobs(tmp_path / "blobs")
    yield files
    await files.close()


@pytest.fixture
def box() -> str:
    """Name a blob container no other test uses."""
    return f"contract-{secrets.token_hex(6)}"


@pytest.fixture(params=["system", "sandbox"])
def clock(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Clock]:
    """Tell the time; not an engine's business, so with implementations of its own."""
    if request.param == "system":
        yield SystemClock()
        return
    sandbox = SandboxClock(tmp_path / "clock")
    yield sandbox
    sandbox.close()


@pytest.fixture
def owner() -> str:
    """Name a partition no other test uses, on engines that outlive a test."""
    return f"owner-{secrets.token_hex(6)}"


@pytest.fixture
def jobs() -> str:
    """Name a queue no other test uses."""
    return f"contract-{secrets.token_hex(6)}"
