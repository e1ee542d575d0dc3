"""Schemathesis tests the operations of each audience with all its checks, the same in each run.

It makes the boundary cases of each parameter and field. `make test-full` makes random requests
too, and each caller sends all of them; test_fuzzed_requests.py has random bytes for `make test`.
"""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from functions.http.openapi.audiences import Audience
from infra.local.sandbox.seed import MANAGE_KEY, OPERATOR_KEY, SENDER_KEY
from tests.host.host_process import ROOT
from tests.journeys.support import SCALE, Journeys
from tests.openapi import checked_in

KEY_HEADER = "Ocp-Apim-Subscription-Key"
PHASES = "examples,coverage,fuzzing" if SCALE > 1 else "examples,coverage"
RUNS = [
    (Audience.SENDERS, SENDER_KEY, "SenderKey"),
    (Audience.SENDERS, MANAGE_KEY, "ManageKey"),
    (Audience.OPERATIONS, OPERATOR_KEY, "OperatorKey"),
    (Audience.CITIZENS, "", "CitizenToken"),
]


@pytest.mark.slow
@pytest.mark.parametrize("journeys", ["embedded"], indirect=True)
@pytest.mark.parametrize(("audience", "key", "scheme"), RUNS, ids=lambda one: str(one) or "token")
def test_no_check_of_schemathesis_fails(
    journeys: Journeys, audience: Audience, key: str, scheme: str, tmp_path: Path
) -> None:
    """Each operation of the served document answers as declared, and refuses what is wrong.

    An operation that refuses the caller whatever it sends gets its examples alone; another caller
    has the right to it, and sends the rest.
    """
    caller = f"{KEY_HEADER}: {key}" if key else f"Authorization: Bearer {journeys.token()}"
    operations = _operations(journeys, audience)
    refusing = {name for name, schemes in operations.items() if schemes and scheme not in schemes}
    if SCALE > 1:
        refusing = set()
    # the whole document, since a path may have methods of two audiences
    run = [f"{journeys.base}/openapi.json", "--url", journeys.base]
    declared = len(_operations(journeys, None))
    run += ["--header", caller]

    _check(run, PHASES, set(operations) - refusing, declared, tmp_path)
    if refusing:
        _check(run, "examples", refusing, declared, tmp_path)


def test_each_operation_has_a_caller_with_the_right_to_it() -> None:
    """The runs above have a caller for each scheme of a credential that a document declares."""
    for audience in Audience:
        served = {scheme for run, _, scheme in RUNS if run is audience}
        for name, schemes in _schemes(checked_in(audience)).items():
            assert not schemes or schemes & served, name


def _operations(journeys: Journeys, audience: Audience | None) -> dict[str, set[str]]:
    asked = {"audience": str(audience)} if audience else {}
    answer = journeys.call("GET", "/openapi.json", params=asked)
    operations = _schemes(answer.json())
    # schemathesis reads the document at this operation's path, and leaves the operation out
    operations.pop("read_openapi", None)
    return operations


def _schemes(document: dict[str, Any]) -> dict[str, set[str]]:
    """Return the schemes of each operation's credentials; none for a public operation."""
    return {
        operation["operationId"]: {name for one in operation["security"] for name in one}
        for operations in document["paths"].values()
        for method, operation in operations.items()
        if method != "parameters"
    }


def _check(run: list[str], phases: str, names: set[str], declared: int, folder: Path) -> None:
    """Run schemathesis on the named operations; fail for a failure, or for another number."""
    command = [sys.executable, "-m", "schemathesis.cli"]
    command += ["--config-file", str(ROOT / "tests/journeys/schemathesis.toml"), "run", *run]
    command += ["--checks", "all", "--phases", phases, "--max-examples", str(2 * SCALE)]
    command += ["--generation-deterministic", "--continue-on-failure", "--no-color"]
    command += ["--suppress-health-check", "all", "--warnings", "off"]
    command += [word for name in sorted(names) for word in ("--include-operation-id", name)]

    hooks = {"PYTHONPATH": str(ROOT), "SCHEMATHESIS_HOOKS": "tests.journeys.schemathesis_hooks"}
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        timeout=280,
        cwd=folder,
        env={**os.environ, **hooks},
    )

    failures = done.stdout.partition("= FAILURES =")[2] or done.stdout + done.stderr
    assert done.returncode == 0, failures[:20_000]
    selected = re.search(r"Selected: (\d+)/(\d+)\b", done.stdout)
    assert selected, "the number of tested operations was not printed"
    assert selected.groups() == (str(len(names)), str(declared)), "not every operation was tested"
