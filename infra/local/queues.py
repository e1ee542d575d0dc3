"""Queue triggers: takes items, invokes, and settles them as Azure's queue extension does."""

import asyncio
import time
from collections.abc import Sequence
from datetime import timedelta
from typing import Final, Protocol, runtime_checkable

from azure_functions_runtime.bindings.datumdef import Datum

from infra.local.errors import HostError
from infra.local.host_json import HostOptions
from infra.local.lease import Lease
from infra.local.log import HostLog
from infra.local.triggers import enabled, resolve
from infra.local.worker_library import Function, WorkerLibrary, new_invocation_id
from lib.ports.errors import NotFoundError, PortError
from lib.ports.queue import Queue, QueueItem
from lib.queues import POISON_SUFFIX

POISON_RETRY: Final = timedelta(minutes=10)
_FIRST_WAIT, _IDLE_WAIT, _REMOTE_FIRST_WAIT, _TROUBLE_WAIT = 0.01, 0.1, 0.1, 0.5
_BACK_OFF, _BELL_SECONDS, _COMPLAIN_EVERY = 1.25, 60.0, 10.0
_NEVER = Datum("9999-12-31T23:59:59+00:00", "string")


@runtime_checkable
class LocalQueue(Protocol):
    """What the embedded queue offers on top: a cheap look, and a wait that local puts cut short."""

    def ready(self, queues: Sequence[str]) -> set[str]:
        """Return those of the queues that hold a visible item."""
        ...

    async def wait(self, timeout: float) -> None:  # noqa: ASYNC109 - the port's own signature
        """Return after `timeout` seconds, or at once on a put in this process."""
        ...


class QueueTriggers:
    """All queue triggers of one worker, and the loop that feeds them."""

    def __init__(
        self,
        library: WorkerLibrary,
        queue: Queue,
        options: HostOptions,
        log: HostLog,
        lease: timedelta = timedelta(seconds=60),
    ) -> None:
        self._queue, self._log = queue, log
        self._wake = asyncio.Event()
        self._listeners = [
            _Listener(library, function, queue, options, log, lease, self._wake)
            for function in enabled(library.functions, "queueTrigger")
        ]
        names = [listener.name for listener in self._listeners]
        twice = {name for name in names if names.count(name) > 1}
        if twice:
            raise HostError(f"more than one function is triggered by {', '.join(sorted(twice))}")
        self._first_wait, self._longest_wait = (
            (_FIRST_WAIT, _IDLE_WAIT)
            if isinstance(queue, LocalQueue)
            else (_REMOTE_FIRST_WAIT, options.queues.max_polling_interval.total_seconds())
        )

    async def run(self) -> None:
        """Feed the functions until cancelled; what is in flight then goes on, see `drain`."""
        if not self._listeners:
            return
        local = self._queue if isinstance(self._queue, LocalQueue) else None
        bell = asyncio.create_task(self._ring(local)) if local is not None else None
        try:
            await self._poll()
        finally:
            if bell is not None:
                bell.cancel()

    async def drain(self, seconds: float) -> None:
        """Wait for what is in flight, at most so long; the rest resumes when its lease ends."""
        tasks = [task for listener in self._listeners for task in listener.tasks]
        if tasks:
            await asyncio.wait(tasks, timeout=seconds)

    async def _poll(self) -> None:
        wait = self._first_wait
        complained = -_COMPLAIN_EVERY
        while True:
            self._wake.clear()
            try:
                took = await self._feed()
            except PortError as error:
                took, wait = False, max(wait, _TROUBLE_WAIT)
                if time.monotonic() - complained > _COMPLAIN_EVERY:
                    complained = time.monotonic()
                    self._log.warning(f"queues cannot be read: {type(error).__name__}")
            if took:
                wait = self._first_wait
                await asyncio.sleep(0)
                continue
            try:
                async with asyncio.timeout(wait):
                    await self._wake.wait()
            except TimeoutError:
                wait = min(wait * _BACK_OFF, self._longest_wait)
            else:
                wait = self._first_wait

    async def _feed(self) -> bool:
        hungry = {listener.name: listener for listener in self._listeners if listener.hungry}
        if hungry and isinstance(self._queue, LocalQueue):
            ready = self._queue.ready(list(hungry))
            hungry = {name: listener for name, listener in hungry.items() if name in ready}
        return any(await asyncio.gather(*(listener.take() for listener in hungry.values())))

    async def _ring(self, queue: LocalQueue) -> None:
        """Turn this process's own puts into wake-ups, at once."""
        while True:
            await queue.wait(_BELL_SECONDS)
            self._wake.set()


