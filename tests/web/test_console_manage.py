"""An organisation comes to its first service, manages services, and reads its statistics."""

import base64
import re
from typing import Any, Final

from playwright.sync_api import Page, Route, expect

from functions.http.pa.services.logo import ONE_PIXEL
from functions.http.pa.services.services import EXAMPLE
from infra.local.sandbox.seed import CITIZEN, MANAGE_KEY, SENDER_KEY, SERVICE_ID
from lib.adapters.embedded.registers.scripted_public_bodies import BODIES
from tests.builders.messages import a_message
from tests.host.host_process import HostProcess
from tests.web.browser import ON_A_DESKTOP, ON_A_PHONE, Watched
from tests.web.console import call, code_of, sign_in
from tests.web.hand import act, attach, pick, reach, tick, write

MANAGED: Final = SERVICE_ID
"""A service of the sandbox's organisation."""
PRIVACY: Final = "https://www.comune.example.org/privacy"


def fill_service(page: Page, name: str) -> None:
    """Fill in the form of a service."""
    write(page.get_by_label("Nome del servizio"), name)
    write(page.get_by_label("Descrizione"), "Avvisi e scadenze della tassa sui rifiuti.")
    pick(page.get_by_label("Argomento"), index=3)
    write(page.get_by_label("Informativa sulla privacy"), PRIVACY)
    write(page.get_by_label("E-mail (facoltativo)", exact=True), "tributi@comune.example.org")


def lose_answer(route: Route) -> None:
    """Let the host do what is asked, and the browser not hear of it."""
    route.fetch()
    route.abort()


@ON_A_PHONE
def test_an_organisation_starts_in_four_steps(window: Watched, host: HostProcess) -> None:
    """It applies, describes a service, sends a test message, and asks for a review."""
    page = window.page
    page.goto("/console/")
    act(page.get_by_role("link", name="Inizia da qui"))
    act(page.get_by_role("button", name="Richiedi il codice"))
    expect(page.get_by_label("Codice fiscale dell\u2019ente")).to_be_focused()
    window.check()
    write(page.get_by_label("Codice fiscale dell\u2019ente"), BODIES[0].fiscal_code)
    with page.expect_response("**/api/v1/organizations") as applied:
        act(page.get_by_role("button", name="Richiedi il codice"))
    write(page.get_by_label("Codice di conferma"), code_of(host, applied.value.json()["id"]))
    act(page.get_by_role("button", name="Conferma"))
    expect(page.get_by_label("Chiave primaria")).not_to_have_value(re.compile(r"^\*"))
    window.check()
    act(page.get_by_role("button", name="Ho conservato le chiavi"))
    expect(page.get_by_role("button", name="Crea il servizio")).to_be_visible()
    page.goto("/console/reminders")
    expect(page.get_by_text("non ha ancora servizi")).to_be_visible()
    page.goto("/console/onboarding")
    act(page.get_by_role("button", name="Continua"))

    act(page.get_by_role("button", name="Crea il servizio"))
    expect(page.get_by_label("Nome del servizio")).to_be_focused()
    expect(page.get_by_text("Compila questo campo.").first).to_be_visible()
    window.check()
    fill_service(page, "Tassa sui rifiuti di prova")
    page.route("**/api/v1/manage/services", lose_answer, times=1)
    act(page.get_by_role("button", name="Crea il servizio"))
    expect(page.get_by_text("il servizio sarà creato una volta sola")).to_be_visible()
    window.check()
    with page.expect_response("**/api/v1/manage/services") as made:
        act(page.get_by_role("button", name="Crea il servizio"))
    assert made.value.headers["idempotent-replay"] == "true"

    act(page.get_by_role("button", name="Invia il messaggio di prova"))
    expect(page.get_by_text("Consegnato: il messaggio è nella casella")).to_be_visible()
    window.check()
    act(page.get_by_role("button", name="Continua"))
    act(page.get_by_role("button", name="Invia in revisione"))
    expect(page.get_by_text("Il servizio attende una decisione.")).to_be_visible()
    window.check()


