"""Run the queue triggers of a worker: poll the queues and feed the listeners."""

import asyncio
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Protocol, runtime_checkable

from infra.local.errors import HostError
from infra.local.invocations.log import HostLog
from infra.local.invocations.triggers import enabled, resolve
from infra.local.invocations.worker_library import Function, WorkerLibrary
from infra.local.queues.listener import Listener
from infra.local.settings.host_json import HostOptions
from lib.ports.errors import PortError
from lib.ports.queue import POISON_SUFFIX, Queue

FIRST_WAIT, IDLE_WAIT, _REMOTE_FIRST_WAIT, _TROUBLE_WAIT = 0.01, 0.03, 0.1, 0.5
_GIVE_UP_SECONDS = 2.0
_BACK_OFF, _BELL_SECONDS, _COMPLAIN_EVERY = 1.25, 60.0, 10.0


@runtime_checkable
class LocalQueue(Protocol):
    """The further methods of the embedded queue: a cheap check, and a wait for local puts."""

    @property
    def owner(self) -> str:
        """Return the prefix of this process's receipts."""
        ...

    async def free(self, owner: str, queues: Sequence[str]) -> None:
        """Make an owner's items in the queues visible."""
        ...

    def ready(self, queues: Sequence[str]) -> set[str]:
        """Return the queues that have a visible item."""
        ...

    async def wait(self, timeout: float) -> None:  # noqa: ASYNC109 - the port's own signature
        """Return after `timeout` seconds, or at once on a put in this process."""
        ...


def queue_names(library: WorkerLibrary) -> list[str]:
    """Return the queues of all queue triggers, also of disabled functions."""
    return [
        resolve(function, "queueName").lower()
        for function in library.functions
        if function.trigger.get("type") == "queueTrigger"
    ]


class QueueTriggers:
    """The queue triggers of one worker, and the loop that feeds them."""

    def __init__(
        self,
        library: WorkerLibrary,
        queue: Queue,
        options: HostOptions,
        log: HostLog,
        lease: timedelta = timedelta(seconds=60),
        mine: Callable[[Function], bool] = lambda _: True,
    ) -> None:
        self._queue, self._log = queue, log
        self._wake = asyncio.Event()
        self._stopping = False
        self._listeners = [
            Listener(library, function, queue, options, log, lease, self._wake)
            for function in enabled(library.functions, "queueTrigger")
            if mine(function)
        ]
        names = [listener.name for listener in self._listeners]
        twice = {name for name in names if names.count(name) > 1}
        if twice:
            raise HostError(f"more than one function is triggered by {', '.join(sorted(twice))}")
        self._looked_at_poison = float("-inf")
        self._first_wait, self._longest_wait = (
            (FIRST_WAIT, IDLE_WAIT)
            if isinstance(queue, LocalQueue)
            else (_REMOTE_FIRST_WAIT, options.queues.max_polling_interval.total_seconds())
        )

    async def run(self) -> None:
        """Feed the functions until `stop`; `drain` waits for running functions."""
        if not self._listeners:
            return
        local = self._queue if isinstance(self._queue, LocalQueue) else None
        bell = asyncio.create_task(self._ring(local)) if local is not None else None
        try:
            await self._poll()
        finally:
            if bell is not None:
                bell.cancel()

    def stop(self) -> None:
        """Receive no more items; `run` returns, and items that still arrive are given back."""
        self._stopping = True
        for listener in self._listeners:
            listener.stop()
        self._wake.set()

    async def drain(self, seconds: float) -> None:
        """Wait for running functions for some seconds; give the other items back."""
        tasks = [task for listener in self._listeners for task in listener.tasks]
        if tasks:
            await asyncio.wait(tasks, timeout=seconds)
        await asyncio.gather(*(one.give_up(_GIVE_UP_SECONDS) for one in self._listeners))

    async def _poll(self) -> None:
        wait = self._first_wait
        complained = -_COMPLAIN_EVERY
        while not self._stopping:
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
        if not isinstance(self._queue, LocalQueue):
            hungry = self._without_poison(hungry)
        elif hungry:
            ready = self._queue.ready(list(hungry))
            hungry = {name: listener for name, listener in hungry.items() if name in ready}
        return any(await asyncio.gather(*(listener.take() for listener in hungry.values())))

    def _without_poison(self, hungry: dict[str, Listener]) -> dict[str, Listener]:
        """Leave out the poison queues until they are due: each look at a queue is a request.

        They are half of all queues and nearly always empty. As in Azure, where each queue has a
        wait of its own, the traffic of other queues makes them no busier.
        """
        now = time.monotonic()
        if now - self._looked_at_poison >= self._longest_wait:
            self._looked_at_poison = now
            return hungry
        return {name: one for name, one in hungry.items() if not name.endswith(POISON_SUFFIX)}

    async def _ring(self, queue: LocalQueue) -> None:
        """Wake the loop at each put of this process."""
        while True:
            await queue.wait(_BELL_SECONDS)
            self._wake.set()
