"""README's "Try it", as it is printed: every step works, twice in a row."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.functions.host_process import ROOT
from tests.journeys.support import start

# an answer that is no success ends the script, and shows itself
STRICT = 'set -euo pipefail\ncurl() { command curl --silent --show-error --fail-with-body "$@"; }\n'


def steps() -> list[str]:
    """Return the steps of the first code block under the title."""
    text = (ROOT / "README.md").read_text().partition("## Try it")[2]
    block = text.partition("```sh\n")[2].partition("```")[0]
    return re.findall(r"^# \d+\. .*?(?=^# \d+\. |\Z)", block, re.MULTILINE | re.DOTALL)


def pasted(folder: Path, base: str) -> dict[int, str]:
    """Run all steps in one shell; return what each printed."""
    marked = (f"echo '<<{number}>>'\n{step}\n" for number, step in enumerate(steps()))
    script = STRICT + "".join(marked).replace("http://127.0.0.1:7071", base)
    ran = subprocess.run(
        ["bash", "-c", script], cwd=folder, capture_output=True, text=True, check=False, timeout=60
    )
    assert ran.returncode == 0, f"{ran.stdout[-2000:]}\n{ran.stderr}"
    parts = re.split(r"<<(\d+)>>\n", ran.stdout)[1:]
    return dict(zip(map(int, parts[::2]), parts[1::2], strict=True))


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
@pytest.mark.slow
def test_the_steps_work_twice_in_a_row(tmp_path: Path) -> None:
    """Each answers with success, and shows what its comment says."""
    (tmp_path / ".data").mkdir()
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "bin" / "python").symlink_to(sys.executable)
    data = tmp_path / "host"
    data.mkdir(mode=0o700)

    with start(data, "--workers", "1") as host:
        reminders: list[list[str]] = []
        for _ in range(2):
            told = pasted(tmp_path, f"http://127.0.0.1:{host.port}")

            assert len(told) == 12
            titles = [one["message_title"] for one in json.loads(told[3])["items"]]
            assert {"Tassa sui rifiuti", "Mensa scolastica, maggio"} <= set(titles)
            pushes = json.loads(told[10].partition("\n")[0].partition("}")[2] or "{}")
            reminders.append([one for one in pushes["items"] if "da pagare" in one["title"]])
            assert (tmp_path / ".data" / "notice.pdf").read_bytes().startswith(b"%PDF")
            assert (tmp_path / ".data" / "receipt.pdf").read_bytes().startswith(b"%PDF")
            assert b"BEGIN:VEVENT" in (tmp_path / ".data" / "due.ics").read_bytes()
    assert 1 <= len(reminders[0]) < len(reminders[1])
