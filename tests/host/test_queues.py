"""Queue triggers of the local host, on the embedded queue."""

import asyncio
import os
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from infra.local.errors import HostError
from infra.local.invocations.log import HostLog
from infra.local.invocations.worker_library import Function, Metadata
from infra.local.queues import triggers
from infra.local.queues.triggers import LocalQueue, QueueTriggers
from infra.local.settings.host_json import HostOptions, QueueOptions
from lib.adapters.embedded.clock import SystemClock
from lib.adapters.embedded.sqlite.queue import SQLiteQueue
from lib.ports.queue import Queue, QueueItem
from tests.host.host_fakes import ScriptedLibrary, until

TRIGGER = {"type": "queueTrigger", "queueName": "work"}
POISON = {"type": "queueTrigger", "queueName": "work-poison"}
OPTIONS = HostOptions(queues=QueueOptions(batch_size=4, new_batch_threshold=2, max_dequeue_count=2))


@pytest.fixture
async def queue(tmp_path: Path) -> AsyncIterator[SQLiteQueue]:
    """Yield a queue for one test."""
    opened = SQLiteQueue(tmp_path / "queue.db", SystemClock())
    yield opened
    await opened.close()


@asynccontextmanager
async def serving(
    library: ScriptedLibrary,
    queue: Queue,
    *,
    options: HostOptions = OPTIONS,
    lease: float = 60,
    log: HostLog | None = None,
    mine: Callable[[Function], bool] = lambda _: True,
) -> AsyncIterator[QueueTriggers]:
    """Run the triggers while the block runs."""
    log = log or HostLog(os.open(os.devnull, os.O_WRONLY))
    triggers = QueueTriggers(library, queue, options, log, timedelta(seconds=lease), mine)
    task = asyncio.create_task(triggers.run())
    yield triggers
    assert not task.done()
    task.cancel()
    await triggers.drain(3)


class Recorder:
    """A function's body that records its items, then calls the given function."""

    def __init__(self, then: Callable[[str], Any] | None = None) -> None:
        self.texts: list[str] = []
        self.metadata: list[Metadata] = []
        self._then = then

    async def __call__(self, text: str, metadata: Metadata) -> None:
        """Record the item, and call the function."""
        self.texts.append(text)
        self.metadata.append(metadata)
        if self._then is not None:
            result = self._then(text)
            if result is not None:
                await result


def fail(text: str) -> None:
    """Raise an error."""
    raise ValueError(text)


async def test_success_deletes(queue: SQLiteQueue) -> None:
    """The item is deleted, and the function got its metadata as in Azure."""
    body = Recorder()
    async with serving(ScriptedLibrary(work=(TRIGGER, body)), queue):
        await queue.put("work", "a")
        await until(lambda: body.texts)
    assert await queue.length("work") == 0
    told = body.metadata[0]
    assert (told["DequeueCount"].value, told["DequeueCount"].type) == (1, "int")
    assert {"Id", "InsertionTime", "ExpirationTime", "NextVisibleTime", "PopReceipt"} <= told.keys()


async def test_failure_comes_back_and_then_goes_to_poison(queue: SQLiteQueue) -> None:
    """After maxDequeueCount attempts the text goes to the poison queue, which triggers too."""
    body, poison = Recorder(fail), Recorder()
    library = ScriptedLibrary(work=(TRIGGER, body), poison=(POISON, poison))
    async with serving(library, queue):
        await queue.put("work", "a")
        await until(lambda: poison.texts)
    assert body.texts == ["a", "a"]
    assert [m["DequeueCount"].value for m in body.metadata] == [1, 2]
    assert poison.texts == ["a"]
    assert await queue.length("work") == 0
    assert await queue.length("work-poison") == 0


async def test_failure_waits_for_the_visibility_timeout(queue: SQLiteQueue) -> None:
    """A failed item stays hidden for the time in host.json."""
    moments: list[float] = []

    def note(text: str) -> None:
        moments.append(time.monotonic())
        fail(text)

    body = Recorder(note)
    options = HostOptions(
        queues=QueueOptions(max_dequeue_count=2, visibility_timeout=timedelta(seconds=0.3))
    )
    async with serving(ScriptedLibrary(work=(TRIGGER, body)), queue, options=options):
        await queue.put("work", "a")
        await until(lambda: len(moments) == 2)
    assert moments[1] - moments[0] >= 0.3


async def test_a_poison_queue_has_no_poison_queue(queue: SQLiteQueue) -> None:
    """An item that fails there stays, hidden."""
    body = Recorder(fail)
    async with serving(ScriptedLibrary(poison=(POISON, body)), queue):
        await queue.put("work-poison", "a")
        await until(lambda: body.texts)
        await asyncio.sleep(0.2)
    assert body.texts == ["a"]
    assert await queue.length("work-poison") == 1


