"""The engines under contract: add a param and a branch to run the suites against another one."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

import pytest

from lib.adapters.embedded.clock import SandboxClock, SystemClock
from lib.adapters.embedded.files import FileBlobs
from lib.adapters.embedded.sqlite_queue import SQLiteQueue
from lib.adapters.embedded.sqlite_store import SQLiteStore
from lib.ports.blobs import Blobs
from lib.ports.clock import Clock
from lib.ports.documents import DocumentStore
from lib.ports.queue import Queue
from tests.contract.support import CONTAINERS, StillClock

ENGINES = ("embedded",)


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    """Name the engine of this run."""
    return str(request.param)


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
    engine: str, tmp_path: Path, still_clock: StillClock
) -> AsyncIterator[DocumentStore]:
    """Hold the containers of `support`."""
    documents = SQLiteStore(tmp_path / "store.db", still_clock, CONTAINERS)
    yield documents
    await documents.close()


@pytest.fixture
async def queue(engine: str, tmp_path: Path, still_clock: StillClock) -> AsyncIterator[Queue]:
    """Know any queue."""
    queues = SQLiteQueue(tmp_path / "queue.db", still_clock)
    yield queues
    await queues.close()


@pytest.fixture
async def blobs(engine: str, tmp_path: Path) -> AsyncIterator[Blobs]:
    """Know the container `contract-blobs`."""
    files = FileBlobs(tmp_path / "blobs")
    yield files
    await files.close()


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
