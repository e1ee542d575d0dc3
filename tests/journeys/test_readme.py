"""README's "Try it", as printed: every step works, twice in a row."""

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.host.host_process import ROOT, HostProcess
from tests.journeys.support import start

# an answer that is no success ends the script, and shows itself
STRICT = 'set -euo pipefail\ncurl() { command curl --silent --show-error --fail-with-body "$@"; }\n'


def steps(title: str = "Try it") -> list[str]:
    """Return the steps of the first code block under the title."""
    text = (ROOT / "README.md").read_text().partition(f"# {title}\n")[2]
    block = text.partition("```sh\n")[2].partition("```")[0]
    return re.findall(r"^# \d+\. .*?(?=^# \d+\. |\Z)", block, re.MULTILINE | re.DOTALL)


def pasted(
    folder: Path, base: str, taken: list[str] | None = None, **environment: str
) -> dict[int, str]:
    """Run all steps in one shell; return the output of each."""
    marked = (f"echo '<<{number}>>'\n{step}\n" for number, step in enumerate(taken or steps()))
    script = STRICT + "".join(marked).replace("http://127.0.0.1:7071", base)
    ran = subprocess.run(
        ["bash", "-c", script],
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert ran.returncode == 0, f"{ran.stdout[-2000:]}\n{ran.stderr}"
    parts = re.split(r"<<(\d+)>>\n", ran.stdout)[1:]
    return dict(zip(map(int, parts[::2]), parts[1::2], strict=True))


def parted(output: str, member: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the two answers of a step; the second one begins with the member."""
    at = output.index(f'{{\n    "{member}"')
    return json.loads(output[:at]), json.loads(output[at:])


def tonight() -> str:
    """Return the next 21:30 UTC, an hour at which nobody in Italy is reminded."""
    now = datetime.now(UTC)
    night = now.replace(hour=21, minute=30, second=0, microsecond=0)
    return (night if night > now else night + timedelta(days=1)).isoformat()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder that has what the steps use of the project's folder."""
    (tmp_path / ".data").mkdir()
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "bin" / "python").symlink_to(sys.executable)
    return tmp_path


@contextmanager
def sandbox(folder: Path) -> Iterator[HostProcess]:
    """Start a host with its data below a folder."""
    if shutil.which("curl") is None:
        pytest.skip("curl is not installed")
    data = folder / "host"
    data.mkdir(mode=0o700)
    with start(data, "--workers", "1") as running:
        yield running


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HostProcess]:
    """Yield the host of all steps that leave the clock alone."""
    with sandbox(tmp_path_factory.mktemp("readme")) as running:
        yield running


@pytest.fixture
def own_host(folder: Path) -> Iterator[HostProcess]:
    """Yield a host whose clock is moved."""
    with sandbox(folder) as running:
        yield running


def helpers(script: str, base: str) -> subprocess.CompletedProcess[str]:
    """Run a line after step 0, which defines the names."""
    names = steps()[0].replace("http://127.0.0.1:7071", base)
    return subprocess.run(
        ["bash", "-c", f"{names}\n{script}"], cwd=ROOT, capture_output=True, text=True, check=False
    )


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_a_step_that_fails_tells_why() -> None:
    """The step shows the refusal, or that no host answers, without a traceback."""
    venv = ROOT / ".venv" / "bin" / "python"
    if not venv.exists():
        pytest.skip("there is no .venv: the lines of README use it")
    refused = helpers("""echo '{"status": 400, "detail": "too short"}' | member id""", "")
    silent = helpers("day 3", "http://127.0.0.1:1")

    assert '{"status": 400, "detail": "too short"}' in refused.stderr
    assert "no answer at http://127.0.0.1:1: is make run up" in silent.stderr
    assert "Traceback" not in refused.stderr + silent.stderr
    assert refused.stdout == silent.stdout == ""


@pytest.mark.slow
def test_the_steps_work_twice_in_a_row(folder: Path, own_host: HostProcess) -> None:
    """Each step succeeds, and shows what its comment says, at night too."""
    base = f"http://127.0.0.1:{own_host.port}"
    set_to = requests.post(f"{base}/sandbox/clock", json={"now": tonight()}, timeout=60)
    assert set_to.status_code == requests.codes.ok, set_to.text
    reminders: list[list[str]] = []
    for _ in range(2):
        told = pasted(folder, base)

        assert len(told) == 12
        titles = [one["message_title"] for one in json.loads(told[3])["items"]]
        assert {"Tassa sui rifiuti", "Mensa scolastica, maggio"} <= set(titles)
        _, pushes = parted(told[10], "items")
        reminders.append([one for one in pushes["items"] if "da pagare" in one["title"]])
        assert (folder / ".data" / "notice.pdf").read_bytes().startswith(b"%PDF")
        assert (folder / ".data" / "receipt.pdf").read_bytes().startswith(b"%PDF")
        assert b"BEGIN:VEVENT" in (folder / ".data" / "due.ics").read_bytes()
    assert 1 <= len(reminders[0]) < len(reminders[1])