async def test_an_item_that_kills_its_worker_ends_in_poison(queue: SQLiteQueue) -> None:
    """An item past maxDequeueCount does not run again, though no attempt could report."""
    await queue.put("work", "a")
    for _ in range(OPTIONS.queues.max_dequeue_count):
        (item,) = await queue.receive("work", limit=1, visibility_timeout=timedelta(seconds=9))
        await queue.update("work", item, visibility_timeout=timedelta(0))
    body = Recorder()
    poison = Recorder()
    library = ScriptedLibrary(work=(TRIGGER, body), poison=(POISON, poison))
    async with serving(library, queue):
        await until(lambda: poison.texts)
    assert body.texts == []


async def test_a_lease_is_renewed_while_the_function_runs(queue: SQLiteQueue) -> None:
    """An item that runs longer than the lease is delivered once, and is deleted."""
    body = Recorder(lambda _: asyncio.sleep(1.7))
    async with serving(ScriptedLibrary(work=(TRIGGER, body)), queue, lease=1):
        await queue.put("work", "a")
        await until(lambda: body.texts)
        await asyncio.sleep(1.8)
    assert body.texts == ["a"]
    assert await queue.length("work") == 0


async def test_no_more_in_flight_than_batch_and_threshold(queue: SQLiteQueue) -> None:
    """The host takes the next batch when newBatchThreshold or fewer items are in flight."""
    gate = asyncio.Event()
    body = Recorder(lambda _: gate.wait())
    for number in range(10):
        await queue.put("work", str(number))
    async with serving(ScriptedLibrary(work=(TRIGGER, body)), queue):
        await until(lambda: len(body.texts) == 4)
        await asyncio.sleep(0.1)
        assert len(body.texts) == 4
        gate.set()
        await until(lambda: len(body.texts) == 10)
    assert await queue.length("work") == 0


async def test_items_that_the_app_limits_spread_over_the_processes(
    queue: SQLiteQueue, tmp_path: Path
) -> None:
    """Each process runs AT_ONCE of them; the others stay in the queue, in their order."""
    gates = {str(number): asyncio.Event() for number in range(6)}
    other = SQLiteQueue(tmp_path / "queue.db", SystemClock())
    bodies = [Recorder(lambda text: gates[text].wait()) for _ in range(2)]
    libraries = [ScriptedLibrary(work=(TRIGGER, body)) for body in bodies]
    for library in libraries:
        vars(library.module)["AT_ONCE"] = {"work": 2}
    for number in gates:
        await queue.put("work", number)
    async with serving(libraries[0], queue), serving(libraries[1], other):
        await until(lambda: all(len(body.texts) == 2 for body in bodies))
        await asyncio.sleep(0.1)
        assert sorted(bodies[0].texts + bodies[1].texts) == ["0", "1", "2", "3"]
        gates["1"].set()
        await until(lambda: len(bodies[0].texts + bodies[1].texts) == 5)
        await asyncio.sleep(0.1)
        assert "4" in bodies["1" not in bodies[0].texts].texts
        for gate in gates.values():
            gate.set()
        await until(lambda: len(bodies[0].texts + bodies[1].texts) == 6)
    assert await queue.length("work") == 0
    await other.close()