class _Listener:
    """One queue trigger."""

    def __init__(  # noqa: PLR0917 - one collaborator each
        self,
        library: WorkerLibrary,
        function: Function,
        queue: Queue,
        options: HostOptions,
        log: HostLog,
        lease: timedelta,
        wake: asyncio.Event,
    ) -> None:
        self.name = resolve(function, "queueName").lower()
        self.tasks: set[asyncio.Task[None]] = set()
        self._library, self._function, self._queue, self._log = library, function, queue, log
        self._options = options.queues
        limit = options.function_timeout
        self._timeout = None if limit is None else limit.total_seconds()
        self._lease, self._wake = lease, wake

    @property
    def hungry(self) -> bool:
        """Whether the next batch may be taken."""
        return len(self.tasks) <= self._options.new_batch_threshold

    async def take(self) -> bool:
        """Start what one batch holds; tell whether it held anything."""
        items = await self._queue.receive(
            self.name, limit=self._options.batch_size, visibility_timeout=self._lease
        )
        for item in items:
            task = asyncio.create_task(self._process(item))
            self.tasks.add(task)
            task.add_done_callback(self._done)
        return bool(items)

    def _done(self, task: asyncio.Task[None]) -> None:
        self.tasks.discard(task)
        self._wake.set()

    async def _process(self, item: QueueItem) -> None:
        started = time.perf_counter()
        invocation_id = new_invocation_id()
        lease = Lease(self._queue, self.name, item, self._lease)
        # An item past the limit killed its worker each time: nothing else leaves it uncounted.
        ok = (
            item.dequeue_count <= self._options.max_dequeue_count or self._is_poison
        ) and await self._invoke(item, invocation_id)
        try:
            status = await self._settle(await lease.end(), ok=ok)
        except NotFoundError:
            status = "lease lost"
        except PortError as error:
            status = f"not settled ({type(error).__name__})"
        seconds = time.perf_counter() - started
        self._log.invocation(self._function.name, status, seconds, invocation_id)

    async def _invoke(self, item: QueueItem, invocation_id: str) -> bool:
        inputs = [(self._function.trigger["name"], Datum(item.text, "string"))]
        try:
            async with asyncio.timeout(self._timeout):
                outcome = await self._library.invoke(
                    self._function, invocation_id, inputs, _metadata(item, self._lease)
                )
        except TimeoutError:
            self._log.warning(f"{self._function.name} passed functionTimeout")
            return False
        if outcome.failure is not None:
            self._log.failure(self._function.name, outcome.failure, invocation_id)
        return outcome.failure is None

    @property
    def _is_poison(self) -> bool:
        return self.name.endswith(POISON_SUFFIX)

    async def _settle(self, item: QueueItem, *, ok: bool) -> str:
        if ok:
            await self._queue.delete(self.name, item)
            return "ok"
        if self._is_poison:
            # A poison queue has none of its own: as in Azure the item stays, hidden for a while.
            await self._queue.update(self.name, item, visibility_timeout=POISON_RETRY)
            return "failed"
        if item.dequeue_count < self._options.max_dequeue_count:
            hide = self._options.visibility_timeout
            await self._queue.update(self.name, item, visibility_timeout=hide)
            return "failed"
        await self._queue.put(self.name + POISON_SUFFIX, item.text)
        await self._queue.delete(self.name, item)
        return "poison"


def _metadata(item: QueueItem, lease: timedelta) -> dict[str, Datum]:
    inserted = item.inserted_at.replace(microsecond=0)
    return {
        "Id": Datum(item.id, "string"),
        "DequeueCount": Datum(item.dequeue_count, "int"),
        "InsertionTime": Datum(inserted.isoformat(), "string"),
        "ExpirationTime": _NEVER,
        "NextVisibleTime": Datum((inserted + lease).isoformat(), "string"),
        "PopReceipt": Datum(item.pop_receipt, "string"),
    }
