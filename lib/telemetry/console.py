"""Telemetry for a person at a terminal: one line each, on stderr."""

import sys
import time
from collections.abc import Mapping, Sequence
from typing import Any, override

from opentelemetry.sdk._logs import ReadableLogRecord
from opentelemetry.sdk._logs.export import LogRecordExporter, LogRecordExportResult
from opentelemetry.sdk.metrics.export import (
    HistogramDataPoint,
    MetricExporter,
    MetricExportResult,
    MetricsData,
)
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult


def _line(nanoseconds: int | None, kind: str, text: str, pairs: Mapping[str, Any]) -> str:
    seconds = (nanoseconds or 0) / 1e9
    stamp = f"{time.strftime('%H:%M:%S', time.localtime(seconds))}.{int(seconds % 1 * 1000):03d}"
    told = " ".join(f"{name}={value}" for name, value in pairs.items())
    return f"{stamp} {kind} {text} {told}".rstrip().replace("\n", "\\n") + "\n"


def _write(lines: Sequence[str]) -> None:
    """Write at once, so that the lines of several processes do not mix."""
    sys.stderr.write("".join(lines))
    sys.stderr.flush()


class ConsoleSpans(SpanExporter):
    """Name, duration, trace, and the attributes."""

    @override
    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        _write([self._told(span) for span in spans])
        return SpanExportResult.SUCCESS

    @staticmethod
    def _told(span: ReadableSpan) -> str:
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


class ConsoleLogs(LogRecordExporter):
    """Text, fields, trace."""

    @override
    def export(self, batch: Sequence[ReadableLogRecord]) -> LogRecordExportResult:
        _write([self._told(one) for one in batch])
        return LogRecordExportResult.SUCCESS

    @staticmethod
    def _told(readable: ReadableLogRecord) -> str:
        record = readable.log_record
        pairs: dict[str, Any] = dict(record.attributes or {})
        if record.trace_id:
            pairs["trace"] = f"{record.trace_id:032x}"
        return _line(record.timestamp, str(record.severity_text).lower(), str(record.body), pairs)

    @override
    def shutdown(self) -> None:
        """Nothing is held back."""

    @override
    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        return True


class ConsoleMetrics(MetricExporter):
    """One line for each series, its value since the start."""

    @override
    def export(
        self, metrics_data: MetricsData, timeout_millis: float = 10_000, **kwargs: Any
    ) -> MetricExportResult:
        _write(
            [
                self._told(metric.name, point)
                for resource in metrics_data.resource_metrics
                for scope in resource.scope_metrics
                for metric in scope.metrics
                for point in metric.data.data_points
            ]
        )
        return MetricExportResult.SUCCESS

    @staticmethod
    def _told(name: str, point: Any) -> str:
        if isinstance(point, HistogramDataPoint):
            value = f"{point.count} of {point.sum / point.count:.6f} s on average"
        else:
            value = f"{point.value:g}"
        return _line(point.time_unix_nano, "metric", f"{name} {value}", point.attributes or {})

    @override
    def shutdown(self, timeout_millis: float = 30_000, **kwargs: Any) -> None:
        """Nothing is held back."""

    @override
    def force_flush(self, timeout_millis: float = 10_000) -> bool:
        return True
