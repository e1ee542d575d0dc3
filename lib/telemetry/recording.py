"""The telemetry for TELEMETRY other than `off`, with its own OpenTelemetry providers.

The providers are not the global providers of the process, so no library writes to them.
"""

import asyncio
import atexit
import threading
import time
from collections.abc import Mapping
from typing import Final, override

from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.trace import SpanKind

from lib.domain.shared.pseudonym import Pseudonyms
from lib.ports.queueing.item import Item
from lib.telemetry import names_of
from lib.telemetry.instruments import HISTOGRAMS, Counts
from lib.telemetry.invocation import Run, Telemetry
from lib.telemetry.logs import TraceHandler
from lib.telemetry.parents import caller_of, host_context, queued_by
from lib.telemetry.running import Instruments, Running, RunningRequest

FLUSH_SECONDS: Final = 2
"""The time for the last export. The local host kills a worker two seconds after its invocations."""

_NAME: Final = "recapito"


class Recording(Telemetry):
    """Telemetry that owns its providers, and the logger `recapito`, until it is closed."""

    def __init__(
        self,
        spans: TracerProvider,
        metrics: MeterProvider,
        logs: LoggerProvider,
        pseudonyms: Pseudonyms,
        *,
        faults_aloud: bool,
    ) -> None:
        self._providers = (spans, logs, metrics)
        meter = metrics.get_meter(_NAME)
        self._instruments = Instruments(
            spans.get_tracer(_NAME),
            Counts(meter),
            {
                name: meter.create_histogram(
                    name, "s", description, explicit_bucket_boundaries_advisory=bounds
                )
                for name, (description, bounds) in HISTOGRAMS.items()
            },
            pseudonyms,
        )
        self._handler = TraceHandler(logs.get_logger(_NAME), aloud=faults_aloud)
        self._handler.attach()
        # in Azure no code closes the app: the worker just ends
        atexit.register(self._end)

    @override
    def request(self, function: str, method: str, route: str, headers: Mapping[str, str]) -> Run:
        span = self._instruments.tracer.start_span(
            function,
            host_context(),
            SpanKind.SERVER,
            {"http.request.method": method, "http.route": route},
            caller_of(headers),
        )
        return RunningRequest(self._instruments, function, span)

    @override
    def delivery(self, function: str, queue: str, item: Item | None, *, late: bool = False) -> Run:
        parent, links = queued_by(item, late=late)
        attributes: dict[str, str | int] = {
            "messaging.system": "azure_storage_queue",
            "messaging.operation.type": "process",
            "messaging.destination.name": queue,
            **{f"recapito.{name}": value for name, value in names_of(item).items()},
        }
        if item is not None and item.attempt:
            attributes["recapito.attempt"] = item.attempt
        span = self._instruments.tracer.start_span(
            function, parent, SpanKind.CONSUMER, attributes, links
        )
        run = Running(self._instruments, function, span)
        if fiscal_code := getattr(item, "fiscal_code", None):
            run.concerns(fiscal_code)
        return run

    @override
    def tick(self, function: str) -> Run:
        span = self._instruments.tracer.start_span(function, host_context(), SpanKind.INTERNAL)
        return Running(self._instruments, function, span)

    @override
    async def close(self) -> None:
        atexit.unregister(self._end)
        self._handler.detach()
        await asyncio.to_thread(self._end)

    def _end(self) -> None:
        """Send the remaining telemetry, each kind in its own thread.

        So a kind that is stuck does not stop the other kinds. The threads are daemons, and the
        providers have no exit hooks: a collector that does not answer must not hold the process.
        """
        threads = [
            threading.Thread(target=provider.shutdown, name="telemetry-end", daemon=True)
            for provider in self._providers
        ]
        for thread in threads:
            thread.start()
        end = time.monotonic() + FLUSH_SECONDS
        for thread in threads:
            thread.join(max(0, end - time.monotonic()))
