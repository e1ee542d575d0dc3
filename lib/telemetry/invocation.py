"""The interface of an invocation, and the invocation of the current context."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from contextvars import ContextVar
from types import TracebackType
from typing import Any, Final, Protocol, Self, override

from lib.ports.queueing.item import Item


class Invocation(Protocol):
    """One run of a function of the app."""

    context: Any
    """The SDK's context, which links log records to the run's span."""

    @property
    def trace_id(self) -> str:
        """Return the trace id (32 hexadecimal digits)."""
        ...

    @property
    def traceparent(self) -> str:
        """Return the run's span as a W3C traceparent."""
        ...

    def concerns(self, fiscal_code: str | None, /) -> None:
        """Give the citizen's pseudonym to later events."""
        ...

    def add(self, counter: str, amount: float, /, **attributes: str) -> None:
        """Add to a counter; attributes have few, fixed values."""
        ...

    def observe(self, histogram: str, seconds: float, /, **attributes: str) -> None:
        """Record a duration."""
        ...

    def charge(self, amount: float, /, **attributes: str) -> None:
        """Count a request to the document store and its request units."""
        ...

    def event(self, text: str, /, **fields: str | float) -> None:
        """Log an event; a message id also marks the span."""
        ...

    def failed(self, error: BaseException) -> None:
        """Mark the span as failed."""
        ...

    def call(self, name: str) -> AbstractContextManager[object]:
        """Open a span for a call to another service."""
        ...


CURRENT: Final[ContextVar[Invocation | None]] = ContextVar("invocation", default=None)


class Run(AbstractContextManager["Run"]):
    """A run without telemetry: a context manager that does nothing."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        frames: TracebackType | None,
        /,
    ) -> None:
        """Let errors propagate."""

    def answered(self, status: int) -> None:
        """Record the HTTP status of the answer."""


SILENT: Final = Run()


class Telemetry(Protocol):
    """The telemetry of the app: it opens runs of functions."""

    def request(self, function: str, method: str, route: str, headers: Mapping[str, str]) -> Run:
        """Open the run of an HTTP function; `route` is the template: a path may name a citizen."""
        ...

    def delivery(self, function: str, queue: str, item: Item | None, *, late: bool = False) -> Run:
        """Open the run of a queue function. `item`: None if unreadable; `late`: put back before."""
        ...

    def tick(self, function: str) -> Run:
        """Open the run of a timer function."""
        ...

    async def close(self) -> None:
        """Send the remaining telemetry, within two seconds."""
        ...


class Off(Telemetry):
    """Telemetry that is off: no run is in the context."""

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
