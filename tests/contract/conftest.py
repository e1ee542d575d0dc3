"""The engines under contract: each suite runs against every engine."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

import pytest

from infra.local.emulators.database import create_database
from infra.local.emulators.processes import Emulators
from lib.adapters.azure.clients import AzureClients
from lib.adapters.azure.cosmos_store import CosmosStore
from lib.adapters.azure.direct.examples import Examples
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
from tests.contract.support import (
    CONTAINERS,
    StillClock,
    give_examples,
    give_examples_of_items,
)

ENGINES = ("embedded", "azure", "azure-by-sdk")
"""The Azure stack is tested with direct requests, and with those of the SDK alone."""


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    """Return the engine's name; the emulators stand for Azure."""
    name = str(request.param)
    if name != "embedded":
        request.getfixturevalue("emulators")
    return name


@pytest.fixture
async def clients(
    engine: str, request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[AzureClients | None]:
    """Yield clients of the emulators, with a database for one test."""
    if engine == "embedded":
        yield None
        return
    if engine == "azure-by-sdk":
        monkeypatch.setattr(Examples, "of", lambda *_: None)
    emulators: Emulators = request.getfixturevalue("emulators")
    database = f"contract-{secrets.token_hex(6)}"
    values = {**settings_of(emulators), "cosmos_database": database}
    clients = AzureClients(settings_for(tmp_path, **values))
    await create_database(clients, database, CONTAINERS)
    yield clients
    await clients.close()


@pytest.fixture
def still_clock() -> StillClock:
    """Return a clock that stands still until a test advances it."""
    return StillClock()


@pytest.fixture
def lapse(engine: str, still_clock: StillClock) -> Callable[[float], Awaitable[None]]:
    """Return a call that lets seconds pass for the engine, at once on a still clock."""

    async def pass_time(seconds: float) -> None:
        if engine == "embedded":
            still_clock.advance(seconds)
        else:
            await asyncio.sleep(seconds)

    return pass_time


@pytest.fixture
async def store(
    engine: str, clients: AzureClients | None, tmp_path: Path, still_clock: StillClock
) -> AsyncIterator[DocumentStore]:
    """Yield a store with the containers of `support`."""
    documents: DocumentStore = (
        CosmosStore(clients)
        if clients
        else SQLiteStore(tmp_path / "store.db", still_clock, CONTAINERS)
    )
    if engine == "azure":
        await give_examples(documents)
    yield documents
    await documents.close()


@pytest.fixture
async def queue(
    engine: str, clients: AzureClients | None, tmp_path: Path, still_clock: StillClock, jobs: str
) -> AsyncIterator[Queue]:
    """Yield the queues of the engine."""
    queues: Queue = (
        StorageQueue(clients) if clients else SQLiteQueue(tmp_path / "queue.db", still_clock)
    )
    if engine == "azure":
        await give_examples_of_items(queues, jobs)
    yield queues
    await queues.close()


@pytest.fixture
async def blobs(clients: AzureClients | None, tmp_path: Path) -> AsyncIterator[Blobs]:
    """Yield the blobs of the engine."""
    files: Blobs = StorageBlobs(clients) if clients else FileBlobs(tmp_path / "blobs")
    yield files
    await files.close()


@pytest.fixture
def box() -> str:
    """Return the name of a blob container that no other test uses."""
    return f"contract-{secrets.token_hex(6)}"


@pytest.fixture(params=["system", "sandbox"])
def clock(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Clock]:
    """Yield a clock; the clocks are independent of the engines."""
    if request.param == "system":
        yield SystemClock()
        return
    sandbox = SandboxClock(tmp_path / "clock")
    yield sandbox
    sandbox.close()


@pytest.fixture
def owner() -> str:
    """Return a partition that no other test uses, on engines that outlive a test."""
    return f"owner-{secrets.token_hex(6)}"


@pytest.fixture
def jobs() -> str:
    """Return the name of a queue that no other test uses."""
    return f"contract-{secrets.token_hex(6)}"
