"""`make emulators`: the emulators are filled and listed, and end with the command."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from infra.local.emulators.processes import Emulators
from infra.local.sandbox.seed import SERVICE_ID
from infra.local.settings.settings_file import EXAMPLE_FILE_NAME
from tests.host.host_process import ROOT, wait_for

VALUES = json.loads((ROOT / EXAMPLE_FILE_NAME).read_text())["Values"]

COMMAND = [sys.executable, "-m", "infra.local.emulators", "--free-ports"]


@contextmanager
def running(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """Run the command as a shell's background job, which ignores Ctrl-C from the start."""
    environment = {
        **os.environ,
        **VALUES,
        "DATA_FOLDER": str(folder),
        "CITIZEN_TOKEN_JWKS": str(folder / "citizen-jwks.json"),
    }
    process = subprocess.Popen(
        ["sh", "-c", 'trap "" INT; exec "$@"', "sh", *COMMAND],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def told(process: subprocess.Popen[str]) -> dict[str, str]:
    """Return the settings that the command prints."""
    text = ""
    assert process.stdout
    for line in process.stdout:
        text += line
        if line.startswith("Stop them"):
            break
    settings: dict[str, str] = json.loads(text[text.index("{") : text.rindex("}") + 1])
    return settings


def answers(address: str) -> bool:
    """Tell whether a socket listens on the port."""
    try:
        requests.get(address, timeout=60)
    except requests.ConnectionError:
        return False
    return True


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_emulators_end_with_their_command(
    tmp_path: Path, number: signal.Signals, emulators: Emulators
) -> None:
    """After a stop or a kill no emulator listens; after a stop the exit code is 0."""
    with running(tmp_path) as process:
        settings = told(process)
        addresses = re.findall(r"http://127\.0\.0\.1:\d+", str(settings))
        assert len(addresses) == 4
        service = f"{settings['COSMOS_ENDPOINT']}/dbs/recapito/colls/services/docs/{SERVICE_ID}"
        headers = {"x-ms-documentdb-partitionkey": json.dumps([SERVICE_ID])}
        assert requests.get(service, headers=headers, timeout=60).json()["id"] == SERVICE_ID
        assert (tmp_path / "citizen-jwks.json").is_file()

        process.send_signal(number)

        assert process.wait(60) == (-9 if number is signal.SIGKILL else 0)
        wait_for(lambda: not any(map(answers, addresses)))
