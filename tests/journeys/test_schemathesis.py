"""Schemathesis tests the document of each audience with all its checks, the same in each run.

It makes the boundary cases of each parameter and field, and random requests from a fixed seed.
`make test-full` makes more random requests.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from functions.http.openapi.audiences import Audience
from infra.local.sandbox.seed import MANAGE_KEY, OPERATOR_KEY, SENDER_KEY
from tests.host.host_process import ROOT
from tests.journeys.support import Journeys

KEY_HEADER = "Ocp-Apim-Subscription-Key"
RUNS = [
    (Audience.SENDERS, SENDER_KEY),
    (Audience.SENDERS, MANAGE_KEY),
    (Audience.OPERATIONS, OPERATOR_KEY),
    (Audience.CITIZENS, ""),
]


@pytest.mark.slow
@pytest.mark.parametrize("journeys", ["embedded"], indirect=True)
@pytest.mark.parametrize(("audience", "key"), RUNS, ids=lambda one: str(one) or "token")
def test_no_check_of_schemathesis_fails(
    journeys: Journeys, audience: Audience, key: str, tmp_path: Path
) -> None:
    """Each operation of the served document answers as declared, and refuses what is wrong."""
    caller = f"{KEY_HEADER}: {key}" if key else f"Authorization: Bearer {journeys.token()}"
    document = f"{journeys.base}/openapi.json?audience={audience}"
    examples = 2 * int(os.environ.get("EXAMPLES_SCALE", "1"))
    command = [sys.executable, "-m", "schemathesis.cli"]
    command += ["--config-file", str(ROOT / "tests/journeys/schemathesis.toml"), "run", document]
    command += ["--url", journeys.base, "--header", caller, "--checks", "all"]
    command += ["--phases", "examples,coverage,fuzzing", "--max-examples", str(examples)]
    command += ["--generation-deterministic", "--continue-on-failure", "--no-color"]
    command += ["--suppress-health-check", "all", "--warnings", "off"]

    done = subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=280, cwd=tmp_path
    )

    failures = done.stdout.partition("= FAILURES =")[2] or done.stdout + done.stderr
    assert done.returncode == 0, failures[:20_000]
    selected = re.search(r"Selected: (\d+)/\1\b", done.stdout)
    assert selected, "not every operation was tested"
