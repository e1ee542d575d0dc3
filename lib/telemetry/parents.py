"""Where a run's trace comes from: the host, an item's producer, a caller; and who is sampled."""

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

from lib.ports.queueing.items import Item

NOBODY: Final = Context()
"""No parent: an empty context, where None would stand for the current one."""

_TRACEPARENT: Final = re.compile("00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})")


def written(context: SpanContext) -> str:
    """Write a W3C traceparent."""
    return f"00-{context.trace_id:032x}-{context.span_id:016x}-{context.trace_flags:02x}"


def read(traceparent: str | None) -> SpanContext | None:
    """Read a W3C traceparent; None where it is none."""
    match = _TRACEPARENT.fullmatch(traceparent or "")
    if match is None:
        return None
    trace_id, span_id, flags = (int(part, 16) for part in match.groups())
    context = SpanContext(trace_id, span_id, is_remote=True, trace_flags=TraceFlags(flags))
    return context if context.is_valid else None


def host_context() -> Context:
    """Return the parent that the Functions host gives, where it does: its own span of this run."""
    host = _host()
    return NOBODY if host is None else _below(host)


def caller_of(headers: Mapping[str, str]) -> Sequence[Link]:
    """Link the trace that the caller says it is in.

    Never its child: whoever calls could put all its calls into one trace, or into another's.
    """
    caller = read(headers.get("traceparent"))
    return () if caller is None else (Link(caller),)


def queued_by(item: Item | None, *, late: bool) -> tuple[Context, Sequence[Link]]:
    """Return a queue run's parent and links: the item's producer, and the host's own span.

    An item that was put back or buried comes up to seven days later, and again and again. No
    backend shows such a trace whole: its runs are traces of their own, linked to the producer's.
    """
    producer = read(item.traceparent) if item else None
    host = _host()
    if producer is None:
        return host_context(), ()
    if late or (item and item.attempt):
        return host_context(), (Link(producer),)
    return _below(producer), () if host is None else (Link(host),)


def _host() -> SpanContext | None:
    """Return the span the worker was given, without the state: that may come from a caller."""
    host = get_current_span().get_span_context()
    if not host.is_valid:
        return None
    return SpanContext(host.trace_id, host.span_id, is_remote=True, trace_flags=host.trace_flags)


def _below(parent: SpanContext) -> Context:
    return set_span_in_context(NonRecordingSpan(parent), NOBODY)


class OwnSampler(Sampler):
    """Decides as `inner` does, deaf to what a remote parent's flag says.

    The host's span may have its flag from whoever called: neither may callers make us pay for
    their traces, nor keep theirs out. A ratio of trace ids keeps a trace whole all the same.
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
