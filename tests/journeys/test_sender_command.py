"""The senders' command against the real host, and the commands of its README."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from datetime import timedelta
from itertools import islice
from pathlib import Path

import pytest

from infra.local.sandbox.citizens import fiscal_codes
from infra.local.sandbox.seed import SENDER_KEY
from recapito import Recapito
from recapito.models.batches import Text
from tests.host.host_process import wait_for
from tests.journeys.sender_client import (
    LETTER,
    UNKNOWN,
    blocks,
    environment,
    inbox,
    recapito,
    table,
)
from tests.journeys.support import Journeys

pytestmark = [
    pytest.mark.slow,
    # the client meets one API, whatever stores are behind it
    pytest.mark.parametrize("journeys", ["embedded"], indirect=True),
]
WITH_CTRL_C = (
    "import runpy, signal;"
    "signal.signal(signal.SIGINT, signal.default_int_handler);"
    "runpy.run_module('recapito', run_name='__main__', alter_sys=True)"
)
"""The command where Ctrl-C works: a job in the background, and its children, are deaf to it."""


def test_a_list_with_a_wrong_row(journeys: Journeys, tmp_path: Path) -> None:
    """Dry run, refusal, confirmation, files, the same command again, status, recall, reach."""
    citizens = [journeys.new_citizen(), journeys.new_citizen()]
    rows = [(citizens[0], "Mario"), ("RSSMRA80A01H501X", "Maria"), (citizens[1], "Lucia")]
    rows.append((UNKNOWN, "Carlo"))
    lines = ["codice fiscale;nome", *(";".join(row) for row in rows)]
    (tmp_path / "mensa.csv").write_text("\n".join(lines))
    (tmp_path / "mensa.md").write_text(LETTER)
    send = ("send", "mensa.csv", "--template", "mensa.md")

    checked = recapito(journeys, tmp_path, *send, "--dry-run")
    assert checked.returncode == 1, checked.stderr
    assert "4 rows: 3 without errors, 1 wrong." in checked.stdout
    assert re.search(r"^3 +codice fiscale +\S", checked.stdout, re.MULTILINE), checked.stdout
    assert "USER_NOT_FOUND" in checked.stdout
    assert "--confirm --skip-wrong-rows" in checked.stdout
    assert [one["line"] for one in table(tmp_path / "mensa.problems.csv")] == ["3"]
    refused = recapito(journeys, tmp_path, *send, "--confirm")
    assert refused.returncode == 1
    assert inbox(journeys, citizens[0]) == []

    sent = recapito(journeys, tmp_path, *send, "--confirm", "--skip-wrong-rows", "--json")
    assert sent.returncode == 0, sent.stdout + sent.stderr
    facts = json.loads(sent.stdout)
    assert facts["batch"]["status"] == "FINISHED"
    assert facts["batch"]["progress"]["outcomes"] == {"SENT": 2, "REJECTED": 1}
    results = {one["fiscal_code"]: one["outcome"] for one in table(tmp_path / "mensa.results.csv")}
    assert results == {citizens[0]: "SENT", citizens[1]: "SENT", UNKNOWN: "REJECTED"}
    unreached = table(tmp_path / "mensa.unreached.csv")
    assert [(one["fiscal_code"], one["reason"]) for one in unreached] == [
        (UNKNOWN, "USER_NOT_FOUND")
    ]

    again = recapito(journeys, tmp_path, *send, "--confirm", "--skip-wrong-rows")
    assert again.returncode == 0, again.stderr
    assert inbox(journeys, citizens[0]) == ["Iscrizioni alla mensa"]

    batch = facts["batch"]["id"]
    shown = recapito(journeys, tmp_path, "status", batch, "--lang", "it")
    assert f"Invio {batch}: FINISHED" in shown.stdout
    listed = json.loads(recapito(journeys, tmp_path, "status", "--json").stdout)
    assert listed["batches"][0]["id"] == batch

    asked = ("recall", batch, "--reason", "La mensa resta chiusa: non occorre iscriversi.")
    asked_for = recapito(journeys, tmp_path, *asked)
    assert (asked_for.returncode, "--confirm" in asked_for.stdout) == (0, True)
    assert inbox(journeys, citizens[0]) == ["Iscrizioni alla mensa"]
    recalled = recapito(journeys, tmp_path, *asked, "--confirm")
    assert recalled.returncode == 0, recalled.stdout + recalled.stderr
    assert f"Batch {batch}: WITHDRAWN" in recalled.stdout
    outcomes = {
        one["fiscal_code"]: one["outcome"] for one in table(tmp_path / f"{batch}.results.csv")
    }
    assert outcomes == dict.fromkeys(citizens, "WITHDRAWN") | {UNKNOWN: "REJECTED"}
    assert [inbox(journeys, one) for one in citizens] == [[], []]

    (tmp_path / "codes.txt").write_text(f"{citizens[0]}\n{UNKNOWN}\n")
    reached = recapito(journeys, tmp_path, "reach", "codes.txt")
    assert reached.stdout.split() == [
        "fiscal_code,status",
        f"{citizens[0]},REACHABLE",
        f"{UNKNOWN},NOT_FOUND",
    ]


def test_an_interrupted_command_goes_on(journeys: Journeys, tmp_path: Path) -> None:
    """Ctrl-C leaves a batch that the same command follows to its end: each row is sent once."""
    citizens = [journeys.new_citizen(), *islice(fiscal_codes(), 5000, 5119)]
    lines = ["cf;nome", *(f"{one};Mario" for one in citizens)]
    (tmp_path / "mensa.csv").write_text("\n".join(lines))
    (tmp_path / "mensa.md").write_text(LETTER)
    # the second hundred rows are sent ten seconds after the first
    send = ("send", "mensa.csv", "--template", "mensa.md", "--confirm", "--rows-per-minute", "600")
    process = subprocess.Popen(
        [sys.executable, "-c", WITH_CTRL_C, *send],
        cwd=tmp_path,
        env=environment(journeys),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    batch = wait_for(lambda: batch_of(tmp_path / "mensa.csv.recapito.json"), 60)
    with Recapito(journeys.base, SENDER_KEY) as client:
        wait_for(lambda: client.batches.read(batch).status == "RUNNING", 60)
        process.send_signal(signal.SIGINT)
        _, complaint = process.communicate(timeout=60)
        assert process.returncode == 130, complaint
        assert f"recapito send --resume {batch}" in complaint
        assert not client.batches.read(batch).is_ended

    again = recapito(journeys, tmp_path, *send)
    assert again.returncode == 0, again.stdout + again.stderr
    assert f"Batch {batch}: FINISHED" in again.stdout
    results = table(tmp_path / "mensa.results.csv")
    assert sorted(one["fiscal_code"] for one in results) == sorted(citizens)
    assert inbox(journeys, citizens[0]) == ["Iscrizioni alla mensa"]


def batch_of(state: Path) -> str:
    """Return the batch that a state file names, or nothing."""
    return str(json.loads(state.read_text())["batch"] or "") if state.exists() else ""


def test_the_steps_of_a_batch(journeys: Journeys, tmp_path: Path) -> None:
    """A stored template is sent by its name; the batch is paused, resumed and cancelled."""
    with Recapito(journeys.base, SENDER_KEY) as client:
        client.templates.save("mensa", Text("Iscrizioni alla mensa", LETTER))
    (tmp_path / "mensa.csv").write_text(f"cf;nome\n{journeys.new_citizen()};Mario\n")
    later = (journeys.now() + timedelta(days=1)).isoformat()
    sent = recapito(
        *(journeys, tmp_path, "send", "mensa.csv", "--stored", "mensa", "--confirm"),
        *("--start-at", later, "--json"),
    )
    assert sent.returncode == 0, sent.stdout + sent.stderr
    batch = json.loads(sent.stdout)["batch"]
    assert batch["status"] == "SCHEDULED"
    for step, status in (("pause", "PAUSED"), ("resume", "SCHEDULED"), ("cancel", "CANCELLED")):
        stepped = recapito(journeys, tmp_path, step, batch["id"])
        assert stepped.returncode == 0, stepped.stderr
        assert f"Batch {batch['id']}: {status}" in stepped.stdout
    refused = recapito(journeys, tmp_path, "retry", batch["id"])
    assert (refused.returncode, "is not finished" in refused.stderr) == (1, True)


def test_the_commands_of_the_readme(journeys: Journeys, tmp_path: Path) -> None:
    """They work as they are printed."""
    command = tmp_path / "bin" / "recapito"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec {sys.executable} -m recapito "$@"\n')
    command.chmod(0o755)
    (script,) = blocks("sh")
    path = f"{command.parent}{os.pathsep}{os.environ['PATH']}"
    ran = subprocess.run(
        [
            shutil.which("bash") or "bash",
            "-euc",
            script.replace("http://127.0.0.1:7071", journeys.base),
        ],
        cwd=tmp_path,
        env={**environment(), "PATH": path},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )

    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert f"{UNKNOWN},REJECTED,USER_NOT_FOUND" in ran.stdout
    assert "RSSMRA80A01H501U,REACHABLE" in ran.stdout
    assert SENDER_KEY not in ran.stdout + ran.stderr
