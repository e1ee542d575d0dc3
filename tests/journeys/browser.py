"""Debian's Chromium without a screen, as a citizen's browser."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service

_BROWSERS = ("chromium", "chromium-browser", "google-chrome")
_SECONDS = 20
_OPTIONS = (
    "--headless=new",
    # the browser of a container has no other sandbox, and visits this machine alone
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)


@contextmanager
def opened(folder: Path) -> Iterator[Chrome]:
    """Open a browser with a profile in the folder; skip where there is none, but never in CI."""
    browser = next(filter(None, map(shutil.which, _BROWSERS)), None)
    driver = shutil.which("chromedriver")
    if not browser or not driver:
        reason = "chromium and chromedriver are not installed (Debian: chromium-driver)"
        if os.environ.get("CI"):
            pytest.fail(f"CI logs in with a browser, but {reason}")
        pytest.skip(f"the login is not tested with a browser: {reason}")
    options = ChromeOptions()
    options.binary_location = browser
    for option in (*_OPTIONS, f"--user-data-dir={folder}"):
        options.add_argument(option)
    with Chrome(options, Service(driver)) as chrome:
        chrome.set_page_load_timeout(_SECONDS)
        chrome.implicitly_wait(_SECONDS)
        yield chrome
