"""Run one queue trigger: receive batches, invoke, and settle items as Azure's extension does."""

import asyncio
import time
from contextlib import suppress
from datetime import timedelta
from typing import Final

from azure_functions_runtime.bindings.datumdef import Datum

from infra.local.invocations import log_details
from infra.local.invocations.log import HostLog
from infra.local.invocations.triggers import resolve
from infra.local.invocations.worker_library import Function, WorkerLibrary, new_invocation_id
from infra.local.queues.lease import Lease
from infra.local.settings.host_json import HostOptions
from lib.ports.errors import NotFoundError, PortError
from lib.ports.queue import POISON_SUFFIX, Queue, QueueItem

POISON_RETRY: Final = timedelta(minutes=10)
_NEVER: Final = Datum("9999-12-31T23:59:59+00:00", "string")


class Listener:
    """The listener of one queue trigger.

    The app may say how many items of a function run at a time (Consumer.at_once). No more are
    received then, so that the others stay in the queue for a process that has room.
    """

    def __init__(
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
        self._at_once = library.at_once(function)
        limit = options.function_timeout
        self._timeout = None if limit is None else limit.total_seconds()
        self._lease, self._wake = lease, wake
        self._stopping = False

    @property
    def hungry(self) -> bool:
        """Tell whether the next batch may be received."""
        return self._room > 0

    @property
    def _room(self) -> int:
        size, running = self._options.batch_size, len(self.tasks)
        if self._at_once is not None:
            return min(size, self._at_once - running)
        return size if running <= self._options.new_batch_threshold else 0

    async def take(self) -> bool:
        """Receive a batch and start its items; return False if there was none."""
        items = await self._queue.receive(
            self.name, limit=self._room, visibility_timeout=self._lease
        )
        if self._stopping:
            # The host stops: other workers can receive the items at once.
            await asyncio.gather(*(self._release(item) for item in items))
            return False
        for item in items:
            task = asyncio.create_task(self._process(item))
            self.tasks.add(task)
            task.add_done_callback(self._done)
        return bool(items)

    def stop(self) -> None:
        """Start no more items; received items are given back."""
        self._stopping = True

    async def give_up(self, seconds: float) -> None:
        """Interrupt running functions; their items become visible at once."""
        for task in self.tasks:
            task.cancel()
        if self.tasks:
            await asyncio.wait(self.tasks, timeout=seconds)

    async def _release(self, item: QueueItem) -> None:
        with suppress(PortError):
            await self._queue.update(self.name, item, visibility_timeout=timedelta(0))

    def _done(self, task: asyncio.Task[None]) -> None:
        self.tasks.discard(task)
        self._wake.set()

    async def _process(self, item: QueueItem) -> None:
        started = time.perf_counter()
        invocation_id = new_invocation_id()
        lease = Lease(self._queue, self.name, item, self._lease)
        # Only an item whose worker died in each attempt has a count above the limit.
        try:
            ok = (
                item.dequeue_count <= self._options.max_dequeue_count or self._is_poison
            ) and await self._invoke(item, invocation_id)
        except asyncio.CancelledError:
            await self._release(await lease.end())
            raise
        try:
            status = await self._settle(await lease.end(), ok=ok)
        except NotFoundError:
            status = "lease lost"
        except PortError as error:
            status = f"not settled ({type(error).__name__})"
        seconds = time.perf_counter() - started
        about = log_details.of_item(item.text)
        self._log.invocation(self._function.name, status, seconds, invocation_id, about)

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
            # A poison queue has no poison queue: as in Azure, the item stays, hidden.
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
