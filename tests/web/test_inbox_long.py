"""A long list stays light: what is out of sight is not drawn, and scrolling reads nothing twice."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest

from lib.adapters.embedded.clock import SandboxClock
from lib.adapters.embedded.data_folder import CLOCK_FILE, STORE_FILE
from lib.adapters.embedded.sqlite.store import SQLiteStore
from lib.ports.schema.messages import MESSAGES
from tests.builders.inboxes import fill
from tests.host.host_process import HostProcess
from tests.web.browser import Watched
from tests.web.citizens import new_citizen

ROWS = ".list .message"
DRAWN = """() => [...document.querySelectorAll(".list .text")]
    .filter((one) => one.checkVisibility({contentVisibilityAuto: true})).length"""
TO_THE_END = """async (count) => {
    // pages come by themselves near the end, or by the button
    const rows = () => document.querySelectorAll(".list .message").length;
    for (let tries = 0; rows() < count && tries < 2000; tries++) {
        document.querySelector(".more button")?.click();
        await new Promise(requestAnimationFrame);
    }
    return rows();
}"""
COUNT = 1000
STEPS = 15


def deliver(host: HostProcess, citizen: str) -> None:
    """Write the messages into the host's store, as many as a citizen gets in years."""

    async def write() -> None:
        clock = SandboxClock(host.folder / CLOCK_FILE)
        store = SQLiteStore(host.folder / STORE_FILE, clock, (MESSAGES,))
        try:
            await fill(store, citizen, COUNT, is_archived=False)
        finally:
            await store.close()

    # the browser's own loop runs in this thread
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, write()).result()


@pytest.mark.parametrize(
    "window", ["phone", pytest.param("desktop", marks=pytest.mark.full)], indirect=True
)
def test_a_long_list_draws_what_is_seen(window: Watched, host: HostProcess) -> None:
    """Each page is asked for once, and scrolling lays out the rows that come into sight alone."""
    reader = new_citizen(window)
    deliver(host, reader)
    window.sign_in(reader)
    page = window.page
    asked_for: list[str] = []
    page.on("request", lambda one: asked_for.append(one.url) if "/messages?" in one.url else None)
    page.goto("/inbox/")
    page.locator(ROWS).first.wait_for()
    assert page.evaluate(TO_THE_END, COUNT) == COUNT
    assert len(asked_for) == len(set(asked_for))
    assert page.evaluate(DRAWN) <= 60

    session = window.context.new_cdp_session(page)
    session.send("Performance.enable")

    def layouts() -> float:
        metrics = session.send("Performance.getMetrics")["metrics"]
        return float(next(one["value"] for one in metrics if one["name"] == "LayoutCount"))

    before = layouts()
    most = 0
    for step in range(STEPS):
        page.evaluate("place => scrollTo(0, document.body.scrollHeight * place)", step / STEPS)
        page.evaluate("() => new Promise(requestAnimationFrame)")
        most = max(most, page.evaluate(DRAWN))
    assert most <= 60
    # a layout for each step and each row height that was learnt, not one for each row
    assert layouts() - before <= STEPS * 6