async def test_own_puts_are_taken_at_once(
    queue: SQLiteQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The host takes a put of its own although the poller would not look for a minute."""
    monkeypatch.setattr(triggers, "FIRST_WAIT", 60)
    monkeypatch.setattr(triggers, "IDLE_WAIT", 60)
    body = Recorder()
    async with serving(ScriptedLibrary(work=(TRIGGER, body)), queue):
        await asyncio.sleep(0.4)
        await queue.put("work", "a")
        await until(lambda: body.texts)


async def test_puts_of_another_process_are_taken_soon(queue: SQLiteQueue, tmp_path: Path) -> None:
    """The put comes through another connection to the file, as from another process."""
    other = SQLiteQueue(tmp_path / "queue.db", SystemClock())
    body = Recorder()
    async with serving(ScriptedLibrary(work=(TRIGGER, body)), queue):
        await asyncio.sleep(0.4)
        await other.put("work", "a")
        await until(lambda: body.texts, 3)
    await other.close()


class PlainQueue:
    """A queue with the methods of the port alone, as a remote queue's adapter has."""

    def __init__(self, queue: SQLiteQueue) -> None:
        self.looks = Counter[str]()
        self._queue = queue
        self.put, self.update, self.delete = queue.put, queue.update, queue.delete
        self.length, self.oldest, self.close = queue.length, queue.oldest, queue.close

    async def receive(
        self, queue: str, *, limit: int, visibility_timeout: timedelta
    ) -> list[QueueItem]:
        """Receive items, and count the look."""
        self.looks[queue] += 1
        return await self._queue.receive(queue, limit=limit, visibility_timeout=visibility_timeout)


async def test_a_queue_without_extras_is_polled(queue: SQLiteQueue) -> None:
    """The triggers need no method beyond the port."""
    plain: Queue = PlainQueue(queue)
    assert not isinstance(plain, LocalQueue)
    body = Recorder()
    async with serving(ScriptedLibrary(work=(TRIGGER, body)), plain):
        await plain.put("work", "a")
        await until(lambda: body.texts)
    assert await plain.length("work") == 0


async def test_poison_queues_elsewhere_are_looked_at_less_often(queue: SQLiteQueue) -> None:
    """Each look is a request: the traffic of other queues brings no more of them."""
    plain = PlainQueue(queue)
    body, poison = Recorder(), Recorder()
    library = ScriptedLibrary(work=(TRIGGER, body), poison=(POISON, poison))
    queues = replace(OPTIONS.queues, max_polling_interval=timedelta(seconds=0.6))
    async with serving(library, plain, options=replace(OPTIONS, queues=queues)):
        await plain.put("work-poison", "b")
        for number in range(20):
            await plain.put("work", str(number))
            await until(lambda number=number: len(body.texts) > number)  # type: ignore[misc]
        await until(lambda: poison.texts)
    assert plain.looks["work-poison"] < plain.looks["work"] / 2


async def test_names_come_from_settings(
    queue: SQLiteQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`%NAME%` is the setting NAME; a missing setting stops the start."""
    body = Recorder()
    library = ScriptedLibrary(work=({**TRIGGER, "queueName": "%THE_QUEUE%"}, body))
    monkeypatch.setenv("THE_QUEUE", "work")
    async with serving(library, queue):
        await queue.put("work", "a")
        await until(lambda: body.texts)
    monkeypatch.delenv("THE_QUEUE")
    with pytest.raises(HostError, match="work: queueName: setting THE_QUEUE is not set"):
        async with serving(library, queue):
            pass


@pytest.mark.parametrize("name", ["AzureWebJobs.work.Disabled", "AzureWebJobs__work__Disabled"])
async def test_a_disabled_function_is_left_alone(
    queue: SQLiteQueue, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """The host knows Azure's own setting for that."""
    monkeypatch.setenv(name, "true")
    body, other = Recorder(), Recorder()
    library = ScriptedLibrary(work=(TRIGGER, body), poison=(POISON, other))
    await queue.put("work", "a")
    async with serving(library, queue):
        await asyncio.sleep(0.1)
    assert body.texts == []
    assert await queue.length("work") == 1


async def test_a_process_runs_its_own_functions_alone(queue: SQLiteQueue) -> None:
    """A process runs the functions that it is given, and leaves items of others."""
    body, poison = Recorder(), Recorder()
    library = ScriptedLibrary(work=(TRIGGER, body), poison=(POISON, poison))
    await queue.put("work", "a")
    await queue.put("work-poison", "b")
    async with serving(library, queue, mine=lambda function: function.name == "poison"):
        await until(lambda: poison.texts)
        await asyncio.sleep(0.1)
    assert body.texts == []
    assert await queue.length("work") == 1


async def test_two_functions_on_one_queue_are_refused(queue: SQLiteQueue) -> None:
    """Each function would get half of the items."""
    library = ScriptedLibrary(work=(TRIGGER, Recorder()), again=(TRIGGER, Recorder()))
    with pytest.raises(HostError, match="work"):
        async with serving(library, queue):
            pass


async def test_a_lost_lease_is_told_and_changes_nothing(queue: SQLiteQueue, tmp_path: Path) -> None:
    """The item belongs to the receiver that had it last."""

    async def steal(_: str) -> None:
        told = body.metadata[0]
        item = QueueItem(told["Id"].value, "a", 1, SystemClock().now(), told["PopReceipt"].value)
        await queue.update("work", item, visibility_timeout=timedelta(seconds=60))

    body = Recorder(steal)
    path = tmp_path / "log"
    log = HostLog(os.open(path, os.O_WRONLY | os.O_CREAT))
    async with serving(ScriptedLibrary(work=(TRIGGER, body)), queue, log=log):
        await queue.put("work", "a")
        await until(path.read_text)
    assert "lease lost" in path.read_text()
    assert await queue.length("work") == 1
