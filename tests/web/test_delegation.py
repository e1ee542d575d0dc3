"""Delegations: an offer with its code, the delegate who takes it, and its end."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.host.host_process import HostProcess
from tests.web.browser import ON_A_PHONE, PHONE, Watched
from tests.web.citizens import asked, new_citizen, show
from tests.web.hand import act, tick, write
from tests.web.keyboard import Keyboard


@pytest.fixture
def other(browser: Browser, host: HostProcess) -> Iterator[Watched]:
    """Yield the window of another person, on a phone."""
    window = Watched(browser, f"http://127.0.0.1:{host.port}", PHONE)
    yield window
    window.close()


def _sees_no_settings(delegate: Watched) -> None:
    """Open the owner's inbox: its profile is told to be the owner's alone."""
    act(delegate.page.get_by_role("link", name="Apri la casella"))
    delegate.page.wait_for_url("**/inbox/as/**")
    act(delegate.page.get_by_role("link", name="Profilo"))
    delegate.page.get_by_text("il profilo e le impostazioni sono soltanto suoi").wait_for()
    delegate.check()
    show(delegate, "/delegations")


def _chosen(page: Page, keys: Keyboard) -> None:
    """Choose a service by keyboard; the field for its institution has the focus."""
    page.keyboard.type("esempio")
    page.get_by_role("button", name="Comune di Esempio").wait_for()
    keys.press("Comune di Esempio")
    page.get_by_label("Tassa sui rifiuti").wait_for()
    keys.stays()
    keys.press("Tassa sui rifiuti", "Space")


def _code_of(page: Page) -> str:
    page.get_by_role("heading", name="Il codice della delega").wait_for()
    return page.locator(".code").inner_text()


@ON_A_PHONE
def test_a_delegation_is_given_taken_and_ended(window: Watched, other: Watched) -> None:
    """The code is shown once; both sides see rights, services and end; an end is told."""
    window.sign_in(new_citizen(window))
    other.sign_in(new_citizen(other))
    page = window.page
    show(window, "/delegations")
    page.get_by_text("Nessuno agisce per te.").wait_for()
    act(page.get_by_role("link", name="Dai una delega"))
    tick(page.get_by_label("Solo alcuni servizi"))
    act(page.get_by_role("button", name="Crea il codice"))
    expect(page.get_by_label("Cerca un ente")).to_be_focused()
    page.get_by_text("Scegli almeno un servizio.").wait_for()
    keys = Keyboard(page)
    _chosen(page, keys)
    write(page.get_by_label("Fino al"), "2020-01-01")
    act(page.get_by_role("button", name="Crea il codice"))
    expect(page.get_by_label("Fino al")).to_be_focused()
    window.check()
    write(page.get_by_label("Fino al"), page.get_by_label("Fino al").get_attribute("max") or "")
    tick(page.get_by_label("Avvisa anche questa persona"))
    act(page.get_by_role("button", name="Crea il codice"))
    code = _code_of(page)
    window.check()
    act(page.get_by_role("link", name="Ho dato il codice"))
    page.get_by_text("Codice non ancora usato").wait_for()
    expect(page.get_by_text(code)).to_have_count(0)

    show(other, "/delegations/take")
    write(other.page.get_by_label("Codice", exact=True), "un-altro-codice")
    act(other.page.get_by_role("button", name="Accetta la delega"))
    other.page.get_by_text("Nessuna offerta aperta ha questo codice").wait_for()
    other.check()
    write(other.page.get_by_label("Codice", exact=True), f" {code.lower()} ")
    act(other.page.get_by_role("button", name="Accetta la delega"))
    other.page.get_by_text("Ora agisci per").wait_for()
    other.page.get_by_text("Tassa sui rifiuti (Comune di Esempio)").wait_for()
    other.check()
    _sees_no_settings(other)

    page.reload()
    page.get_by_text("In vigore").wait_for()
    page.get_by_text("Riceve avvisi dei nuovi messaggi, senza mittente e oggetto").wait_for()
    window.check()
    keys.press("Termina la delega")
    window.check()
    keys.press("Termina la delega")
    page.get_by_text("1 delega terminata").wait_for()
    keys.stays()
    other.page.reload()
    other.page.get_by_text("Non agisci per nessuno.").wait_for()


def test_an_offer_is_made_by_keyboard_alone(desktop: Watched) -> None:
    """Each choice is reached with Tab; the code gets the focus when it is there."""
    desktop.sign_in(new_citizen(desktop))
    page = desktop.page
    show(desktop, "/delegations/new")
    _tab_to(page, "input[type=radio]:checked")
    page.keyboard.press("ArrowDown")
    for _ in range(2):
        page.keyboard.press("Tab")
    _tab_to(page, "input[type=checkbox]")
    page.keyboard.press("Space")
    _tab_to(page, "button[type=submit]")
    page.keyboard.press("Enter")
    code = _code_of(page)
    assert page.evaluate("document.activeElement.textContent") == "Il codice della delega"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_role("status").get_by_text("copi").first.wait_for()

    # the owner's own code gives nothing
    show(desktop, "/delegations/take")
    _tab_to(page, "main input")
    page.keyboard.type(code)
    page.keyboard.press("Enter")
    page.get_by_text("Questo codice è tuo").wait_for()
    (offer,) = asked(desktop, "GET", "/api/identity/v1/delegations")["items"]
    assert (set(offer["rights"]), offer["is_notified"]) == ({"READ", "ACT"}, True)


def test_a_register_s_delegation_is_named_and_stays(other: Watched) -> None:
    """A parent sees that it comes from the register, and opens the child's inbox and profile."""
    other.sign_in("MADREX80A41H501U")
    page = other.page
    show(other, "/delegations")
    page.get_by_text("Responsabilità genitoriale, dal registro pubblico").wait_for()
    page.get_by_text("finisce quando cambia il registro").wait_for()
    expect(page.get_by_role("button", name="Rinuncia alla delega")).to_have_count(0)
    other.check()
    act(page.get_by_role("link", name="Apri la casella"))
    page.wait_for_url("**/inbox/as/**")
    act(page.get_by_role("link", name="Profilo"))
    page.get_by_text("FIGLIO20A01H501U").wait_for()
    expect(page.get_by_role("link", name="Dispositivi e sessioni")).to_have_count(0)
    other.check()


def _tab_to(page: Page, selector: str) -> None:
    """Press Tab until an element that fits a selector has the focus."""
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"Tab does not reach {selector}")
