"""Write telemetry for a person at a terminal: one line per span, log record or series."""

import sys
import time
from collections.abc import Mapping
from typing import Any

from opentelemetry.sdk._logs import ReadableLogRecord
from opentelemetry.sdk._logs.export import ConsoleLogRecordExporter
from opentelemetry.sdk.metrics.export import (
    ConsoleMetricExporter,
    HistogramDataPoint,
    MetricsData,
)
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import ConsoleSpanExporter


def console_spans() -> ConsoleSpanExporter:
    """Return an exporter that writes spans to stderr."""
    return ConsoleSpanExporter(out=sys.stderr, formatter=_span)


def console_logs() -> ConsoleLogRecordExporter:
    """Return an exporter that writes log records to stderr."""
    return ConsoleLogRecordExporter(out=sys.stderr, formatter=_record)


def console_metrics() -> ConsoleMetricExporter:
    """Return an exporter that writes the value of each series since the start to stderr."""
    return ConsoleMetricExporter(out=sys.stderr, formatter=_metrics)


def _line(nanoseconds: int | None, kind: str, text: str, pairs: Mapping[str, Any]) -> str:
    seconds = (nanoseconds or 0) / 1e9
    stamp = f"{time.strftime('%H:%M:%S', time.localtime(seconds))}.{int(seconds % 1 * 1000):03d}"
    named = " ".join(f"{name}={value}" for name, value in pairs.items())
    return f"{stamp} {kind} {text} {named}".rstrip().replace("\n", "\\n") + "\n"


def _span(span: ReadableSpan) -> str:
    milliseconds = ((span.end_time or 0) - (span.start_time or 0)) / 1e6
    pairs: dict[str, Any] = {}
    if span.context:
        pairs |= {
            "trace": f"{span.context.trace_id:032x}",
            "span": f"{span.context.span_id:016x}",
        }
    if span.parent:
        pairs["parent"] = f"{span.parent.span_id:016x}"
    for link in span.links:
        pairs["link"] = f"{link.context.trace_id:032x}"
    pairs |= span.attributes or {}
    for event in span.events:
        pairs |= event.attributes or {}
    return _line(span.end_time, "span", f"{span.name} {milliseconds:.1f} ms", pairs)


def _record(readable: ReadableLogRecord) -> str:
    record = readable.log_record
    pairs: dict[str, Any] = dict(record.attributes or {})
    if record.trace_id:
        pairs["trace"] = f"{record.trace_id:032x}"
    return _line(record.timestamp, str(record.severity_text).lower(), str(record.body), pairs)


def _metrics(data: MetricsData) -> str:
    return "".join(
        _point(metric.name, point)
        for resource in data.resource_metrics
        for scope in resource.scope_metrics
        for metric in scope.metrics
        for point in metric.data.data_points
    )


def _point(name: str, point: Any) -> str:
    if isinstance(point, HistogramDataPoint):
        value = f"{point.count} of {point.sum / point.count:.6f} s on average"
    else:
        value = f"{point.value:g}"
    return _line(point.time_unix_nano, "metric", f"{name} {value}", point.attributes or {})
