"""A long list stays light: what is out of sight is not drawn, and scrolling reads nothing twice."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.host.host_process import wait_for
from tests.web.browser import Watched
from tests.web.citizens import MESSAGES, asked
from tests.web.mail import Office

ROWS = ".list .message"
DRAWN = """() => [...document.querySelectorAll(".list .text")]
    .filter((one) => one.checkVisibility({contentVisibilityAuto: true})).length"""
TO_THE_END = """async (count) => {
    // pages come by themselves near the end, or by the button
    const rows = () => document.querySelectorAll(".list .message").length;
    for (let tries = 0; rows() < count && tries < 600; tries++) {
        document.querySelector(".more button")?.click();
        await new Promise((done) => setTimeout(done, 50));
    }
    return rows();
}"""
STEPS = 25


def arrived(window: Watched) -> int:
    """Return how many messages the inbox has."""
    number, older = 0, ""
    while True:
        page = asked(window, "GET", f"{MESSAGES}?page_size=100{older}")
        number += len(page["items"])
        if "next" not in page:
            return number
        older = f"&maximum_id={page['next']}"


@pytest.mark.parametrize(
    ("window", "count"),
    [
        ("desktop", 120),
        pytest.param("phone", 1000, marks=pytest.mark.full),
        pytest.param("desktop", 1000, marks=pytest.mark.full),
    ],
    indirect=["window"],
)
def test_a_long_list_draws_what_is_seen(window: Watched, office: Office, count: int) -> None:
    """Each page is asked for once, and scrolling lays out the rows that come into sight alone."""
    reader = next(office.citizens)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda n: office.send(reader, f"Messaggio numero {n:04}"), range(count)))
    window.sign_in(reader)
    # one that comes while the list is read waits behind a button
    wait_for(lambda: arrived(window) == count, 60)
    page = window.page
    asked_for: list[str] = []
    page.on("request", lambda one: asked_for.append(one.url) if "/messages?" in one.url else None)
    page.goto("/inbox/")
    page.locator(ROWS).first.wait_for()
    assert page.evaluate(TO_THE_END, count) == count
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
