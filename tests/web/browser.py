"""Debian's Chromium as a reader's browser, and what each page must hold."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    BrowserType,
    Page,
    ViewportSize,
    expect,
    sync_playwright,
)

from tests.host.host_process import ROOT

PHONE: Final[ViewportSize] = {"width": 390, "height": 844}
DESKTOP: Final[ViewportSize] = {"width": 1280, "height": 900}
ON_A_PHONE: Final = pytest.mark.parametrize("window", ["phone, checked on both"], indirect=True)
"""For a way that is the same on each width: it is gone once, and each check is made on both."""
ON_A_DESKTOP: Final = pytest.mark.parametrize("window", ["desktop, checked on both"], indirect=True)
"""The same for pages that are mostly used on a desktop."""
_NAMES: Final = ("chromium", "chromium-browser", "google-chrome")
# it draws no window, so it takes a third less of the processor; it shows no notification
_SHELL: Final = "chromium-headless-shell"
_OPTIONS: Final = (
    # the browser of a container has no other sandbox, and visits this machine alone
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-background-networking",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
_AXE_FILE: Final = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"
_REST: Final = """() => new Promise((done) => {
    let before = "", same = 0;
    const look = () => {
        const now = `${scrollY} ${document.body.scrollHeight}`;
        same = now === before ? same + 1 : 0;
        before = now;
        if (same < 10) requestAnimationFrame(look);
        else done();
    };
    look();
})"""
_RULES: Final = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")


def browser_path(*, notifies: bool = False) -> str | None:
    """Return the path of a browser of this machine, one with notifications if asked, or None."""
    names = _NAMES if notifies else (_SHELL, *_NAMES)
    return next(filter(None, map(shutil.which, names)), None)


def why_not() -> str | None:
    """Return the reason why the pages cannot be tested here; None if they can."""
    if browser_path(notifies=True) is None:
        return "Chromium is not installed (Debian: chromium)"
    if not (ROOT / "web" / "dist" / "inbox" / "index.html").exists():
        return "the web pages are not built (make web)"
    return None


@contextmanager
def opened() -> Iterator[Browser]:
    """Open a browser; skip where there is none, but never in CI."""
    if reason := why_not():
        if os.environ.get("CI"):
            pytest.fail(f"CI tests the web pages, but {reason}")
        pytest.skip(f"the web pages are not tested: {reason}")
    # a page follows the API in steps of seconds, on a machine that runs other tests beside it
    expect.set_options(timeout=40_000)
    with sync_playwright() as playwright:
        browser = launched(playwright.chromium)
        yield browser
        browser.close()


def launched(kind: BrowserType, *, notifies: bool = False) -> Browser:
    """Start a browser of this machine."""
    return kind.launch(executable_path=browser_path(notifies=notifies), args=[*_OPTIONS])


class Watched:
    """A reader's window on the pages of one host, which collects what no page may do.

    `also`: another size, at which checks look too.
    """

    def __init__(
        self,
        browser: Browser,
        base: str,
        size: ViewportSize,
        also: ViewportSize | None = None,
    ) -> None:
        self.base = base
        self._size = size
        self._also = also
        self.faults: list[str] = []
        self.context: BrowserContext = browser.new_context(
            base_url=base,
            viewport=size,
            locale="it-IT",
            timezone_id="America/New_York",
            reduced_motion="reduce",
        )
        self.context.set_default_timeout(40_000)
        self.context.on("request", self._note_request)
        self.context.on("weberror", lambda one: self.faults.append(f"error: {one.error}"))
        self.context.on("console", self._note_console)
        self.page: Page = self.context.new_page()

    def _note_request(self, request: Any) -> None:
        # the browser's own viewer of PDF documents is made of pages inside the browser
        inside = ("data:", "blob:", "chrome:", "chrome-extension:")
        if not request.url.startswith((f"{self.base}/", *inside)):
            self.faults.append(f"request to another origin: {request.url}")

    def _note_console(self, message: Any) -> None:
        # an answer that a page expects, such as 401, is reported as a failed resource
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.faults.append(f"console: {message.text}")

    def sign_in(self, fiscal_code: str) -> None:
        """Sign a citizen in by the sandbox's session, as the start page does."""
        answer = self.page.request.post(
            f"{self.base}/sandbox/session",
            data={"fiscal_code": fiscal_code},
            headers={"Origin": self.base},
        )
        assert answer.ok, answer.text()

    def check(self) -> None:
        """Fail for an accessibility fault of any impact in the present state of the page."""
        self._check()
        if self._also is not None:
            self.page.set_viewport_size(self._also)
            self._check()
            self.page.set_viewport_size(self._size)

    def _check(self) -> None:
        if self.page.evaluate("typeof axe") == "undefined":
            self.page.evaluate(_AXE_FILE.read_text())
        found = self.page.evaluate(
            "async (tags) => (await axe.run({runOnly: tags})).violations.map(one =>"
            " `${one.id} (${one.impact}): ${one.nodes.map(n => n.target).join(', ')}`)",
            list(_RULES),
        )
        assert found == [], "\n".join(found)

    def rest(self) -> None:
        """Wait until nothing has moved the page for a few frames."""
        self.page.evaluate(_REST)

    def close(self) -> None:
        """Close the window; fail for what its pages did and may not do."""
        self.context.close()
        assert self.faults == [], self.faults
