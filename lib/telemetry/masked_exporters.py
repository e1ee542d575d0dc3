"""Exporters that mask fiscal codes before another exporter gets the telemetry."""

import copy
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from typing import Any, override

from opentelemetry.sdk._logs import ReadableLogRecord
from opentelemetry.sdk._logs.export import LogRecordExporter, LogRecordExportResult
from opentelemetry.sdk.metrics.export import (
    AggregationTemporality,
    MetricExporter,
    MetricExportResult,
    MetricsData,
)
from opentelemetry.sdk.trace import Event, ReadableSpan
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult
from opentelemetry.trace import Link, Status

from lib.telemetry.masking import mask, masked


class MaskedSpans(SpanExporter):
    """An exporter of spans that passes masked spans to `inner`."""

    def __init__(self, inner: SpanExporter) -> None:
        self._inner = inner

    @override
    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        return self._inner.export([_span(span) for span in spans])

    @override
    def shutdown(self) -> None:
        self._inner.shutdown()

    @override
    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        return self._inner.force_flush(timeout_millis)


class MaskedLogs(LogRecordExporter):
    """An exporter of log records that passes masked records to `inner`."""

    def __init__(self, inner: LogRecordExporter) -> None:
        self._inner = inner

    @override
    def export(self, batch: Sequence[ReadableLogRecord]) -> LogRecordExportResult:
        return self._inner.export([_record(record) for record in batch])

    @override
    def shutdown(self) -> None:
        self._inner.shutdown()  # type: ignore[no-untyped-call]

    @override
    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        return self._inner.force_flush(timeout_millis)


class MaskedMetrics(MetricExporter):
    """An exporter of metrics that passes masked metrics to `inner`.

    `temporality`: by kind of instrument; None: as `inner` has it.
    """

    def __init__(
        self,
        inner: MetricExporter,
        temporality: Mapping[type, AggregationTemporality] | None = None,
    ) -> None:
        if temporality is None:
            super().__init__(inner._preferred_temporality, inner._preferred_aggregation)  # noqa: SLF001 - as the SDK's own readers take them
        else:
            super().__init__(dict(temporality))
        self._inner = inner

    @override
    def export(
        self, metrics_data: MetricsData, timeout_millis: float = 10_000, **kwargs: Any
    ) -> MetricExportResult:
        return self._inner.export(_points(metrics_data), timeout_millis, **kwargs)

    @override
    def shutdown(self, timeout_millis: float = 30_000, **kwargs: Any) -> None:
        self._inner.shutdown(timeout_millis, **kwargs)

    @override
    def force_flush(self, timeout_millis: float = 10_000) -> bool:
        return self._inner.force_flush(timeout_millis)


def _span(span: ReadableSpan) -> ReadableSpan:
    name, attributes = mask(span.name), masked(span.attributes)
    events = [(mask(event.name), masked(event.attributes), event) for event in span.events]
    links = [(masked(link.attributes), link) for link in span.links]
    description = masked(span.status.description)
    if (
        name == span.name
        and attributes is span.attributes
        and description == span.status.description
        and all(text == event.name and safe is event.attributes for text, safe, event in events)
        and all(safe is link.attributes for safe, link in links)
    ):
        return span
    return ReadableSpan(
        name=name,
        context=span.context,
        parent=span.parent,
        resource=span.resource,
        attributes=attributes,
        events=[Event(text, safe, event.timestamp) for text, safe, event in events],
        links=[Link(link.context, safe) for safe, link in links],
        kind=span.kind,
        instrumentation_scope=span.instrumentation_scope,
        status=Status(span.status.status_code, description),
        start_time=span.start_time,
        end_time=span.end_time,
    )


def _record(readable: ReadableLogRecord) -> ReadableLogRecord:
    record = readable.log_record
    body, attributes, name = (
        masked(record.body),
        masked(record.attributes),
        masked(record.event_name),
    )
    if (body, name) == (record.body, record.event_name) and attributes is record.attributes:
        return readable
    safe = copy.copy(record)
    safe.body, safe.attributes, safe.event_name = body, attributes, name
    return replace(readable, log_record=safe)


def _points(node: Any) -> Any:
    """Mask the attributes of all data points below a node."""
    if isinstance(node, Sequence) and not isinstance(node, str):
        return [_points(child) for child in node]
    if not is_dataclass(node) or isinstance(node, type):
        return node
    changed = (
        {"attributes": masked(node.attributes)}
        if hasattr(node, "attributes")
        else {
            field.name: _points(getattr(node, field.name))
            for field in fields(node)
            if field.name in {"resource_metrics", "scope_metrics", "metrics", "data", "data_points"}
        }
    )
    return replace(node, **changed)
