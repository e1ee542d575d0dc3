"""One browser and one host for each module, one window for each test."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.host.host_process import ROOT, HostProcess
from tests.journeys.support import assert_private
from tests.web.browser import DESKTOP, PHONE, Watched, opened
from tests.web.mail import Office


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Yield a browser. Its loop runs in this thread, where tests of other modules have theirs."""
    with opened() as browser:
        yield browser


@pytest.fixture(scope="module")
def host(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[HostProcess]:
    """Yield a sandbox with the app; fail where it printed personal data."""
    folder = tmp_path_factory.mktemp("web")
    with HostProcess(folder, "--workers", "1", app=ROOT) as host:
        yield host
    assert host.process.returncode == 0, host.output
    assert_private(host)


@pytest.fixture(scope="module")
def office(host: HostProcess) -> Office:
    """Return an administration that writes to the citizens of the host."""
    return Office(host)


@pytest.fixture(params=["phone", "desktop"])
def window(
    request: pytest.FixtureRequest, browser: Browser, host: HostProcess
) -> Iterator[Watched]:
    """Yield a window of a phone's width, and one of a desktop's."""
    size = PHONE if request.param == "phone" else DESKTOP
    window = Watched(browser, f"http://127.0.0.1:{host.port}", size)
    yield window
    window.close()


@pytest.fixture
def desktop(browser: Browser, host: HostProcess) -> Iterator[Watched]:
    """Yield a window of a desktop's width."""
    window = Watched(browser, f"http://127.0.0.1:{host.port}", DESKTOP)
    yield window
    window.close()
