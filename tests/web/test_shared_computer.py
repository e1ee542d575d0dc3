"""Nothing of a reader is left in the browser for whoever reads there next."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from infra.local.provider.process import why_not
from tests.host.host_process import ROOT, HostProcess
from tests.journeys.support import assert_private
from tests.login import needs_provider
from tests.web.browser import Watched
from tests.web.hand import act, tick, write
from tests.web.keyboard import Keyboard
from tests.web.mail import Office

CHANGES = "**/api/communication/v1/inbox/changes*"


@pytest.fixture(scope="module")
def host(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[HostProcess]:
    """Yield a sandbox with its identity provider; fail where it printed personal data."""
    login = [] if why_not() else ["--login"]
    folder = tmp_path_factory.mktemp("shared")
    with HostProcess(folder, "--workers", "1", *login, app=ROOT) as host:
        yield host
    assert host.process.returncode == 0, host.output
    assert_private(host)


def test_a_citizen_logs_in_and_out_at_the_provider(desktop: Watched, office: Office) -> None:
    """By keyboard, to the page that was asked for; afterwards the provider asks who it is."""
    needs_provider()
    reader = next(office.citizens)
    office.send(reader, "Iscrizione alla mensa")
    page, keys = desktop.page, Keyboard(desktop.page)

    def log_in() -> None:
        keys.press("Entra con Accesso di prova")
        expect(page).to_have_title("Accesso di prova")
        keys.write("Codice fiscale", reader)
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text("Messaggi")

    page.goto("/inbox/?unread=1")
    log_in()
    expect(page.locator(".list .title")).to_have_text(["Iscrizione alla mensa"])
    assert page.url == f"{desktop.base}/inbox/?unread=1"
    page.reload()
    expect(page.locator(".list .title")).to_have_text(["Iscrizione alla mensa"])

    keys.press("Ada Sandbox", back=True)
    keys.press("Esci")
    expect(page).to_have_title("Vuoi uscire anche dall'accesso di prova?")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{desktop.base}/inbox/")
    log_in()
    # the provider's own pages are of another origin
    desktop.faults[:] = [one for one in desktop.faults if "another origin" not in one]


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
    write(words, "mensa")
    act(words)
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


def test_what_was_typed_waits_for_its_reader(desktop: Watched, office: Office) -> None:
    """After a session expires, the page waits for the same citizen; another gets a new page."""
    needs_provider()
    reader, another = next(office.citizens), next(office.citizens)
    desktop.sign_in(reader)
    page = desktop.page
    page.goto("/inbox/delegations/new")
    told = page.get_by_label("Avvisa")
    tick(told)
    before = page.title()
    office.advance("P31D")
    expect(page.get_by_text("La sessione è scaduta")).to_be_visible()
    expect(told).to_be_hidden()
    # a link to another page would lose what was typed
    expect(page.get_by_role("banner").get_by_role("link")).to_have_count(0)
    desktop.check()
    with desktop.context.expect_page() as opened:
        act(page.get_by_role("link", name="Entra con Accesso di prova"))
    login = opened.value
    write(login.get_by_label("Codice fiscale"), reader)
    login.keyboard.press("Enter")
    expect(login.get_by_role("heading", level=1)).to_have_text("Accesso effettuato")
    login.close()
    page.bring_to_front()
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(told).to_be_checked()
    expect(told).to_be_focused()
    expect(page).to_have_title(before)

    office.advance("P31D")
    expect(page.get_by_text("La sessione è scaduta")).to_be_visible()
    desktop.sign_in(another)
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(told).to_be_visible()
    expect(told).not_to_be_checked()
    # the provider's own pages are of another origin
    desktop.faults[:] = [one for one in desktop.faults if "another origin" not in one]
