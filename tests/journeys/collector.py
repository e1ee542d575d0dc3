"""A collector on this machine, which keeps what OTLP/HTTP and Azure Monitor exporters send."""

import gzip
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import (
    ExportMetricsServiceRequest,
)
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

_KINDS: dict[str, type[Any]] = {
    "/v1/traces": ExportTraceServiceRequest,
    "/v1/metrics": ExportMetricsServiceRequest,
    "/v1/logs": ExportLogsServiceRequest,
}


class Collector:
    """A telemetry collector: `texts` of every message, `names` of spans, series and log bodies."""

    def __init__(self, port: int) -> None:
        self.address = f"http://127.0.0.1:{port}"
        self.texts: list[str] = []
        self.names: set[str] = set()

    def take(self, path: str, headers: str, body: bytes) -> bytes:
        """Keep one request; return the answer's body."""
        self.texts += [path, headers, body.decode("latin-1")]
        if path in _KINDS:
            message = _KINDS[path]()
            message.ParseFromString(body)
            self.texts.append(str(message))
            self._name(message)
            return b""
        items = json.loads(body)
        for item in items:
            data = item["data"]["baseData"]
            series = [metric["name"] for metric in data.get("metrics", ())]
            self.names.update(filter(None, [data.get("name"), data.get("message"), *series]))
        return json.dumps(
            {"itemsReceived": len(items), "itemsAccepted": len(items), "errors": []}
        ).encode()

    def _name(self, message: Any) -> None:
        for resource in getattr(message, "resource_spans", ()):
            for scope in resource.scope_spans:
                self.names.update(span.name for span in scope.spans)
        for resource in getattr(message, "resource_metrics", ()):
            for scope in resource.scope_metrics:
                self.names.update(metric.name for metric in scope.metrics)
        for resource in getattr(message, "resource_logs", ()):
            for scope in resource.scope_logs:
                self.names.update(record.body.string_value for record in scope.log_records)


@contextmanager
def collecting() -> Iterator[Collector]:
    """Serve on a free port while the block runs."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            if self.headers.get("content-encoding") == "gzip":
                body = gzip.decompress(body)
            answer = collector.take(self.path, str(self.headers), body)
            self.send_response(200)
            self.send_header("content-length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            """Print nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        collector = Collector(server.server_port)
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield collector
        finally:
            server.shutdown()
            thread.join()
