"""The senders' client in journeys. Nothing is installed: it is read from clients/python/src."""

import csv
import os
import re
import subprocess
import sys
from pathlib import Path

from infra.local.sandbox.seed import SENDER_KEY
from tests.host.host_process import ROOT
from tests.journeys.support import Journeys

HOME = ROOT / "clients" / "python"
UNKNOWN = "VRDLCU85M41F205J"
LETTER = (
    "# Iscrizioni alla mensa\n\nGentile {{ nome }}, dal primo marzo sono aperte le iscrizioni alla "
    "mensa scolastica per il prossimo anno.\n"
)


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


def inbox(journeys: Journeys, citizen: str) -> list[str]:
    """Return the subjects of a citizen's messages."""
    answer = journeys.as_citizen(
        "GET", token=journeys.token(citizen), params={"enrich_result_data": "true"}
    )
    return [str(one["message_title"]) for one in answer.json()["items"]]


def blocks(language: str) -> list[str]:
    """Return the examples of the client's README in a language."""
    text = (HOME / "README.md").read_text()
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
