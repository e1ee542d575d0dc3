"""Spans to look into, for the tests of telemetry."""

import contextlib
from collections.abc import Iterator, Mapping
from typing import Any

from opentelemetry import context
from opentelemetry.sdk.trace import Event, ReadableSpan
from opentelemetry.trace import NonRecordingSpan, SpanContext, set_span_in_context

from lib.telemetry.parents import read

HOST = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


CALLER = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0"


@contextlib.contextmanager
def in_host_span(traceparent: str = HOST) -> Iterator[SpanContext]:
    """Run the block in the trace context that the host gives to a function."""
    given = read(traceparent)
    assert given is not None
    token = context.attach(set_span_in_context(NonRecordingSpan(given)))
    try:
        yield given
    finally:
        context.detach(token)


def told(span: ReadableSpan | Event) -> Mapping[str, Any]:
    """Return the attributes of a span or an event."""
    return span.attributes or {}
