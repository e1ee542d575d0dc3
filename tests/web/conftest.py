"""One browser and one host for most modules, one window for each test."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.groups import group_of
from tests.host.host_process import ROOT, HostProcess
from tests.journeys.support import assert_private
from tests.web.browser import DESKTOP, PHONE, Watched, launched, opened
from tests.web.hand import taps
from tests.web.mail import Office


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Yield a browser. Its loop runs in this thread, where tests of other folders have theirs."""
    with opened() as browser:
        yield browser


@contextmanager
def sandbox(folder: Path, **settings: Any) -> Iterator[HostProcess]:
    """Run a sandbox with the app; fail where it printed personal data."""
    with HostProcess(folder, "--workers", "1", app=ROOT, **settings) as host:
        yield host
    assert host.process.returncode == 0, host.output
    assert_private(host)


@pytest.fixture(scope="package")
def shared_host(
    browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[HostProcess]:
    """Yield the sandbox of the modules of a group."""
    with sandbox(tmp_path_factory.mktemp("web")) as host:
        yield host


@pytest.fixture(scope="module")
def host(
    request: pytest.FixtureRequest, browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[HostProcess]:
    """Yield the sandbox of the module's group, or one for the module alone, with its `SETTINGS`."""
    if group_of(request.path):
        yield request.getfixturevalue("shared_host")
        return
    settings = getattr(request.module, "SETTINGS", {})
    with sandbox(tmp_path_factory.mktemp("web"), **settings) as host:
        yield host


@pytest.fixture(scope="module")
def office(host: HostProcess) -> Office:
    """Return an administration that writes to the citizens of the host."""
    return Office(host)


@pytest.fixture(params=["phone", "desktop"])
def window(
    request: pytest.FixtureRequest, browser: Browser, host: HostProcess
) -> Iterator[Watched]:
    """Yield a window of a phone's width, and one of a desktop's.

    Of two runs of a flow that of the phone taps; each other is driven by the keyboard alone.
    """
    name, _, also = str(request.param).partition(", ")
    sizes = (PHONE, DESKTOP) if name == "phone" else (DESKTOP, PHONE)
    window = Watched(browser, f"http://127.0.0.1:{host.port}", *sizes[: 2 if also else 1])
    if name == "phone" and not also:
        taps(window.context)
    yield window
    window.close()


@pytest.fixture
def desktop(browser: Browser, host: HostProcess) -> Iterator[Watched]:
    """Yield a window of a desktop's width."""
    window = Watched(browser, f"http://127.0.0.1:{host.port}", DESKTOP)
    yield window
    window.close()


@pytest.fixture
def notified(browser: Browser, host: HostProcess) -> Iterator[Watched]:
    """Yield a window of a desktop's width in a browser that shows notifications."""
    whole = launched(browser.browser_type, notifies=True)
    window = Watched(whole, f"http://127.0.0.1:{host.port}", DESKTOP)
    yield window
    window.close()
    whole.close()
