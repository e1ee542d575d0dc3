"""Find the parent of a run's trace (host, producer of an item, caller), and sample traces."""

import re
from collections.abc import Mapping, Sequence
from typing import Final, override

from opentelemetry.context import Context
from opentelemetry.sdk.trace.sampling import Sampler, SamplingResult
from opentelemetry.trace import (
    Link,
    NonRecordingSpan,
    SpanContext,
    SpanKind,
    TraceFlags,
    get_current_span,
    set_span_in_context,
)
from opentelemetry.trace.span import TraceState
from opentelemetry.util.types import Attributes

from lib.ports.queueing.item import Item

NOBODY: Final = Context()
"""A context without a parent: None would mean the current context."""

_TRACEPARENT: Final = re.compile("00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})")


def written(context: SpanContext) -> str:
    """Return a W3C traceparent."""
    return f"00-{context.trace_id:032x}-{context.span_id:016x}-{context.trace_flags:02x}"


def read(traceparent: str | None) -> SpanContext | None:
    """Read a W3C traceparent; return None for another text."""
    match = _TRACEPARENT.fullmatch(traceparent or "")
    if match is None:
        return None
    trace_id, span_id, flags = (int(part, 16) for part in match.groups())
    context = SpanContext(trace_id, span_id, is_remote=True, trace_flags=TraceFlags(flags))
    return context if context.is_valid else None


def host_context() -> Context:
    """Return the context of the Functions host's span of this run, if the host gives one."""
    host = _host()
    return NOBODY if host is None else _below(host)


def caller_of(headers: Mapping[str, str]) -> Sequence[Link]:
    """Return a link to the caller's trace.

    The run is no child of that trace: a caller could put its calls into the trace of another
    caller.
    """
    caller = read(headers.get("traceparent"))
    return () if caller is None else (Link(caller),)


def queued_by(item: Item | None, *, late: bool) -> tuple[Context, Sequence[Link]]:
    """Return a queue run's parent and links: the item's producer, and the host's span.

    An item that was put back or replayed may run seven days later, and many times. No backend shows
    such a trace whole. So each late run is a trace of its own, with a link to the producer.
    """
    producer = read(item.traceparent) if item else None
    host = _host()
    if producer is None:
        return host_context(), ()
    if late or (item and item.attempt):
        return host_context(), (Link(producer),)
    return _below(producer), () if host is None else (Link(host),)


def _host() -> SpanContext | None:
    """Return the host's span without its state, which may come from a caller."""
    host = get_current_span().get_span_context()
    if not host.is_valid:
        return None
    return SpanContext(host.trace_id, host.span_id, is_remote=True, trace_flags=host.trace_flags)


def _below(parent: SpanContext) -> Context:
    return set_span_in_context(NonRecordingSpan(parent), NOBODY)


class OwnSampler(Sampler):
    """A sampler that decides as `inner` does, without the flag of a remote parent.

    The flag of the host's span may come from a caller. A caller must not be able to add a trace,
    which costs money, or to suppress a trace. A ratio of trace ids still keeps a trace whole.
    """

    def __init__(self, inner: Sampler) -> None:
        self._inner = inner

    @override
    def should_sample(
        self,
        parent_context: Context | None,
        trace_id: int,
        name: str,
        kind: SpanKind | None = None,
        attributes: Attributes = None,
        links: Sequence[Link] | None = None,
        trace_state: TraceState | None = None,
    ) -> SamplingResult:
        if get_current_span(parent_context).get_span_context().is_remote:
            parent_context = NOBODY
        return self._inner.should_sample(
            parent_context, trace_id, name, kind, attributes, links, trace_state
        )

    @override
    def get_description(self) -> str:
        return f"OwnSampler{{{self._inner.get_description()}}}"
