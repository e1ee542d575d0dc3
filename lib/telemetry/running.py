"""A run of a function with telemetry on: its span, metrics and events."""

import logging
import time
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from types import TracebackType
from typing import Final, Self, override

from opentelemetry.metrics import Histogram
from opentelemetry.trace import Span, SpanKind, StatusCode, Tracer, set_span_in_context

from lib.domain.shared.pseudonym import Pseudonyms
from lib.telemetry.faults import describe
from lib.telemetry.instruments import Counts
from lib.telemetry.invocation import CURRENT, SILENT, Run
from lib.telemetry.parents import NOBODY, written

_SERVER_ERROR: Final = 500
_logger: Final = logging.getLogger("recapito")


@dataclass(frozen=True, slots=True)
class Instruments:
    """The tracer, the logger and the metrics of runs."""

    tracer: Tracer
    counts: Counts
    histograms: Mapping[str, Histogram]
    pseudonyms: Pseudonyms


class Running(Run):
    """A run that is in the context from enter to exit; see lib.telemetry.invocation."""

    def __init__(self, instruments: Instruments, function: str, span: Span) -> None:
        self._instruments, self._function, self._span = instruments, function, span
        self.context = set_span_in_context(span, NOBODY)
        self._failed = False
        self._whose: dict[str, str] = {}

    @property
    def trace_id(self) -> str:
        """Return the trace id (32 hexadecimal digits)."""
        return f"{self._span.get_span_context().trace_id:032x}"

    @property
    def traceparent(self) -> str:
        """Return the span as a W3C traceparent."""
        return written(self._span.get_span_context())

    @override
    def __enter__(self) -> Self:
        self._token = CURRENT.set(self)
        return self

    @override
    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        frames: TracebackType | None,
        /,
    ) -> None:
        if error is not None:
            self.failed(error)
        self._span.end()
        CURRENT.reset(self._token)

    def concerns(self, fiscal_code: str | None, /) -> None:
        """Give the citizen's pseudonym to later events; None: they are of no citizen."""
        pseudonyms = self._instruments.pseudonyms
        self._whose = {} if fiscal_code is None else {"citizen": pseudonyms.of(fiscal_code)}

    def add(self, counter: str, amount: float, /, **attributes: str) -> None:
        """Add to a counter."""
        self._instruments.counts.add(counter, amount, attributes)

    def observe(self, histogram: str, seconds: float, /, **attributes: str) -> None:
        """Record a duration."""
        self._instruments.histograms[histogram].record(seconds, attributes, NOBODY)

    def charge(self, amount: float, /, **attributes: str) -> None:
        """Count a request to the document store, for this function."""
        of_function = {"function": self._function, **attributes}
        self._instruments.counts.add("recapito.store.requests", 1, of_function)
        self._instruments.counts.add("recapito.store.request_charge", amount, of_function)

    def event(self, text: str, /, **fields: str | float) -> None:
        """Log an event, unless sampling leaves the trace out."""
        if not self._span.is_recording():
            return
        if "message_id" in fields:
            self._span.set_attribute("recapito.message_id", fields["message_id"])
        _logger.info(text, extra={"fields": {**fields, **self._whose}})

    def failed(self, error: BaseException) -> None:
        """Mark the span as failed. The first error counts, since it is nearest to the cause."""
        if not self._failed:
            self._failed = True
            _mark(self._span, error)

    def call(self, name: str) -> AbstractContextManager[object]:
        """Open a span below this one, unless sampling leaves the trace out."""
        return self._called(name) if self._span.is_recording() else SILENT

    @contextmanager
    def _called(self, name: str) -> Iterator[None]:
        span = self._instruments.tracer.start_span(name, self.context, SpanKind.CLIENT)
        try:
            yield
        except BaseException as error:
            _mark(span, error)
            raise
        finally:
            span.end()


class RunningRequest(Running):
    """The run of an HTTP function."""

    def __init__(self, instruments: Instruments, function: str, span: Span) -> None:
        super().__init__(instruments, function, span)
        self._started = time.perf_counter()

    @override
    def answered(self, status: int) -> None:
        seconds = time.perf_counter() - self._started
        self.observe("recapito.requests", seconds, function=self._function, status=str(status))
        self._span.set_attribute("http.response.status_code", status)
        if status >= _SERVER_ERROR:
            self._span.set_status(StatusCode.ERROR)


def _mark(span: Span, error: BaseException) -> None:
    """Record the error's type and place; its message may name a person."""
    if span.is_recording():
        kind = type(error).__name__
        span.set_status(StatusCode.ERROR)
        span.set_attribute("error.type", kind)
        span.add_event(
            "exception", {"exception.type": kind, "exception.stacktrace": describe(error)}
        )
