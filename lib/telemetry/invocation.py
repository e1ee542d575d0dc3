"""Runs of the app's functions, and the one in whose context the code runs."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from contextvars import ContextVar
from types import TracebackType
from typing import Any, Final, Protocol, Self, override

from lib.ports.queueing.items import Item


class Invocation(Protocol):
    """A run of one of the app's functions."""

    context: Any
    """What ties log records to the run's span, in the SDK's own form."""

    @property
    def trace_id(self) -> str:
        """32 hexadecimal digits."""
        ...

    @property
    def traceparent(self) -> str:
        """The run's span, as W3C Trace Context writes it."""
        ...

    def concerns(self, fiscal_code: str, /) -> None:
        """Give the citizen's pseudonym to the events from here on."""
        ...

    def add(self, counter: str, amount: float, /, **attributes: str) -> None:
        """Add to a counter; the attributes come from small, fixed sets."""
        ...

    def observe(self, histogram: str, seconds: float, /, **attributes: str) -> None:
        """Record a duration."""
        ...

    def charge(self, amount: float, /, **attributes: str) -> None:
        """Count a request to the document store, with its cost in request units."""
        ...

    def event(self, text: str, /, **fields: str | float) -> None:
        """Log something worth knowing; a message id marks the span too."""
        ...

    def failed(self, error: BaseException) -> None:
        """Mark the span."""
        ...

    def call(self, name: str) -> AbstractContextManager[object]:
        """Open a span for a call to somebody else's service."""
        ...


CURRENT: Final[ContextVar[Invocation | None]] = ContextVar("invocation", default=None)


class Run(AbstractContextManager["Run"]):
    """An open invocation that tells nothing; entered, it lasts until left."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        frames: TracebackType | None,
        /,
    ) -> None:
        """Let errors pass."""

    def answered(self, status: int) -> None:
        """Note the HTTP status of the answer."""


SILENT: Final = Run()


class Telemetry(Protocol):
    """Opens the runs of functions."""

    def request(self, function: str, method: str, route: str, headers: Mapping[str, str]) -> Run:
        """Open an HTTP function's; `route` is the template, for a path may name a citizen."""
        ...

    def delivery(self, function: str, queue: str, item: Item | None, *, late: bool = False) -> Run:
        """Open a queue function's. `item`: None when unreadable; `late`: given up before."""
        ...

    def tick(self, function: str) -> Run:
        """Open a timer function's."""
        ...

    async def close(self) -> None:
        """Send what is not sent yet, within two seconds."""
        ...


class Off(Telemetry):
    """Nothing is told: there never is a run in the context."""

    @override
    def request(self, function: str, method: str, route: str, headers: Mapping[str, str]) -> Run:
        return SILENT

    @override
    def delivery(self, function: str, queue: str, item: Item | None, *, late: bool = False) -> Run:
        return SILENT

    @override
    def tick(self, function: str) -> Run:
        return SILENT

    @override
    async def close(self) -> None:
        return
