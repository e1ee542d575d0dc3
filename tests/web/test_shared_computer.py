"""Nothing of a reader is left in the browser for whoever reads there next."""

from playwright.sync_api import Page, Route, expect

from tests.web.browser import Watched
from tests.web.mail import Office

CHANGES = "**/api/communication/v1/inbox/changes*"


def test_a_tab_forgets_who_has_signed_out_elsewhere(desktop: Watched, office: Office) -> None:
    """When the tab is looked at again, whatever the network did meanwhile."""
    reader = next(office.citizens)
    office.send(reader, "Iscrizione alla mensa")
    desktop.sign_in(reader)
    page = desktop.page
    page.route(CHANGES, _fail)
    page.goto("/inbox/")
    expect(page.get_by_text("Iscrizione alla mensa")).to_be_visible()

    headers = {"Recapito-CSRF": "1", "Origin": desktop.base}
    assert page.request.post("/api/auth/v1/logout", headers=headers).ok
    # a process looks at a session once in ten seconds
    office.advance("PT11S")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.get_by_role("heading", name="Accedi")).to_be_visible()
    expect(page.get_by_text("Iscrizione alla mensa")).to_be_hidden()


def test_the_words_of_a_search_are_of_one_reader(desktop: Watched, office: Office) -> None:
    """The history of the tab has them, and shows them to the reader who typed them alone."""
    first, second = next(office.citizens), next(office.citizens)
    office.send(first, "Iscrizione alla mensa")
    desktop.sign_in(first)
    page = desktop.page
    page.goto("/inbox/")
    words = page.get_by_role("searchbox")
    words.fill("mensa")
    words.press("Enter")
    expect(page.locator(".list .title")).to_have_text(["Iscrizione alla mensa"])
    page.reload()
    expect(words).to_have_value("mensa")

    desktop.sign_in(second)
    page.reload()
    page.get_by_role("heading", level=1).wait_for()
    expect(words).to_have_value("")
    expect(page.get_by_text("Non hai ancora messaggi")).to_be_visible()


def test_a_title_does_not_tell_what_was_read(desktop: Watched, office: Office) -> None:
    """The browser's list of visited pages has titles, and stays after a logout."""
    reader = next(office.citizens)
    message = office.send(reader, "Esito del test")
    desktop.sign_in(reader)
    page = desktop.page
    page.goto(f"/inbox/messages/{message}")
    expect(page.get_by_role("heading", level=1)).to_have_text("Esito del test")
    expect(page).to_have_title("Messaggio · Recapito")


def _fail(route: Route) -> None:
    route.abort()


def _comes_back(page: Page, state: str) -> None:
    page.goto(f"/inbox/?code=none&state={state}")


def test_a_login_leads_to_the_page_that_was_asked_for(desktop: Watched, office: Office) -> None:
    """In the inbox of its party; and a text that is no address leads to the own inbox."""
    office.register("FIGLIO20A01H501U")
    desktop.sign_in("PADREX80A01H501U")
    page = desktop.page
    page.goto("/inbox/")
    parties = page.request.get("/api/identity/v1/parties").json()["items"]
    child = f"/inbox/as/{parties[0]['id']}/"
    _comes_back(page, child)
    page.wait_for_url(f"**{child}")
    expect(page.get_by_role("heading", level=1)).to_have_text("Messaggi")

    _comes_back(page, "http://[")
    expect(page.get_by_role("heading", level=1)).to_have_text("Messaggi")
    assert page.url == f"{desktop.base}/inbox/"
    page.goto("/inbox/messages/%E0%A4%A")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
