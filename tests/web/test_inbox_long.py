"""A long list stays light: what is out of sight is not drawn, and scrolling reads nothing twice."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from playwright.sync_api import Page, expect

from tests.web.browser import Watched
from tests.web.mail import Office

ROWS = ".list .message"
DRAWN = """() => [...document.querySelectorAll(".list .text")]
    .filter((one) => one.checkVisibility({contentVisibilityAuto: true})).length"""
MORE = f"before => document.querySelectorAll('{ROWS}').length > before"
STEPS = 25


def to_the_end(page: Page, count: int) -> None:
    """Show all messages: pages come by themselves near the end, or by the button."""
    while (before := page.locator(ROWS).count()) < count:
        # the last page takes the button away, also between a look and a click
        page.evaluate("document.querySelector('.more button')?.click()")
        page.wait_for_function(MORE, arg=before)
    expect(page.locator(ROWS)).to_have_count(count)


@pytest.mark.parametrize("count", [120, pytest.param(1000, marks=pytest.mark.full)])
def test_a_long_list_draws_what_is_seen(desktop: Watched, office: Office, count: int) -> None:
    """Each page is asked for once, and scrolling lays out the rows that come into sight alone."""
    reader = next(office.citizens)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda n: office.send(reader, f"Messaggio numero {n:04}"), range(count)))
    page = desktop.page
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url) if "/messages?" in one.url else None)
    desktop.sign_in(reader)
    page.goto("/inbox/")
    page.locator(ROWS).first.wait_for()
    to_the_end(page, count)
    assert len(asked) == len(set(asked))
    assert page.evaluate(DRAWN) <= 60

    session = desktop.context.new_cdp_session(page)
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
