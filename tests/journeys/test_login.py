"""A citizen logs in at the sandbox's provider, and an app gets tokens of ours."""

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests
from selenium.webdriver.common.by import By
from selenium.webdriver.support.wait import WebDriverWait

from infra.local.provider.app import LoginError, SandboxApp
from infra.local.provider.process import LEVELS
from infra.local.sandbox.seed import CITIZEN
from infra.local.settings.settings_file import FROM_FILE
from tests.builders.messages import a_message
from tests.host.host_process import ROOT
from tests.journeys.browser import opened
from tests.journeys.support import SUBMIT, Journeys, assert_private, start
from tests.login import needs_provider, signed_in

INBOX = "/api/communication/v1/messages"
SECONDS = 20


@pytest.fixture(scope="module")
def journeys(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Journeys]:
    """Run a host with its provider; fail where it printed personal data."""
    needs_provider()
    folder = tmp_path_factory.mktemp("login")
    # as `make run` does: the addresses of the example follow the port
    follows = {FROM_FILE: "http://127.0.0.1:7071"}
    with start(folder, "--workers", "1", "--login", **follows) as host:
        running = Journeys(host, 1, {})
        yield running
        running.session.close()
    assert host.process.returncode == 0, host.output
    assert_private(host)


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def _log_in(url: str, **form: str) -> None:
    """Go through the login screen, and bring the answer to the app that gave the address."""
    redirect_uri = dict(parse_qsl(urlsplit(url).query))["redirect_uri"]
    left = signed_in(url, redirect_uri, **form)
    page = requests.get(redirect_uri, params=left, timeout=SECONDS).text
    assert ("The login was refused" in page) == ("error" in left)


def _logged_in(journeys: Journeys, **form: str) -> dict[str, Any]:
    """Return the tokens of a citizen who fills in the form of the login screen."""
    app = SandboxApp(journeys.base)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(app.wait, SECONDS)
        _log_in(app.address(), **form)
        waiting.result(SECONDS)
    return app.tokens()


def test_a_citizen_logs_in_with_a_browser(journeys: Journeys, tmp_path: Path) -> None:
    """From the app's address over the provider to the inbox, on to new tokens, and out again."""
    sent = journeys.as_sender("POST", SUBMIT, json=a_message(fiscal_code=CITIZEN)).json()["id"]
    journeys.settled(sent)
    app = SandboxApp(journeys.base)
    with opened(tmp_path) as browser, ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(app.wait, SECONDS)
        browser.get(app.address())
        assert browser.title == "Accesso di prova"
        assert (
            browser.find_element(By.CSS_SELECTOR, "input:checked").get_attribute("value")
            == (LEVELS[1])
        )
        browser.find_element(By.CSS_SELECTOR, f'button[value="{CITIZEN}"]').click()
        waiting.result(SECONDS)
        tokens = app.tokens()

        listed = journeys.call("GET", INBOX, headers=_bearer(tokens["access_token"]))
        assert sent in [item["id"] for item in listed.json()["items"]]

        renewed = app.refreshed(tokens["refresh_token"])
        assert renewed["refresh_token"] != tokens["refresh_token"]
        bearer = _bearer(renewed["access_token"])
        assert journeys.call("GET", INBOX, headers=bearer).status_code == 200

        left = journeys.call("POST", "/api/auth/v1/logout", headers=bearer)
        assert left.status_code == 200
        browser.get(left.json()["end_session_url"])
        browser.find_element(By.CSS_SELECTOR, "button[autofocus]").click()
        WebDriverWait(browser, SECONDS).until(
            lambda shown: shown.current_url.startswith(journeys.base)
        )
        assert browser.current_url.startswith(f"{journeys.base}/api/auth/v1/logged-out")

    for ended in (tokens, renewed):
        refused = journeys.call("GET", INBOX, headers=_bearer(ended["access_token"]))
        assert refused.status_code == 401
    with pytest.raises(LoginError, match="invalid_grant"):
        app.refreshed(renewed["refresh_token"])


def test_the_first_login_makes_a_profile(journeys: Journeys) -> None:
    """The citizen had none before."""
    tokens = _logged_in(journeys, citizen="NOPROF00A00A000A", level=LEVELS[1])

    bearer = _bearer(tokens["access_token"])
    profile = journeys.call("GET", "/api/identity/v1/profile", headers=bearer)
    assert profile.status_code == 200
    assert profile.json()["fiscal_code"] == "NOPROF00A00A000A"


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({"cancel": "1"}, "access_denied"),
        ({"citizen": CITIZEN, "level": LEVELS[0]}, "unmet_authentication_requirements .*level"),
        ({"citizen": "MINORE00A00A000A", "level": LEVELS[1]}, "access_denied .*too young"),
    ],
    ids=["cancelled", "too low", "too young"],
)
def test_a_login_is_refused(journeys: Journeys, form: dict[str, str], error: str) -> None:
    """The app is told why, and gets no code."""
    with pytest.raises(LoginError, match=error):
        _logged_in(journeys, **form)


def test_the_command_needs_a_host() -> None:
    """Without a host it prints no address, and says what to start."""
    command = [sys.executable, "-m", "infra.local.provider.app", "--port", "1"]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert ran.returncode == 1
    assert ran.stdout == ""
    assert "no host answers at http://127.0.0.1:1: is `make run LOGIN=1` up?" in ran.stderr


def test_the_command_prints_the_tokens_of_a_login(journeys: Journeys) -> None:
    """`make login` shows an address, and then a token that opens the inbox."""
    command = [sys.executable, "-m", "infra.local.provider.app", "--port", str(journeys.host.port)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        url = next(line.strip() for line in running.stdout if line.startswith("http"))
        _log_in(url, citizen=CITIZEN, level=LEVELS[1])
        printed = running.stdout.read()

    assert running.returncode == 0
    token = next(line for line in printed.splitlines() if line.startswith("TOKEN="))
    bearer = _bearer(token.removeprefix("TOKEN="))
    assert journeys.call("GET", INBOX, headers=bearer).status_code == 200
    assert INBOX in printed
