"""The senders' client against the real host: the command, the examples of its README, its fixture.

Nothing is installed: the package is read from clients/python/src.
"""

import csv
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from itertools import islice
from pathlib import Path

import pytest

from infra.local.sandbox.citizens import fiscal_codes
from infra.local.sandbox.seed import SENDER_KEY
from recapito import Conflict, NewMessage, NewNotice, NotFound, Recapito
from recapito.models.batches import Text
from recapito.models.notices import NoticeTerms
from tests.host.host_process import ROOT, wait_for
from tests.journeys.support import Journeys

HOME = ROOT / "clients" / "python"
UNKNOWN = "VRDLCU85M41F205J"
LETTER = (
    "# Iscrizioni alla mensa\n\nGentile {{ nome }}, dal primo marzo sono aperte le iscrizioni alla "
    "mensa scolastica per il prossimo anno.\n"
)

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


def environment(journeys: Journeys | None = None) -> dict[str, str]:
    """Return the environment of a sender's process."""
    access = {"RECAPITO_URL": journeys.base, "RECAPITO_KEY": SENDER_KEY} if journeys else {}
    python_path = os.pathsep.join([str(HOME / "src"), *sys.path])
    return {**os.environ, "LANG": "C.UTF-8", "PYTHONPATH": python_path, **access}


def recapito(journeys: Journeys, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command."""
    return subprocess.run(
        [sys.executable, "-m", "recapito", *arguments],
        cwd=folder,
        env=environment(journeys),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def table(path: Path) -> list[dict[str, str]]:
    """Read a CSV file."""
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def blocks(language: str) -> list[str]:
    """Return the examples of the client's README in a language."""
    text = (HOME / "README.md").read_text()
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def test_a_list_with_a_wrong_row(journeys: Journeys, tmp_path: Path) -> None:
    """Dry run, refusal, confirmation, files, the same command again, status, reach."""
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


def inbox(journeys: Journeys, citizen: str) -> list[str]:
    """Return the subjects of a citizen's messages."""
    answer = journeys.as_citizen(
        "GET", token=journeys.token(citizen), params={"enrich_result_data": "true"}
    )
    return [str(one["message_title"]) for one in answer.json()["items"]]


def test_notices_and_withdrawals(journeys: Journeys) -> None:
    """The calls that the README has no example of, and their answers."""
    citizen = journeys.new_citizen()
    due = (journeys.now() + timedelta(days=30)).date()
    notice = NewNotice(
        fiscal_code=citizen,
        notice_number="302000000000002010",
        amount_cents=4225,
        due_date=due,
        subject="Mensa scolastica, giugno",
    )
    with Recapito(journeys.base, SENDER_KEY) as client:
        assert client.notices.dry_run(notice).outcome == "NEW"
        rpt_id = client.notices.send(notice).rpt_id
        assert client.notices.send(notice).changed == ()
        terms = NoticeTerms(subject=notice.subject, amount_cents=4000, due_date=due)
        assert client.notices.amend(rpt_id, 1, terms).changed == ("amount_cents",)
        with pytest.raises(Conflict):
            client.notices.amend(rpt_id, 1, replace(terms, amount_cents=3000))
        assert client.notices.cancel(rpt_id).cancelled_at is not None
        assert client.notices.reopen(rpt_id).cancelled_at is None

        message = NewMessage(fiscal_code=citizen, subject="Carta di identità", markdown=LETTER)
        sent = client.messages.send(message, idempotency_key=f"once-{citizen}")
        assert client.messages.send(message, idempotency_key=f"once-{citizen}").id == sent.id
        journeys.settled(sent.id, citizen)
        withdrawn = client.messages.withdraw(citizen, sent.id, "L'importo era sbagliato.")
        assert client.messages.read(citizen, sent.id).withdrawal == withdrawn
        found = {one.id for one in client.sent.search(fiscal_code=citizen, page_size=1)}
        assert sent.id in found
        assert len(found) == 2
        yesterday = journeys.now().date() - timedelta(days=1)

        def is_listed() -> bool:
            listed = client.sent.list(first=yesterday, status="PROCESSED")
            return sent.id in {one.id for one in listed}

        assert wait_for(is_listed, 30)


def test_templates_and_steps_of_a_batch(journeys: Journeys, tmp_path: Path) -> None:
    """A stored template is sent by its name; a batch is paused, resumed and cancelled."""
    with Recapito(journeys.base, SENDER_KEY) as client:
        text = Text("Iscrizioni alla mensa", LETTER)
        saved = client.templates.save("mensa", text, variants={"de_DE": text})
        assert [one.name for one in saved.placeholders] == ["nome"]
        with pytest.raises(Conflict):
            client.templates.save("mensa", text, if_match='"99"')
        assert client.templates.read("mensa", saved.version) == saved
        assert "Gentile Mario" in client.templates.preview("mensa", {"nome": "Mario"}).markdown
        assert "mensa" in {one.name for one in client.templates.list()}

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

        inline = client.batches.create(
            "Mensa", template="mensa", recipients=[{"fiscal_code": UNKNOWN, "nome": "Lucia"}]
        )
        assert client.batches.wait_checked(inline.id).status == "CHECKED"
        with pytest.raises(Conflict):
            client.batches.approve(inline.id)
        assert client.batches.send(inline.id).status == "RUNNING"
        assert list(client.batches.follow(inline.id))[-1].status == "FINISHED"
        assert client.batches.retry(inline.id).status == "RUNNING"
        client.templates.delete("mensa")
        with pytest.raises(NotFound):
            client.templates.read("mensa")


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


def test_the_examples_of_the_readme(journeys: Journeys, tmp_path: Path) -> None:
    """The examples of the package run one after the other, as a user pastes them."""
    examples = [one for one in blocks("python") if "def test_" not in one]
    assert len(examples) == 4
    ran = subprocess.run(
        [sys.executable, "-W", "error", "-c", "\n".join(examples)],
        cwd=tmp_path,
        env=environment(journeys),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )

    assert ran.returncode == 0, ran.stdout + ran.stderr
    lines = ran.stdout.splitlines()
    assert lines[0] == "REACHABLE"
    assert any(line.startswith("/content/markdown") for line in lines)
    assert any(line.startswith("3 cf ") for line in lines), lines
    assert "FINISHED 100" in lines


def test_the_fixture_for_the_tests_of_others(journeys: Journeys, tmp_path: Path) -> None:
    """The README's example passes in a folder of its own, with a host of its own."""
    (example,) = (one for one in blocks("python") if "def test_" in one)
    (tmp_path / "test_example.py").write_text(example)
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "recapito.pytest_plugin", "-p", "no:randomly"],
        cwd=tmp_path,
        env={**environment(), "RECAPITO_HOME": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )

    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "1 passed" in ran.stdout
