"""A stack whose process dies after a number of writes, and does nothing more until it is back."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from functions.declared import CONSUMERS
from lib.composition.stacks import embedded_ports
from tests.builders.settings import settings_for
from tests.doubles.clock import StillClock
from tests.stack import Stack, take

_READS: Final = frozenset(
    {"read", "read_many", "query", "count", "sweep", "get", "names", "receive", "length", "close"}
)
LEASE: Final = timedelta(seconds=31)
"""After it, an item whose process died is visible again."""


class DeathError(BaseException):
    """The death of the process."""


class Life:
    """The writes that are left; None for any number. A dead process does nothing."""

    def __init__(self) -> None:
        self.left: int | None = None
        self.is_dead = False
        self.written = 0

    def wrote(self) -> None:
        """Count a write; raise DeathError where it was the last one."""
        self.written += 1
        if self.left is not None:
            self.left -= 1
            if self.left == 0:
                self.is_dead = True
                raise DeathError

    def revive(self) -> None:
        """Let another process begin, which lives on."""
        self.left, self.is_dead = None, False


class Mortal:
    """A port of a process that dies."""

    def __init__(self, port: Any, life: Life) -> None:
        self._port, self._life = port, life

    def __getattr__(self, method: str) -> Callable[..., Awaitable[Any]]:
        call: Callable[..., Awaitable[Any]] = getattr(self._port, method)

        async def mortal(*args: Any, **kwargs: Any) -> Any:
            if self._life.is_dead:
                raise DeathError
            result = await call(*args, **kwargs)
            if method not in _READS:
                self._life.wrote()
            return result

        return mortal


class MortalStack(Stack):
    """A stack on ports of a process that dies; its queues give the items of a dead process again.

    `deaths`: how often the process died.
    """

    def __init__(self, folder: Path) -> None:
        self.life = Life()
        self.deaths = 0
        clock = StillClock()
        self.real = embedded_ports(settings_for(folder), clock)
        super().__init__(
            folder,
            clock=clock,
            store=Mortal(self.real.store, self.life),
            queue=Mortal(self.real.queue, self.life),
            blobs=Mortal(self.real.blobs, self.life),
        )
        self.clock = clock

    async def insist[R](self, call: Callable[[], Awaitable[R]]) -> R:
        """Return the result of a request or of a timer, which is repeated after a death."""
        try:
            return await call()
        except DeathError:
            self._die()
            return await call()

    async def live(self) -> None:
        """Run the queue functions until no item is left, whatever dies."""
        names = [consumer.queue for consumer in CONSUMERS]
        while any([await self.real.queue.length(name) for name in names]):
            for consumer in CONSUMERS:
                for item in await take(self.real.queue, consumer.queue):
                    again = item.dequeue_count > 1
                    try:
                        await consumer.consume(self.app, item.text, last=False, again=again)
                    except DeathError:
                        self._die()
                        continue
                    await self.real.queue.delete(consumer.queue, item)
            self.clock.advance(LEASE)

    def _die(self) -> None:
        self.deaths += 1
        self.life.revive()
