"""`make lighthouse`: measure the pages of a sandbox with Lighthouse; at least 95 of 100 are wanted.

The scores of performance depend on the machine, so no test asserts them.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

import requests

from infra.local.node.program import node_program
from tests.host.host_process import ROOT, HostProcess
from tests.web.browser import browser_path

LEAST: Final = 95
CITIZEN: Final = "SAMPLE00A00A000A"
PAGES: Final = (
    "/",
    "/inbox/",
    "/inbox/accessibility",
    "/console/",
    "/docs/",
    "/docs/first-message",
)
CATEGORIES: Final = ("performance", "accessibility", "best-practices")
_PROGRAM: Final = ROOT / "web/lighthouse/node_modules/lighthouse/cli/index.js"


def scores(address: str, cookie: str, browser: str) -> dict[str, int]:
    """Return the scores of a page, of 100."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "report.json"
        command = [str(node_program()), str(_PROGRAM), address, "--quiet", "--output=json"]
        command += [f"--output-path={file}", f"--only-categories={','.join(CATEGORIES)}"]
        command += ["--chrome-flags=--headless=new --no-sandbox --disable-dev-shm-usage"]
        command += [f"--extra-headers={json.dumps({'Cookie': cookie})}"]
        subprocess.run(command, check=True, env={**os.environ, "CHROME_PATH": browser})
        report: dict[str, Any] = json.loads(file.read_text())
    return {name: round(100 * (report["categories"][name]["score"] or 0)) for name in CATEGORIES}


def main() -> int:
    """Print the scores of each page; return 1 if one is below the least."""
    browser = browser_path()
    if browser is None or node_program() is None or not _PROGRAM.exists():
        sys.stderr.write("recapito: Chromium, Node and the packages of web/lighthouse are needed\n")
        return 1
    worst = 100
    folder = Path(tempfile.mkdtemp())
    try:
        with HostProcess(folder, "--workers", "1", app=ROOT) as host:
            base = f"http://127.0.0.1:{host.port}"
            answer = requests.post(
                f"{base}/sandbox/session", json={"fiscal_code": CITIZEN}, timeout=60
            )
            cookie = answer.headers["Set-Cookie"].partition(";")[0]
            for path in PAGES:
                found = scores(base + path, cookie, browser)
                told = ", ".join(f"{name} {score}" for name, score in found.items())
                sys.stdout.write(f"{path:24} {told}\n")
                worst = min(worst, *found.values())
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 0 if worst >= LEAST else 1


if __name__ == "__main__":
    sys.exit(main())
