"""Gather the writes of concurrent callers, so that one request serves many of them."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

type Outcomes = Sequence[Exception | None]
"""The error of each value of a group, in their order; None for a value that was processed."""


@dataclass(slots=True)
class _Group[T]:
    values: list[T] = field(default_factory=list)
    done: asyncio.Future[Outcomes] = field(default_factory=asyncio.Future)
    timer: asyncio.TimerHandle | None = None


class Gathering[K: Hashable, T]:
    """Pass the values that are added for a key at about the same time to `work`, together.

    A group goes to `work` when it has `most` values, when `seconds` have passed since its first
    value, or when every announced caller has added its value. So a single caller does not wait.
    Concurrency: one process only. Several groups of a key may be at work at the same time. A caller
    that is cancelled stops neither its group nor the work.
    """

    def __init__(
        self, work: Callable[[K, Sequence[T]], Awaitable[Outcomes]], *, most: int, seconds: float
    ) -> None:
        self._work = work
        self._most = most
        self.seconds = seconds
        self._groups: dict[K, _Group[T]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._expected = 0

    @contextmanager
    def announced(self) -> Iterator[Callable[[K, T], Awaitable[None]]]:
        """Announce that a value may be added soon; yield `add` for it, to be called once at most.

        The groups wait for the caller until it adds its value or leaves the context.
        """
        self._expected += 1
        is_due = True

        def arrive() -> None:
            nonlocal is_due
            if is_due:
                is_due = False
                self._expected -= 1

        async def add(key: K, value: T) -> None:
            arrive()
            await self.add(key, value)

        try:
            yield add
        finally:
            arrive()
            self._start_if_complete()

    async def add(self, key: K, value: T) -> None:
        """Add a value, and wait until `work` is done with its group.

        Raise the error of the value, or of the whole group.
        """
        group = self._groups.get(key)
        if group is None:
            group = self._groups[key] = _Group()
            loop = asyncio.get_running_loop()
            group.timer = loop.call_later(self.seconds, self._start, key)
        place = len(group.values)
        group.values.append(value)
        if len(group.values) >= self._most:
            self._start(key)
        self._start_if_complete()
        error = (await asyncio.shield(group.done))[place]
        if error is not None:
            raise error

    def _start_if_complete(self) -> None:
        if self._expected == 0:
            for key in list(self._groups):
                self._start(key)

    def _start(self, key: K) -> None:
        group = self._groups.pop(key)
        if group.timer is not None:
            group.timer.cancel()
        task = asyncio.create_task(self._run(key, group))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _run(self, key: K, group: _Group[T]) -> None:
        try:
            outcomes = await self._work(key, group.values)
        except BaseException as error:
            if isinstance(error, asyncio.CancelledError):
                group.done.cancel()
                raise
            group.done.set_exception(error)
            # read the error, since asyncio reports an unread error if all callers were cancelled
            group.done.exception()
        else:
            group.done.set_result(outcomes)
