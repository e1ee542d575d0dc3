"""Telemetry goes to a collector, to the console, or nowhere."""

import asyncio
import json
import logging
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import override

import pytest
from opentelemetry.sdk._logs import ReadableLogRecord
from opentelemetry.sdk._logs.export import ConsoleLogRecordExporter, LogRecordExportResult
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.sdk.trace.sampling import ParentBasedTraceIdRatio

from infra.local.sandbox.seed import CITIZEN
from lib.telemetry import recording, setup
from lib.telemetry.setup import Exporters
from tests.doubles.telemetry import PSEUDONYMS, Kept, KeptMetrics, crashing
from tests.host.host_process import ROOT
from tests.stack import Stack

pytestmark = pytest.mark.slow


class Stuck(SpanExporter):
    """A collector that does not answer until `answer` is set."""

    def __init__(self) -> None:
        self.answer = threading.Event()

    @override
    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        self.answer.wait()
        return SpanExportResult.SUCCESS


class MuteLogs(ConsoleLogRecordExporter):
    """An exporter that drops log records."""

    @override
    def export(self, batch: Sequence[ReadableLogRecord]) -> LogRecordExportResult:
        return LogRecordExportResult.SUCCESS


async def test_a_collector_that_does_not_answer_does_not_hold_the_stop(
    stack: Stack, kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The stop waits a limited time for the last batch."""
    monkeypatch.setattr(recording, "FLUSH_SECONDS", 0.05)
    stuck = Stuck()
    stack.app.telemetry = setup.recording(Exporters(stuck, KeptMetrics(), MuteLogs()), PSEUDONYMS)
    await stack.call("read_openapi")

    async with asyncio.timeout(2):
        await stack.app.telemetry.close()

    stuck.answer.set()


def test_a_collector_that_does_not_answer_does_not_hold_the_process() -> None:
    """A process that nobody closes, as in Azure, ends in time."""
    with socket.create_server(("127.0.0.1", 0)) as collector:
        address = f"http://127.0.0.1:{collector.getsockname()[1]}"
        script = (
            "from lib.composition.settings import Settings\n"
            "from lib.telemetry.setup import open_telemetry\n"
            "telemetry = open_telemetry(Settings())\n"
            "with telemetry.request('submit_message', 'POST', '/api/v1/messages', {}) as run:\n"
            "    run.answered(201)\n"
        )
        values = json.loads((ROOT / "local.settings.example.json").read_text())["Values"]
        ended = subprocess.run(
            [sys.executable, "-c", script],
            cwd=ROOT,
            env={
                **os.environ,
                **values,
                "TELEMETRY": "otlp",
                "OTEL_EXPORTER_OTLP_ENDPOINT": address,
            },
            capture_output=True,
            text=True,
            timeout=10,
            check=True,
        )

    assert "shutdown" not in ended.stderr


@pytest.mark.parametrize("argument", [CITIZEN, object()])
async def test_printed_logs_are_masked_and_raise_nothing(
    stack: Stack, capfd: pytest.CaptureFixture[str], argument: object
) -> None:
    """A fiscal code in a log becomes stars; a text that does not format is dropped."""
    telemetry_on = setup.recording(
        Exporters(InMemorySpanExporter(), KeptMetrics(), MuteLogs()), PSEUDONYMS
    )
    logger = logging.getLogger("recapito")
    text = "of %s" if argument is CITIZEN else "of %d"
    logger.error(text, argument, exc_info=ValueError(CITIZEN))
    await telemetry_on.close()

    printed = capfd.readouterr().err
    assert CITIZEN not in printed
    assert ("of ***" in printed) == (argument is CITIZEN)


async def test_faults_are_printed_where_telemetry_goes_elsewhere(
    stack: Stack, kept: Kept, capsys: pytest.CaptureFixture[str]
) -> None:
    """Faults are printed as well, and other events are not."""
    stuck = Stuck()
    stack.app.telemetry = setup.recording(Exporters(stuck, KeptMetrics(), MuteLogs()), PSEUDONYMS)
    await stack.submit()
    reply = await crashing(stack)
    stuck.answer.set()
    await stack.app.telemetry.close()

    (line,) = capsys.readouterr().err.splitlines()
    assert reply.body["trace_id"] in line
    assert CITIZEN not in line


@pytest.mark.parametrize(("ratio", "kept"), [(1.0, 40), (0.5, None), (0.0, 0)])
async def test_the_app_s_share_of_traces_is_its_own(
    monkeypatch: pytest.MonkeyPatch,
    recwarn: pytest.WarningsRecorder,
    ratio: float,
    kept: int | None,
) -> None:
    """TRACES_RATIO sets the share of traces; OTEL_TRACES_SAMPLER is the host's."""
    monkeypatch.setenv("OTEL_TRACES_SAMPLER", "microsoft.fixed_percentage")
    monkeypatch.setenv("OTEL_TRACES_SAMPLER_ARG", "0.1")
    spans = InMemorySpanExporter()
    telemetry_on = setup.recording(
        Exporters(spans, KeptMetrics(), MuteLogs()),
        PSEUDONYMS,
        ParentBasedTraceIdRatio(ratio),
        at_once=True,
    )
    for _ in range(40):
        with telemetry_on.tick("a function"):
            pass
    await telemetry_on.close()

    found = len(spans.get_finished_spans())
    assert found == kept if kept is not None else 0 < found < 40
    assert not recwarn.list


async def test_without_telemetry_no_sdk_is_loaded(tmp_path: Path) -> None:
    """Without telemetry nothing is added to items, and the app works."""
    code = (
        "import asyncio, sys, pathlib\n"
        "from tests.stack import Stack, take\n"
        "async def main():\n"
        f"    stack = await Stack(pathlib.Path({str(tmp_path)!r})).start()\n"
        "    await stack.submit()\n"
        "    (item,) = await take(stack.queue, 'message-submitted')\n"
        "    await stack.deliver()\n"
        "    await stack.app.close()\n"
        "    print([name for name in sys.modules if 'opentelemetry.sdk' in name], item.text)\n"
        "asyncio.run(main())\n"
    )
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", code), cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    out, _ = await process.communicate()

    assert process.returncode == 0
    assert out.startswith(b"[] {")
    assert b"traceparent" not in out
