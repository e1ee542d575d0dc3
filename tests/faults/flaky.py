"""Ports that fail as real ports do: away, timed out after the deed, twice, out of order."""

import random
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from lib.ports.errors import UnavailableError
from lib.ports.queue import Queue, QueueItem


@dataclass
class Faults:
    """The share of calls that fail; calls whose name begins as one of `away` always fail."""

    rng: random.Random
    rate: float = 0.0
    away: tuple[str, ...] = ()
    counts: Counter[str] = field(default_factory=Counter)

    def strikes(self, name: str) -> str | None:
        """Return the failure of one call: "before" or "after" the deed, or None."""
        self.counts["calls"] += 1
        if name.startswith(self.away):
            return "before"
        drawn = self.rng.random()
        if drawn >= self.rate:
            return None
        outcome = "before" if drawn < self.rate / 2 else "after"
        self.counts[f"{name} {outcome}"] += 1
        return outcome


class Flaky:
    """A port that passes calls on, and tells `done` of each call that was done."""

    def __init__(
        self,
        name: str,
        port: Any,
        faults: Faults,
        done: Callable[..., None] = lambda *_, **__: None,
        away: type[UnavailableError] = UnavailableError,
    ) -> None:
        self._name, self._port, self._faults, self._done = name, port, faults, done
        self._away = away

    def __getattr__(self, method: str) -> Callable[..., Awaitable[Any]]:
        call: Callable[..., Awaitable[Any]] = getattr(self._port, method)
        if method == "close":
            return call

        async def flaky(*args: Any, **kwargs: Any) -> Any:
            outcome = self._faults.strikes(f"{self._name}.{method}")
            if outcome == "before":
                raise self._away(f"{method}: away")
            result = await call(*args, **kwargs)
            self._done(outcome, method, *args)
            if outcome == "after":
                raise UnavailableError(f"{method}: timed out")
            return result

        return flaky


class FlakyQueue(Flaky):
    """A queue that gives items out of order, and some of them twice."""

    def __init__(self, port: Queue, faults: Faults) -> None:
        super().__init__("queue", port, faults)

    async def receive(
        self, queue: str, *, limit: int, visibility_timeout: timedelta
    ) -> list[QueueItem]:
        """Receive fewer items than asked for, to have room for items that come twice."""
        flaky = super().__getattr__("receive")
        items: list[QueueItem] = await flaky(
            queue, limit=max(1, limit // 2), visibility_timeout=visibility_timeout
        )
        rng, rate = self._faults.rng, self._faults.rate
        twice = [item for item in items if rng.random() < rate / 2]
        for item in items:
            if rng.random() < rate / 2:
                # a lease that ran out: the item is visible again while it is being processed
                await self._port.update(queue, item, visibility_timeout=timedelta(0))
                self._faults.counts["visible again"] += 1
        self._faults.counts["twice at once"] += len(twice)
        given = items + twice
        rng.shuffle(given)
        return given
