"""Telemetry that tests can read: the app's own, with exporters that keep it."""

from collections.abc import Mapping
from typing import Any, override

from opentelemetry.sdk._logs.export import InMemoryLogRecordExporter
from opentelemetry.sdk.metrics.export import (
    MetricExporter,
    MetricExportResult,
    MetricReader,
    MetricsData,
    PeriodicExportingMetricReader,
)
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.sdk.trace.sampling import DEFAULT_ON, Sampler

from infra.local.sandbox.seed import CITIZEN
from lib.domain.shared.pseudonym import Pseudonyms
from lib.telemetry.setup import Exporters, recording
from tests.builders.messages import a_message
from tests.stack import Stack

IN_AZURE = {
    "PYTHON_ENABLE_OPENTELEMETRY": "true",
    "APPLICATIONINSIGHTS_SDKSTATS_DISABLED": "true",
    "APPLICATIONINSIGHTS_STATSBEAT_DISABLED_ALL": "true",
    "APPLICATIONINSIGHTS_CONTROLPLANE_DISABLED": "true",
    "APPLICATIONINSIGHTS_OPENTELEMETRY_RESOURCE_METRIC_DISABLED": "true",
}
"""Settings that telemetry is tested with, and that infra/azure gives the app (decision 0009)."""

PSEUDONYMS = Pseudonyms(b"sandbox-pseudonym-secret")


class KeptMetrics(MetricExporter):
    """An exporter that keeps the last export, with values since the start."""

    def __init__(self) -> None:
        super().__init__()
        self.last: MetricsData | None = None

    @override
    def export(
        self, metrics_data: MetricsData, timeout_millis: float = 10_000, **kwargs: Any
    ) -> MetricExportResult:
        self.last = metrics_data
        return MetricExportResult.SUCCESS

    @override
    def shutdown(self, timeout_millis: float = 30_000, **kwargs: Any) -> None:
        """Keep the last export."""

    @override
    def force_flush(self, timeout_millis: float = 10_000) -> bool:
        return True


class Kept:
    """The spans, log records and metrics that `telemetry` exported."""

    def __init__(self, sampler: Sampler = DEFAULT_ON) -> None:
        self._spans = InMemorySpanExporter()
        self._logs = InMemoryLogRecordExporter()  # type: ignore[no-untyped-call]
        self._metrics = KeptMetrics()
        exporters = Exporters(self._spans, self._metrics, self._logs)
        self.telemetry = recording(
            exporters, PSEUDONYMS, sampler, at_once=True, reader=self._open_reader
        )

    def _open_reader(self, exporter: MetricExporter) -> MetricReader:
        self._reader = PeriodicExportingMetricReader(exporter)
        return self._reader

    @property
    def spans(self) -> list[ReadableSpan]:
        """The ended spans, in order."""
        return list(self._spans.get_finished_spans())

    def span(self, name: str) -> ReadableSpan:
        """Return the one ended span of the name."""
        (span,) = (span for span in self.spans if span.name == name)
        return span

    @property
    def logs(self) -> list[tuple[str, Mapping[str, Any]]]:
        """Bodies and attributes of the log records, in order."""
        return [
            (str(one.log_record.body), dict(one.log_record.attributes or {}))
            for one in self._logs.get_finished_logs()
        ]

    def metric(self, name: str) -> dict[tuple[str, ...], Any]:
        """Return a metric's values, or count and sum, by the values of its attributes."""
        self._reader.force_flush()
        assert self._metrics.last is not None
        points: list[Any] = [
            point
            for resource in self._metrics.last.resource_metrics
            for scope in resource.scope_metrics
            for metric in scope.metrics
            for point in metric.data.data_points
            if metric.name == name
        ]
        return {
            tuple(str(value) for _, value in sorted(point.attributes.items())): (
                (point.count, round(point.sum, 3)) if hasattr(point, "sum") else point.value
            )
            for point in points
        }


async def crashing(stack: Stack) -> Any:
    """Submit to a use case that fails with personal data in its error."""

    async def crash(*_: object, **__: object) -> None:
        raise ValueError(CITIZEN)

    stack.app.messages.submit = crash  # type: ignore[assignment]
    return await stack.call("submit_message", a_message())
