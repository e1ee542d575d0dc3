"""A key that ends while somebody writes, and networks that fail, lose nothing that was typed."""

import itertools
from collections.abc import Iterator

from playwright.sync_api import Route, expect

from infra.local.sandbox.seed import MANAGE_KEY, SENDER_KEY
from tests.web.browser import Watched
from tests.web.console import sign_in
from tests.web.hand import act, pick, write
from tests.web.mail import TEXT, Office
from tests.web.sending import enter, heading, visit

_SUBJECT = "Iscrizione alla mensa"


def test_what_was_typed_outlives_the_session(desktop: Watched, office: Office) -> None:
    """The key is asked for again, no other key takes its place, and the message goes out once."""
    reader = next(office.citizens)
    sign_in(desktop, MANAGE_KEY)
    sign_in(desktop, SENDER_KEY)
    page = desktop.page
    page.goto("/console/access")
    page.evaluate("sessionStorage.setItem('recapito-acting-as', 'sandbox-service')")
    page.goto("/console/send")
    write(page.get_by_label("Codice fiscale").first, reader)
    write(page.get_by_label("Oggetto").first, _SUBJECT)
    write(page.get_by_label("Testo").first, TEXT)

    _ends(desktop)
    check = page.get_by_role("button", name="Verifica prima di inviare")
    act(check)
    expect(page.get_by_text("accedi di nuovo con la chiave")).to_be_visible()
    expect(check).to_be_hidden()
    desktop.check()
    act(page.get_by_role("button", name="Servizio che invia"))
    expect(page.get_by_label("Testo").first).to_have_value(TEXT)

    act(check)
    act(page.locator("#send-now"))
    _loses_first_answer(desktop)
    send = page.get_by_role("dialog").get_by_role("button", name="Invia")
    act(send)
    expect(page.get_by_text("Non è arrivata una risposta").first).to_be_visible()
    act(page.locator("#send-now"))
    act(send)
    page.wait_for_url("**/console/sent/*")
    expect(page.get_by_role("heading", level=1)).to_have_text(_SUBJECT)
    expect(page).to_have_title("Messaggio · Recapito · Console")
    body = {"fiscal_code": reader}
    found = office.call("POST", "/api/v1/sent-messages/search", body)
    assert len(found["items"]) == 1

    # an open dialog leaves the sign-in free, and is there again after it
    act(page.get_by_role("button", name="Ritira"))
    dialog = page.get_by_role("dialog")
    write(dialog.get_by_role("textbox"), "Importo sbagliato.")
    _ends(desktop)
    act(dialog.get_by_role("button", name="Ritira"))
    expect(dialog).to_be_hidden()
    act(page.get_by_role("button", name="Servizio che invia"))
    expect(dialog.get_by_role("textbox")).to_have_value("Importo sbagliato.")


def _ends(window: Watched) -> None:
    """Let the browser hold the sender's key no more."""
    headers = {"Recapito-CSRF": "1", "Origin": window.base}
    assert window.page.request.delete("/api/console/v1/keys/sandbox-service", headers=headers).ok


def _loses_first_answer(window: Watched) -> None:
    """Let the first send arrive, and its answer get lost."""
    turns: Iterator[int] = itertools.count()

    def lose(route: Route) -> None:
        if next(turns) == 0:
            route.fetch()
            route.abort()
        else:
            route.continue_()

    window.page.route("**/api/v1/messages", lose)


def test_keys_are_switched_and_forgotten(desktop: Watched) -> None:
    """Each key has its own menu; without a key the sign-in page comes back."""
    page = desktop.page
    enter(desktop)
    enter(desktop, MANAGE_KEY)
    switcher = page.get_by_label("Stai usando")
    expect(page.get_by_role("link", name="Modelli")).to_be_visible()
    value = switcher.locator("option", has_text="Gestione").get_attribute("value")
    pick(switcher, value)
    expect(page.get_by_role("navigation").get_by_role("link", name="Modelli")).to_have_count(0)
    visit(desktop, "/templates", "Con questa chiave")
    desktop.check()
    visit(desktop, "/access", "Accessi")
    desktop.check()
    act(page.get_by_role("button", name="Esci da tutto"))
    expect(heading(desktop, "Accedi alla console")).to_be_visible()
