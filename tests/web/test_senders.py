"""Institutions and services: why their messages come, and the citizen's choices."""

from playwright.sync_api import expect

from infra.local.sandbox.seed import SERVICE_ID
from tests.host.host_process import HostProcess, wait_for
from tests.web.browser import ON_A_PHONE, Watched
from tests.web.citizens import HOSTILE, MESSAGES, asked, new_citizen, own_service, sent, show
from tests.web.hand import act, tick, write
from tests.web.keyboard import Keyboard

PREFERENCES = f"/api/identity/v1/services/{SERVICE_ID}/preferences"


@ON_A_PHONE
def test_a_citizen_finds_a_service_and_chooses(window: Watched) -> None:
    """From the search to the service; a choice that was made elsewhere meanwhile is a conflict."""
    window.sign_in(new_citizen(window))
    page = window.page
    show(window, "/services")
    page.get_by_text("1 ente").wait_for()
    window.check()
    keys = Keyboard(page)
    keys.write("Cerca un ente", "nessuno si chiama così")
    page.get_by_text("0 enti").wait_for()
    write(page.get_by_label("Cerca un ente"), "esempio")
    page.get_by_text("1 ente").wait_for()
    keys.press("Comune di Esempio")
    page.get_by_role("heading", name="Comune di Esempio").wait_for()
    window.check()
    keys.press("Tassa sui rifiuti")
    page.get_by_text("Perché hai permesso ai nuovi servizi di scriverti").wait_for()
    window.check()
    contact = page.get_by_role("link", name="https://www.comune.example.org/privacy")
    assert contact.get_attribute("rel") == "noopener noreferrer"

    keys.press("Promemoria", "Space")
    mode = {"service_preferences_settings": {"mode": "MANUAL"}}
    version = asked(window, "GET", "/api/identity/v1/profile")["version"]
    asked(window, "POST", "/api/identity/v1/profile", {"version": version, **mode})
    keys.press("Salva")
    page.get_by_text("sono cambiate altrove").wait_for()
    expect(page.get_by_label("Promemoria")).not_to_be_checked()
    expect(page.get_by_label("Può scrivermi")).to_be_checked()
    assert keys.held() == "Salva"
    page.keyboard.press("Enter")
    page.get_by_text("Modifiche salvate").wait_for()
    stored = asked(window, "GET", PREFERENCES)
    assert (stored["is_inbox_enabled"], stored["is_reminder_enabled"]) == (True, False)

    tick(page.get_by_label("Può scrivermi"), on=False)
    act(page.get_by_role("button", name="Salva"))
    page.get_by_text("questo servizio non può scriverti").wait_for()
    assert asked(window, "GET", PREFERENCES)["is_inbox_enabled"] is False
    window.check()


@ON_A_PHONE
def test_a_hostile_name_is_text(window: Watched, host: HostProcess) -> None:
    """A service outside the catalogue has the names of its last message, which run no script."""
    code = new_citizen(window)
    name = f"Mensa {HOSTILE}"
    service, key = own_service(host, code, name=name)
    window.sign_in(code)
    sent(host, code, key=key)
    wait_for(lambda: asked(window, "GET", MESSAGES)["items"])

    show(window, f"/services/{service}")
    expect(window.page.get_by_role("heading", level=1)).to_have_text(name)
    window.page.get_by_text("Questo servizio non è nel catalogo").wait_for()
    window.check()
    act(window.page.get_by_role("link", name="Vedi i messaggi di questo servizio"))
    window.page.get_by_text("Il nuovo regolamento").first.wait_for()

    show(window, "/services/unknown-service")
    window.page.get_by_role("alert").get_by_text("Quello che cerchi").wait_for()
    window.check()
