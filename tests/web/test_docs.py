"""The documentation: its pages are whole, and the examples of its guides work as printed."""

import os
import re
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import expect

from infra.local.provider.citizens import CITIZENS
from tests.host.host_process import ROOT, HostProcess
from tests.web.browser import ON_A_DESKTOP, Watched
from tests.web.hand import act, write

GUIDES = sorted((ROOT / "web/src/docs/guides").glob("*.md"))
STRICT = 'set -euo pipefail\ncurl() { command curl --show-error --fail-with-body "$@"; }\n'


@pytest.mark.parametrize("guide", GUIDES, ids=lambda one: one.stem)
def test_the_examples_of_a_guide_work(host: HostProcess, guide: Path, tmp_path: Path) -> None:
    """Each call of the guide succeeds, one after the other in one shell."""
    blocks = re.findall(r"^```sh\n(.*?)^```", guide.read_text(), re.MULTILINE | re.DOTALL)
    assert blocks, "a guide has calls to paste"
    script = STRICT + "".join(blocks).replace(
        "http://127.0.0.1:7071", f"http://127.0.0.1:{host.port}"
    )

    ran = subprocess.run(
        ["bash", "-c", script],
        cwd=tmp_path,
        env=dict(os.environ),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert ran.returncode == 0, f"{ran.stdout[-2000:]}\n{ran.stderr}"


def test_the_guide_names_each_citizen_of_the_sandbox() -> None:
    """Neither a code is missing, nor one that the sandbox lacks is named."""
    text = (ROOT / "web/src/docs/guides/sandbox.md").read_text()

    assert set(re.findall(r"^\| `(\w{16})`", text, re.MULTILINE)) == {
        one.fiscal_code for one in CITIZENS
    }


@ON_A_DESKTOP
def test_guides_and_reference_are_read_and_found(window: Watched) -> None:
    """A reader goes from the start to a guide, to an audience and to one operation."""
    page = window.page
    page.goto("/docs/")
    page.get_by_role("heading", name="API reference").wait_for()
    window.check()
    act(page.get_by_role("main").get_by_role("link", name="Send your first message"))
    page.get_by_role("heading", level=1, name="Send your first message").wait_for()
    page.get_by_role("heading", name="2. Send the message").wait_for()
    origin = page.evaluate("location.origin")
    expect(page.locator("pre").first).to_contain_text(f"BASE={origin}")
    page.evaluate("navigator.clipboard.writeText = (text) => { window.pasted = text; }")
    act(page.get_by_role("button", name="Copy", exact=True).first)
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert f"BASE={origin}" in page.evaluate("window.pasted")
    window.check()

    page.goto("/docs/reference/senders")
    write(page.get_by_label("Find an operation"), "recipient in the body")
    page.get_by_role("heading", level=2).wait_for()
    window.check()
    act(
        page.get_by_role("main").get_by_role(
            "link", name="Submit a message (recipient in the body)"
        )
    )
    page.get_by_role("heading", level=1, name="Submit a message").wait_for()
    act(page.get_by_text("Members of ").first)
    page.get_by_text("sandbox-sender-key").wait_for()
    window.check()

    page.goto("/docs/no-such-guide")
    page.get_by_role("heading", level=1).wait_for()
    window.check()
