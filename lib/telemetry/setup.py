"""Build the telemetry that TELEMETRY names. The module imports the SDK, and is imported late."""

import logging
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Final, NamedTuple
from uuid import uuid4

from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import (
    BatchLogRecordProcessor,
    LogRecordExporter,
    SimpleLogRecordProcessor,
)
from opentelemetry.sdk.metrics import (
    AlwaysOffExemplarFilter,
    Counter,
    Histogram,
    MeterProvider,
)
from opentelemetry.sdk.metrics.export import (
    AggregationTemporality,
    MetricExporter,
    MetricReader,
    PeriodicExportingMetricReader,
)
from opentelemetry.sdk.resources import SERVICE_INSTANCE_ID, SERVICE_NAME, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SimpleSpanProcessor, SpanExporter
from opentelemetry.sdk.trace.sampling import DEFAULT_ON, ParentBasedTraceIdRatio, Sampler

from lib.composition.late import late
from lib.composition.settings import Settings
from lib.domain.shared.pseudonym import Pseudonyms
from lib.telemetry.console import console_logs, console_metrics, console_spans
from lib.telemetry.masked_exporters import MaskedLogs, MaskedMetrics, MaskedSpans
from lib.telemetry.parents import OwnSampler
from lib.telemetry.recording import Recording

AZURE_TEMPORALITY: Final[Mapping[type, AggregationTemporality]] = {
    Counter: AggregationTemporality.DELTA,
    Histogram: AggregationTemporality.DELTA,
}
"""The temporality of Application Insights, for the app's kinds of instruments."""


class Exporters(NamedTuple):
    """The exporters of the three kinds of telemetry."""

    spans: SpanExporter
    metrics: MetricExporter
    logs: LogRecordExporter
    temporality: Mapping[type, AggregationTemporality] | None = None
    """By kind of instrument; None: as the exporter of metrics says, which loads it."""


def open_telemetry(settings: Settings) -> Recording:
    """Start the telemetry that TELEMETRY names (not `off`)."""
    pseudonyms = Pseudonyms(settings.pseudonym_secret.get_secret_value().encode())
    sampler = ParentBasedTraceIdRatio(settings.traces_ratio)
    match settings.telemetry:
        case "azure":
            exporters = _azure(settings)
        case "otlp":
            exporters = _otlp()
        case _:
            return recording(_console(), pseudonyms, sampler, at_once=True)
    return recording(exporters, pseudonyms, sampler)


def recording(
    exporters: Exporters,
    pseudonyms: Pseudonyms,
    sampler: Sampler = DEFAULT_ON,
    *,
    at_once: bool = False,
    reader: Callable[[MetricExporter], MetricReader] = PeriodicExportingMetricReader,
) -> Recording:
    """Start telemetry with masks in front of the exporters.

    `at_once` exports each span and log record as it ends. `sampler` decides which traces are kept,
    see OwnSampler. `reader` makes the reader that exports the metrics.
    """
    # the SDK itself reads OTEL_RESOURCE_ATTRIBUTES and similar variables; OTEL_TRACES_SAMPLER is
    # for the Functions host, which has other samplers than the SDK
    resource = Resource.create({SERVICE_NAME: "recapito", SERVICE_INSTANCE_ID: str(uuid4())})
    spans = TracerProvider(OwnSampler(sampler), resource, shutdown_on_exit=False)
    logs = LoggerProvider(resource, shutdown_on_exit=False)
    masked_spans, masked_logs = MaskedSpans(exporters.spans), MaskedLogs(exporters.logs)
    if at_once:
        spans.add_span_processor(SimpleSpanProcessor(masked_spans))
        logs.add_log_record_processor(SimpleLogRecordProcessor(masked_logs))
    else:
        spans.add_span_processor(BatchSpanProcessor(masked_spans))
        logs.add_log_record_processor(BatchLogRecordProcessor(masked_logs))
    metrics = MeterProvider(
        [reader(MaskedMetrics(exporters.metrics, exporters.temporality))],
        resource,
        shutdown_on_exit=False,
        exemplar_filter=AlwaysOffExemplarFilter(),
    )
    return Recording(spans, metrics, logs, pseudonyms, faults_aloud=not at_once)


def _console() -> Exporters:
    return Exporters(console_spans(), console_metrics(), console_logs())


def _otlp() -> Exporters:
    """Return OTLP exporters, which read OTEL_EXPORTER_OTLP_ENDPOINT and similar variables."""
    from opentelemetry.exporter.otlp.proto.http._log_exporter import (
        OTLPLogExporter,
    )
    from opentelemetry.exporter.otlp.proto.http.metric_exporter import (
        OTLPMetricExporter,
    )
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import (
        OTLPSpanExporter,
    )

    return Exporters(OTLPSpanExporter(), OTLPMetricExporter(), OTLPLogExporter())


def _azure(settings: Settings) -> Exporters:
    """Return exporters to Application Insights, with the managed identity if one is set.

    They load in the threads that export, some seconds after the start: a first request does not
    wait for them.
    """

    @cache
    def options() -> dict[str, Any]:
        from azure.identity import ManagedIdentityCredential

        # at INFO the client logs each request with its headers
        policy = logging.getLogger("azure.core.pipeline.policies.http_logging_policy")
        policy.setLevel(logging.WARNING)
        return {
            "connection_string": settings.applicationinsights_connection_string.get_secret_value(),
            "credential": ManagedIdentityCredential(client_id=settings.azure_client_id)
            if settings.azure_client_id
            else None,
            # telemetry that cannot be sent is dropped, and never stored on a disk
            "disable_offline_storage": True,
        }

    def spans() -> SpanExporter:
        from azure.monitor.opentelemetry.exporter import AzureMonitorTraceExporter

        return AzureMonitorTraceExporter(**options())

    def metrics() -> MetricExporter:
        from azure.monitor.opentelemetry.exporter import AzureMonitorMetricExporter

        return AzureMonitorMetricExporter(**options())

    def logs() -> LogRecordExporter:
        from azure.monitor.opentelemetry.exporter import AzureMonitorLogExporter

        return AzureMonitorLogExporter(**options())

    return Exporters(late(spans), late(metrics), late(logs), AZURE_TEMPORALITY)