def be_overtaken(window: Watched, host: HostProcess) -> None:
    """Let another person change the service that is edited: saving is refused, nothing is lost."""
    page = window.page
    path = f"/api/v1/manage/services/{page.url.split('/')[-2]}"
    other = {**EXAMPLE, "name": "Mensa di un altro"}
    call(host, "PUT", path, MANAGE_KEY, other)
    act(page.get_by_role("button", name="Salva"))
    expect(page.get_by_text("Qualcun altro ha modificato il servizio")).to_be_visible()
    expect(page.get_by_label("Nome del servizio")).to_have_value("Mensa delle scuole")
    window.check()


@ON_A_DESKTOP
def test_a_manager_creates_edits_and_deletes_a_service(window: Watched, host: HostProcess) -> None:
    """Refusals and another person's change lose nothing; keys are shown once; a logo is seen."""
    page = window.page
    sign_in(window, MANAGE_KEY)
    page.goto("/console/services")
    expect(page.get_by_role("link", name="Tassa sui rifiuti").first).to_be_visible()
    window.check()
    act(page.get_by_role("link", name="Nuovo servizio"))
    fill_service(page, "Mensa scolastica")
    write(page.get_by_label("Reti autorizzate"), "192.0.2.0/24\nqui")
    write(page.get_by_label("Importo massimo"), "1500,50")
    act(page.get_by_role("button", name="Crea il servizio"))
    expect(page.get_by_label("Reti autorizzate")).to_be_focused()
    expect(page.get_by_label("Reti autorizzate")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("Descrizione")).not_to_have_value("")
    write(page.get_by_label("Reti autorizzate"), "")
    act(page.get_by_role("button", name="Crea il servizio"))

    expect(page.get_by_role("heading", level=1, name="Mensa scolastica")).to_be_visible()
    expect(page.get_by_text("1.500,50")).to_be_visible()
    expect(page.get_by_text("Nessun logo.")).to_be_visible()
    window.check()
    attach(page.get_by_label("Scegli un\u2019immagine"), a_file("logo.png", ONE_PIXEL))
    expect(page.get_by_role("img", name="Logo attuale")).to_be_visible()

    act(page.get_by_role("link", name="Modifica i dati"))
    write(page.get_by_label("Nome del servizio"), "Mensa delle scuole")
    be_overtaken(window, host)
    page.reload()
    expect(page.get_by_label("Nome del servizio")).to_have_value("Mensa di un altro")
    write(page.get_by_label("Nome del servizio"), "Mensa delle scuole")
    act(page.get_by_role("button", name="Salva"))
    expect(page.get_by_role("heading", level=1, name="Mensa delle scuole")).to_be_visible()
    act(page.get_by_role("link", name="Cronologia"))
    expect(page.get_by_role("listitem").filter(has_text="Bozza")).to_have_count(3)
    window.check()

    page.go_back()
    act(page.get_by_role("link", name="Chiavi"))
    expect(page.get_by_text("Copiala ora").first).to_be_visible()
    window.check()
    page.reload()
    expect(page.get_by_label("Chiave primaria").last).to_have_value(re.compile(r"^\*"))
    act(page.get_by_role("button", name="Sostituisci la chiave primaria"))
    window.check()
    act(page.get_by_role("button", name="Sostituisci", exact=True))
    expect(page.get_by_text("Copiala ora")).to_have_count(1)

    act(page.get_by_role("link", name="Torna al servizio"))
    act(page.get_by_role("button", name="Elimina il servizio"))
    act(page.get_by_role("dialog").get_by_role("button", name="Elimina il servizio"))
    expect(page.get_by_role("heading", level=1, name="Servizi")).to_be_visible()
    expect(page.get_by_role("link", name="Mensa delle scuole")).to_have_count(0)


def a_file(name: str, content: str) -> Any:
    """Return a PNG file of a text in base64, for a file field."""
    return {"name": name, "mimeType": "image/png", "buffer": base64.b64decode(content)}


