"""The sandbox's start page: one click opens the inbox or the console, and the clock moves."""

import re
from datetime import datetime, timedelta

from tests.web.browser import ON_A_PHONE, Watched


def clock(window: Watched) -> datetime:
    """Return the sandbox's time."""
    answer = window.page.request.get("/sandbox/clock").json()
    return datetime.fromisoformat(answer["now"])


@ON_A_PHONE
def test_one_click_opens_the_inbox(window: Watched) -> None:
    """The citizen of the button is signed in by a cookie that no script can read."""
    page = window.page
    page.goto("/")
    page.get_by_role("heading", level=1, name="Sandbox di Recapito").wait_for()
    window.check()

    page.get_by_role("button", name="AAAAAA00A00A000A").click()

    page.wait_for_url("**/inbox/")
    page.get_by_role("heading", level=1, name="Messaggi").wait_for()
    assert page.evaluate("document.cookie") == ""
    assert page.evaluate("Object.keys(sessionStorage).length") == 0


def test_the_keyboard_alone_moves_the_clock(desktop: Watched) -> None:
    """By its buttons, and to a day; a refused day is said."""
    page = desktop.page
    page.goto("/")
    before = clock(desktop)
    page.get_by_role("button", name=re.compile("Avanti di un.ora")).focus()
    page.keyboard.press("Enter")
    page.wait_for_function("document.body.innerText.includes('spostato in avanti')")
    assert clock(desktop) - before >= timedelta(hours=1)

    with page.expect_response(lambda one: one.request.method == "POST"):
        page.get_by_role("button", name="Avanti di tre giorni").press("Space")
    assert clock(desktop) - before >= timedelta(days=3)
    desktop.check()
