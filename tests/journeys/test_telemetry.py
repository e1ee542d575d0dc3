"""Telemetry that leaves the app has messages, and names no person."""

import asyncio
import base64
import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, unquote

import pytest

from infra.local.sandbox.seed import CITIZEN, LIMITED_KEY, OPERATOR_KEY
from infra.local.settings.settings_file import EXAMPLE_FILE_NAME
from lib.adapters.embedded.clock import SystemClock
from lib.adapters.embedded.sqlite.queue import SQLiteQueue
from lib.composition.stacks import QUEUE_FILE
from lib.domain.shared.identifiers import FISCAL_CODE_PATTERN
from lib.ports.queue import POISON_SUFFIX
from lib.ports.queueing.names import MESSAGE_SUBMITTED
from tests.builders.messages import a_message
from tests.doubles.telemetry import IN_AZURE
from tests.host.host_process import ROOT, HostProcess, wait_for
from tests.journeys.collector import Collector, collecting
from tests.journeys.support import (
    INBOX,
    SEEDED_CITIZENS,
    SEEDED_KEYS,
    SUBMIT,
    Journeys,
    assert_private,
)

CODE = re.compile(
    f"(?<![0-9a-z])(?:{FISCAL_CODE_PATTERN[1:-1]})(?![0-9a-z])", re.ASCII | re.IGNORECASE
)
LETTERS = f"/api/operations/v1/dead-letters/{MESSAGE_SUBMITTED}"
NOBODY = "NOPROF00A00A000A"
SPANS = {"submit_message", "fan_out_message", "push", "fan_out_message_poison"}
EVENTS = {"message ACCEPTED", "message PROCESSED", "message REJECTED", "dead letter kept"}
METRICS = {"recapito.messages", "recapito.requests", "recapito.queue_wait"}


@pytest.fixture
def collector() -> Iterator[Collector]:
    """Yield a collector of this machine."""
    with collecting() as collector:
        yield collector


def environment(mode: str, collector: Collector) -> dict[str, str]:
    """Return the settings for the mode, and those that keep its exporters on this machine."""
    key = "00000000-0000-0000-0000-000000000000"
    return {
        "TELEMETRY": mode,
        **IN_AZURE,
        "OTEL_EXPORTER_OTLP_ENDPOINT": collector.address,
        "APPLICATIONINSIGHTS_CONNECTION_STRING": (
            f"InstrumentationKey={key};IngestionEndpoint={collector.address}"
        ),
    }


def play(journeys: Journeys) -> None:
    """Send fiscal codes and keys to every place from which they could leak."""
    headers = {
        "traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "tracestate": f"pa={CITIZEN.lower()}",
        "baggage": f"citizen={CITIZEN}",
        "user-agent": f"pa/{CITIZEN}",
        "idempotency-key": CITIZEN,
    }
    sent = journeys.as_sender("POST", SUBMIT, json=a_message(), headers=headers)
    assert sent.status_code == 201
    id_ = sent.json()["id"]
    assert journeys.settled(id_)["status"] == "PROCESSED"
    journeys.push(id_)
    token = journeys.token()
    journeys.as_citizen("GET", token=token, params={"maximum_id": id_, "x": CITIZEN})
    journeys.as_citizen("GET", f"{INBOX}/{id_}", token=token)
    journeys.as_citizen("GET", f"{INBOX}/{CITIZEN}", token=token)
    journeys.as_citizen("GET", token=f"{token}x")
    journeys.as_citizen(
        "PUT",
        f"{INBOX}/{id_}/status",
        token=token,
        json={"change_type": "reading", "is_read": True},
    )
    rejected = journeys.submit(fiscal_code=NOBODY)
    assert journeys.settled(rejected, NOBODY)["status"] == "REJECTED"
    to = f"{SUBMIT}/RSSMRA80A01H501U"
    journeys.as_sender("POST", to, json=a_message(fiscal_code=None))
    journeys.as_sender("POST", to, json=a_message(fiscal_code=CITIZEN))
    journeys.as_sender("POST", to, key=LIMITED_KEY, json=a_message(fiscal_code=None))
    journeys.as_sender("POST", SUBMIT, json={"fiscal_code": CITIZEN.lower(), CITIZEN: 1})
    journeys.as_sender("GET", f"{SUBMIT}/{CITIZEN}/{rejected}")
    journeys.call("POST", SUBMIT, json=a_message())
    asyncio.run(poison(journeys.host.folder, json.dumps({"fiscal_code": CITIZEN})))
    letters = wait_for(
        lambda: journeys.as_sender("GET", LETTERS, key=OPERATOR_KEY).json()["items"], 10
    )
    replay = f"{LETTERS}/{letters[0]['id']}/replay"
    assert journeys.as_sender("POST", replay, key=OPERATOR_KEY).status_code == 202
    # the replayed item fails at once and is shown again in ten seconds: not waited for
    wait_for(lambda: "fan_out_message raised" in journeys.host.output)


async def poison(folder: Path, text: str) -> None:
    """Put an item that no consumer can read into a poison queue."""
    queue = SQLiteQueue(folder / QUEUE_FILE, SystemClock())
    await queue.put(MESSAGE_SUBMITTED + POISON_SUFFIX, text)
    await queue.close()


def forms(secret: str) -> set[str]:
    """Return the spellings of a secret."""
    encoded = base64.b64encode(secret.encode()).decode().rstrip("=")
    each = "".join(f"%{ord(one):02X}" for one in secret)
    return {secret, secret.lower(), quote(secret, safe=""), each, encoded}


@pytest.mark.slow
@pytest.mark.parametrize("mode", ["console", "otlp", "azure"])
def test_telemetry_has_no_person_and_no_key(
    tmp_path: Path, collector: Collector, mode: str
) -> None:
    """No spelling of a fiscal code or key is printed, sent, or the name of a file."""
    values = json.loads((ROOT / EXAMPLE_FILE_NAME).read_text())["Values"]
    settings = {**values, **environment(mode, collector)}
    with HostProcess(tmp_path, "--workers", "2", app=ROOT, **settings) as host:
        journeys = Journeys(host)
        play(journeys)
        journeys.session.close()
    assert host.process.returncode == 0, host.output
    assert_private(host)

    # the exporters have nothing to complain of
    assert "opentelemetry" not in host.output
    if mode == "console":
        assert collector.texts == []
        told = host.output
        assert all(name in told for name in {*SPANS, *EVENTS, *METRICS})
    else:
        # Application Insights names a request after its route
        spans = SPANS - {"submit_message"} | {"POST /api/v1/messages"} if mode == "azure" else SPANS
        assert collector.names >= spans | EVENTS | METRICS, collector.names
        told = "\n".join([host.output, *collector.texts])
    for text in (told, unquote(told)):
        found = {
            secret
            for secret in (*SEEDED_CITIZENS, *SEEDED_KEYS)
            if any(form in text for form in forms(secret))
        }
        assert not found
        assert not CODE.findall(text)