def test_a_manager_gives_and_revokes_a_delegation(desktop: Watched) -> None:
    """A wrong code is refused at its field; the state of a delegation is written out."""
    page = desktop.page
    sign_in(desktop, MANAGE_KEY)
    page.goto("/console/delegations")
    act(page.get_by_role("button", name="Delega un intermediario"))
    write(page.get_by_label("Codice fiscale dell\u2019intermediario"), "1")
    act(page.get_by_role("button", name="Salva"))
    expect(page.get_by_label("Codice fiscale dell\u2019intermediario")).to_be_focused()
    desktop.check()
    write(page.get_by_label("Codice fiscale dell\u2019intermediario"), "00000000042")
    write(page.get_by_label("Fino al"), "2030-01-31")
    tick(page.get_by_label("Tassa sui rifiuti").first)
    act(page.get_by_role("button", name="Salva"))
    expect(page.get_by_text("31 gennaio 2030")).to_be_visible()
    given = page.get_by_role("region", name="Intermediario 00000000042")
    expect(given.get_by_text("Tassa sui rifiuti")).to_be_visible()
    desktop.check()
    act(page.get_by_role("button", name="Revoca la delega"))
    act(page.get_by_role("dialog").get_by_role("button", name="Revoca la delega"))
    expect(page.get_by_text("Revocata", exact=True)).to_be_visible()
    page.goto("/console/organization")
    expect(page.get_by_text("01234567890")).to_be_visible()
    desktop.check()


def test_rules_of_sending_by_keyboard(desktop: Watched, host: HostProcess) -> None:
    """From the service to its rules and to its clients; a voucher that is none is refused."""
    page, keys = desktop.page, desktop.page.keyboard
    sign_in(desktop, MANAGE_KEY)
    page.goto("/console/")
    now = page.get_by_role("region", name="Adesso")
    expect(now.get_by_text("Nessuna richiesta in attesa.")).to_be_visible()
    desktop.check()
    page.goto(f"/console/services/{MANAGED}")
    act(page.get_by_role("link", name="Regole di invio"))
    reach(page.get_by_label("Invia comunque"))
    keys.press("ArrowDown")
    act(page.get_by_role("button", name="Salva la regola"))
    expect(page.get_by_text("Le regole sono salvate")).to_be_visible()
    path = f"/api/v1/manage/services/{MANAGED}/duplicate-policy"
    assert call(host, "GET", path, MANAGE_KEY) == {"policy": "REFUSE"}
    pick(page.get_by_label("Lingua accanto all\u2019italiano"), "sl_SI")
    desktop.check()
    with page.expect_response(lambda answer: answer.url.endswith("/second-language")):
        act(page.get_by_role("button", name="Salva la lingua"))
    page.reload()
    expect(page.get_by_label("Lingua accanto all\u2019italiano")).to_have_value("sl_SI")
    expect(page.get_by_label("Rifiuta")).to_be_checked()
    call(host, "PUT", path, MANAGE_KEY, {"policy": "ACCEPT"})
    call(host, "PUT", path.replace("duplicate-policy", "second-language"), MANAGE_KEY, {})

    act(page.get_by_role("link", name="Torna al servizio"))
    act(page.get_by_role("link", name="Client PDND"))
    expect(page.get_by_role("region", name=re.compile("Client 5a4d0000"))).to_be_visible()
    act(page.get_by_role("button", name="Collega il client", exact=True))
    expect(page.get_by_label("Id del client")).to_be_focused()
    desktop.check()
    keys.type("1")
    write(page.get_by_label("Id della finalità"), "b1d6a3c4-0000-4000-8000-000000000001")
    write(page.get_by_label("Chiavi pubbliche"), "{")
    keys.press("Tab")
    keys.press("Enter")
    expect(page.get_by_text("non è una chiave in formato JWK")).to_be_visible()
    write(page.get_by_label("Chiavi pubbliche"), "")
    act(page.get_by_role("button", name="Collega il client", exact=True))
    expect(page.get_by_label("Voucher", exact=True)).to_have_attribute("aria-invalid", "true")
    desktop.check()


