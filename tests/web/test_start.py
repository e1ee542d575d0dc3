"""The sandbox's start page: one click opens the inbox or the console, and the clock moves."""

import re
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import expect

from tests.web.browser import ON_A_PHONE, Watched
from tests.web.hand import act


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

    act(page.get_by_role("button", name="AAAAAA00A00A000A"))

    page.wait_for_url("**/inbox/")
    page.get_by_role("heading", level=1, name="Messaggi").wait_for()
    assert page.evaluate("document.cookie") == ""
    assert page.evaluate("Object.keys(sessionStorage).length") == 0


@ON_A_PHONE
def test_a_refusal_is_told_under_its_button(window: Watched) -> None:
    """In the reader's language, and in sight; the next press takes it away."""
    page = window.page
    page.goto("/")
    act(page.get_by_role("button", name="MINORE00A00A000A"))
    refusal = page.get_by_role("listitem").filter(has_text="MINORE00A00A000A").get_by_role("alert")
    expect(refusal).to_have_text(re.compile("ha meno di 14 anni"))
    expect(refusal).to_be_in_viewport()
    window.check()


def test_a_key_for_the_api_alone_opens_no_page(desktop: Watched) -> None:
    """It can be copied, and is no button."""
    page = desktop.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/")
    key = page.get_by_role("listitem").filter(has_text="sandbox-payments-key")
    act(key.get_by_role("button", name="Copia la chiave"))
    expect(key.get_by_role("status")).to_have_text("Chiave copiata")
    assert page.evaluate("navigator.clipboard.readText()") == "sandbox-payments-key"
    expect(page.get_by_role("button", name="sandbox-payments-key")).to_have_count(0)


@pytest.mark.parametrize("citizen", ["INBOFF00A00A000A", "NOPROF00A00A000A"])
def test_an_inbox_that_is_off_says_so(desktop: Watched, citizen: str) -> None:
    """Also to a citizen who had no profile before; a button switches it on."""
    page = desktop.page
    page.goto("/")
    act(page.get_by_role("button", name=citizen))
    page.get_by_text("La tua casella non è attiva").wait_for()
    expect(page.get_by_text("Non hai ancora messaggi")).to_have_count(0)
    desktop.check()
    act(page.get_by_role("button", name="Attiva la casella"))
    page.get_by_text("Non hai ancora messaggi").wait_for()


def test_the_keyboard_alone_moves_the_clock(desktop: Watched) -> None:
    """By its buttons, and to a day; a refused day is said."""
    page = desktop.page
    page.goto("/")
    before = clock(desktop)
    act(page.get_by_role("button", name=re.compile("Avanti di un.ora")))
    page.wait_for_function("document.body.innerText.includes('spostato in avanti')")
    assert clock(desktop) - before >= timedelta(hours=1)

    with page.expect_response(lambda one: one.request.method == "POST"):
        act(page.get_by_role("button", name="Avanti di tre giorni"), "Space")
    assert clock(desktop) - before >= timedelta(days=3)
    desktop.check()