@pytest.mark.slow
def test_a_body_joins_and_sends_for_another_twice_in_a_row(folder: Path, host: HostProcess) -> None:
    """The second time its keys are replaced, and its services stay; the log names its message."""
    for _ in range(2):
        told = pasted(
            folder,
            f"http://127.0.0.1:{host.port}",
            [steps()[0], *steps("Onboarding")],
        )
        assert len(told) == 7
        assert len(json.loads(told[4])["id"]) == 26
        sent, log = parted(told[6], "items")
        assert sent["id"] in [one["id"] for one in log["items"]]


@pytest.mark.slow
def test_a_test_of_remote_content_lists_the_faults_twice_in_a_row(
    folder: Path, host: HostProcess
) -> None:
    """The sandbox's host has wrong content for this id, at the port that step 0 has."""
    for _ in range(2):
        told = pasted(
            folder,
            f"http://127.0.0.1:{host.port}",
            [steps()[0], *steps("Remote content")],
        )
        calls = json.loads(told[2])["calls"]
        assert [one["name"] for one in calls] == ["PRECONDITION", "MESSAGE", "ATTACHMENT"]
        assert {one["pointer"] for one in calls[1]["faults"]} >= {"/details/markdown"}
        asked, opened = parted(told[3], "id")
        assert asked["title"] == "Prima di aprire"
        assert len(opened["third_party_message"]["attachments"]) == 2
        assert (folder / ".data" / "fascicolo.pdf").read_bytes().startswith(b"%PDF-")


@pytest.mark.slow
def test_a_file_and_a_certificate_reach_the_citizen_twice_in_a_row(
    folder: Path, host: HostProcess
) -> None:
    """The file is downloaded and the certificate kept, each time a new one."""
    for _ in range(2):
        told = pasted(
            folder,
            f"http://127.0.0.1:{host.port}",
            [steps()[0], *steps("A file with a message, and a certificate on request")],
        )
        assert json.loads(told[1])["status"] == "READY"
        (file,) = json.loads(told[2])["third_party_message"]["attachments"]
        assert file["name"] == "regolamento.pdf"
        assert "PENDING" in [one["status"] for one in json.loads(told[4])["items"]]
        assert json.loads(told[5])["title"] == "Il tuo certificato di residenza"
        for name in ("regolamento.pdf", "certificato.pdf"):
            downloaded = folder / ".data" / name
            assert downloaded.read_bytes().startswith(b"%PDF-")
            downloaded.unlink()


@pytest.mark.slow
def test_a_citizen_uses_all_that_is_the_citizens_twice_in_a_row(
    folder: Path, host: HostProcess
) -> None:
    """The message is found, translated and opened by a delegate, whom the log names."""
    for _ in range(2):
        told = pasted(
            folder,
            f"http://127.0.0.1:{host.port}",
            [steps()[0], *steps("What is the citizen's")],
        )
        (found,) = json.loads(told[1])["items"]
        assert found["message_title"] == "Orari della biblioteca"
        _, translated = parted(told[2], "id")
        assert translated["translation"]["is_by_machine"]
        assert json.loads(told[3])["state"] == "ACTIVE"
        assert json.loads(told[4])["id"] == found["id"]
        opened = next(one for one in json.loads(told[5])["items"] if "message_id" in one)
        assert (opened["name"], opened["message_id"]) == ("Mario Rossi", found["id"])
        copy = folder / ".data" / "copy.zip"
        assert f"messages/{found['id']}/message.json" in zipfile.ZipFile(copy).namelist()
        copy.unlink()
        assert json.loads(told[7])["status"] == "PENDING"


@pytest.mark.slow
def test_a_message_goes_out_by_voucher_twice_in_a_row(folder: Path, host: HostProcess) -> None:
    """The commands sign with the key of the host's data folder."""
    for _ in range(2):
        told = pasted(
            folder,
            f"http://127.0.0.1:{host.port}",
            [steps()[0], *steps("Vouchers of PDND")],
            PYTHONPATH=f"{ROOT}:{sysconfig.get_path('purelib')}",
            DATA_FOLDER=str(host.folder),
        )
        assert len(told) == 4
        assert len(json.loads(told[2])["id"]) == 26
        assert json.loads(told[3])["items"][0]["status"] == "LINKED"