def test_a_host_of_remote_content_by_keyboard(desktop: Watched) -> None:
    """A refusal names the field in Italian; a stored secret is not shown, and stays."""
    page, keys = desktop.page, desktop.page.keyboard
    sign_in(desktop, MANAGE_KEY)
    page.goto("/console/remote-contents")
    expect(page.get_by_text("Nessuna configurazione.")).to_be_visible()
    desktop.check()
    act(page.get_by_role("link", name="Nuova configurazione"))
    act(page.get_by_role("button", name="Crea la configurazione"))
    expect(page.get_by_label("Nome", exact=True)).to_be_focused()
    desktop.check()
    keys.type("Referti")
    write(page.get_by_label("Scopo"), "I referti restano presso l\u2019azienda sanitaria.")
    write(page.get_by_label("Indirizzo", exact=True), "http://www.example.org")
    write(page.get_by_label("Nome dell\u2019intestazione"), "X-Api-Key")
    write(page.get_by_label("Chiave", exact=True), "sandbox-host-key")
    write(page.get_by_label("Cittadini di prova"), CITIZEN)
    act(page.get_by_role("button", name="Crea la configurazione"))
    expect(page.get_by_text("Scrivi un indirizzo https con un nome pubblico.")).to_be_visible()
    write(page.get_by_label("Indirizzo", exact=True), "https://host.recapito.example")
    act(page.get_by_role("button", name="Crea la configurazione"))
    expect(page.get_by_role("heading", level=1, name="Referti")).to_be_visible()
    expect(page.get_by_label("Chiave", exact=True)).to_have_value("********")
    desktop.check()
    write(page.get_by_label("Nome", exact=True), "Referti e cartelle")
    act(page.get_by_role("button", name="Salva la configurazione"))
    expect(page.get_by_role("heading", level=1, name="Referti e cartelle")).to_be_visible()

    write(page.get_by_label("Id del messaggio nel tuo sistema"), "1")
    write(page.get_by_label("Codice fiscale del cittadino"), CITIZEN)
    act(page.get_by_role("button", name="Avvia la prova"))
    expect(page.get_by_text("Il server non risponde come deve.")).to_be_visible()
    desktop.check()
    act(page.get_by_role("link", name="Contenuti remoti").first)
    expect(page.get_by_role("link", name="Referti e cartelle")).to_be_visible()


@ON_A_PHONE
def test_a_sender_reads_statistics_and_limits(window: Watched, host: HostProcess) -> None:
    """A chart has its numbers in a table, a file has them too; small counts are withheld."""
    for _ in range(3):
        call(host, "POST", "/api/v1/messages", SENDER_KEY, a_message(fiscal_code=CITIZEN))
    page = window.page
    sign_in(window, SENDER_KEY)
    page.goto("/console/statistics")
    # the two parts of the page come in any order
    messages = page.get_by_role("region", name="Messaggi", exact=True)
    payments = page.get_by_role("region", name="Avvisi di pagamento", exact=True)
    act(messages.get_by_text("Mostra i dati in tabella"))
    table = page.get_by_role("region", name="Messaggi per giorno ed esito")
    expect(table.get_by_role("row")).to_have_count(31)
    act(payments.get_by_text("Mostra i dati in tabella").first)
    window.check()
    with page.expect_download() as file:
        act(messages.get_by_role("button", name="Scarica CSV"))
    assert file.value.path().read_text("utf-8-sig").startswith("day,sent,accepted,")
    write(page.get_by_label("Dal"), page.get_by_label("Al", exact=True).input_value())
    page.keyboard.press("Enter")
    expect(table.get_by_role("row")).to_have_count(2)
    assert "from=" in page.url

    page.goto("/console/limits")
    expect(page.get_by_role("row").filter(has_text="Importo di un pagamento")).to_be_visible()
    window.check()
