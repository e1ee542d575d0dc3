"""Staff save a template, send a batch by it, and read what became of each row."""

from pathlib import Path

from playwright.sync_api import Route, expect

from infra.local.sandbox.seed import MANAGE_KEY, SLOW_KEY
from tests.web.browser import ON_A_DESKTOP, Watched
from tests.web.console import sign_in
from tests.web.sending import CITIZEN, MARKDOWN, OWN, call, enter, heading, visit

LIST = (
    "codice_fiscale;nome\n"
    f"{CITIZEN};Ada\n"
    "RSSMRA80A01H501U;Mario\n"
    "NON-UN-CODICE;Nessuno\n"
    "INBOFF00A00A000A;Chiuso\n"
)


@ON_A_DESKTOP
def test_a_template_is_saved_shown_and_changed(window: Watched) -> None:
    """An edit that needs new data says so before it is saved; the earlier version stays."""
    page = window.page
    name = "tari-2027"
    enter(window)
    visit(window, "/templates", "Modelli")
    window.check()
    page.get_by_role("link", name="Nuovo modello").click()
    page.get_by_label("Nome", exact=True).fill(name)
    page.get_by_label("Oggetto", exact=True).fill("Tassa sui rifiuti per {{ nome }}")
    page.get_by_label("Testo", exact=True).fill(MARKDOWN)
    window.check()
    page.get_by_role("button", name="Salva il modello").click()
    expect(heading(window, name)).to_be_visible()

    page.get_by_label("nome", exact=True).fill("Ada")
    page.get_by_role("button", name="Mostra l").click()
    preview = page.get_by_role("article", name="Anteprima del messaggio")
    expect(preview).to_contain_text("Tassa sui rifiuti per Ada")
    page.get_by_label("Testo", exact=True).fill(f"{MARKDOWN} Anno {{{{ anno }}}}.")
    expect(page.get_by_text("Questa modifica richiede dati nuovi")).to_contain_text("anno")
    window.check()
    page.get_by_role("button", name="Salva il modello").click()
    page.get_by_label("Versioni").select_option("1")
    expect(page.get_by_label("Testo", exact=True)).to_have_value(MARKDOWN)
    expect(page.get_by_text("Questa è una versione precedente")).to_be_visible()


def test_a_batch_goes_from_its_list_to_its_results(desktop: Watched, tmp_path: Path) -> None:
    """Wrong rows are told by row and left out; each sent row has a message that is recalled."""
    page = desktop.page
    enter(desktop)
    visit(desktop, "/batches/new", "Nuovo invio massivo")
    page.get_by_role("button", name="Carica e verifica").click()
    expect(page.get_by_label("Nome dell")).to_be_focused()
    expect(page.get_by_text("Scegli un file")).to_be_visible()
    expect(page.locator("[aria-invalid=true]")).to_have_count(4)
    desktop.check()

    page.get_by_label("Nome dell").fill("TARI 2027")
    page.get_by_label("Oggetto", exact=True).fill("Tassa sui rifiuti per {{ nome }}")
    page.get_by_label("Testo", exact=True).fill(MARKDOWN)
    file = tmp_path / "elenco.csv"
    file.write_text(LIST)
    page.get_by_label("Elenco dei destinatari").set_input_files(file)
    expect(page.get_by_text("4 righe lette")).to_be_visible()
    page.get_by_role("button", name="Carica e verifica").click()

    expect(heading(desktop, "TARI 2027")).to_be_visible()
    problems = page.get_by_role("region", name="Problemi per riga")
    expect(problems.get_by_role("row")).to_have_count(3)
    send = page.get_by_role("button", name="Invia 2 messaggi")
    expect(send).to_be_disabled()
    desktop.check()
    with page.expect_download() as download:
        page.get_by_role("button", name="Scarica tutti i problemi").click()
    assert "codice_fiscale" in Path(download.value.path()).read_text("utf-8-sig")
    page.get_by_label("Lascia fuori 2 righe con problemi").press("Space")
    send.click()
    desktop.check()
    page.get_by_role("dialog").get_by_role("button", name="Invia 2 messaggi").click()
    expect(page.get_by_text("Concluso")).to_be_visible()
    expect(page.get_by_text("2 righe su 2")).to_be_visible()
    desktop.check()
    with page.expect_download() as download:
        page.get_by_role("button", name="Scarica gli esiti").click()
    assert len(Path(download.value.path()).read_text().splitlines()) >= 3

    page.get_by_role("button", name="Ritira tutti i messaggi").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Motivo").fill("Importo sbagliato.")
    dialog.get_by_role("button", name="Ritira tutti i messaggi").click()
    expect(page.get_by_role("status").get_by_text("Ritirato")).to_be_visible()
    visit(desktop, "/batches", "Invii massivi")
    expect(page.get_by_role("link", name="TARI 2027")).to_be_visible()
    desktop.check()


def test_a_long_list_goes_on_in_parts(desktop: Watched, tmp_path: Path) -> None:
    """A row is shown by the template; a broken upload goes on with the batch that was made."""
    page = desktop.page
    enter(desktop)
    template = {"subject": "Tassa sui rifiuti per {{ nome }}", "markdown": MARKDOWN}
    call(desktop, "PUT", "/api/v1/templates/elenco-lungo", template)
    file = tmp_path / "lungo.csv"
    note = "x" * 3_000_000
    people = (("RSSMRA80A01H501U", "Mario"), (CITIZEN, "Ada"), (CITIZEN, "Zoe"))
    rows = "".join(f"{code};{name};{note}\n" for code, name in people)
    file.write_text(f"codice_fiscale;nome;nota\n{CITIZEN};Eva;-\n{CITIZEN};Ivo;-\n{rows}")
    assert file.stat().st_size > 9_000_000
    visit(desktop, "/batches/new?template=elenco-lungo", "Nuovo invio massivo")
    page.get_by_label("Nome dell").fill("Elenco lungo")
    page.get_by_label("Elenco dei destinatari").set_input_files(file)
    preview = page.get_by_role("article", name="Anteprima del messaggio")
    expect(preview).to_contain_text("Tassa sui rifiuti per Eva")
    page.get_by_label("Anteprima della riga").press("ArrowUp")
    expect(preview).to_contain_text("Tassa sui rifiuti per Ivo")

    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/recipients/parts/2", hold, times=1)
    page.get_by_role("button", name="Carica e verifica").press("Enter")
    bar = page.get_by_role("progressbar")
    expect(bar).to_have_js_property("value", 0.25)
    expect(page.get_by_role("button", name="Carica e verifica")).to_be_disabled()
    desktop.check()
    held[0].abort()
    expect(page.get_by_text("Nessuna connessione.")).to_be_visible()
    expect(page.get_by_label("Nome dell")).to_have_value("Elenco lungo")
    page.get_by_role("button", name="Carica e verifica").press("Enter")
    expect(heading(desktop, "Elenco lungo")).to_be_visible()
    expect(page.get_by_role("button", name="Invia 2 messaggi")).to_be_visible()
    expect(page.get_by_text("Il valore è troppo lungo")).to_have_count(4)
    found = call(desktop, "GET", "/api/v1/batches")["items"]
    assert [one["name"] for one in found].count("Elenco lungo") == 1


def test_a_second_person_approves_and_pauses(desktop: Watched, tmp_path: Path) -> None:
    """By keyboard: the person of the request cannot approve; a cancelled batch sends no row."""
    page = desktop.page
    sign_in(desktop, SLOW_KEY)
    enter(desktop)
    visit(desktop, "/batches/new", "Nuovo invio massivo")
    page.get_by_label("Nome dell").fill("Da approvare")
    page.get_by_label("Oggetto", exact=True).fill("Tassa sui rifiuti per {{ nome }}")
    page.get_by_label("Testo", exact=True).fill(MARKDOWN)
    file = tmp_path / "elenco.jsonl"
    rows = (f'{{"fiscal_code": "{CITIZEN}", "nome": "{name}"}}\n' for name in "ABCDE")
    file.write_text("".join(rows))
    page.get_by_label("Elenco dei destinatari").set_input_files(file)
    page.get_by_label("Righe al minuto").fill("1")
    page.get_by_label("Serve l").press("Space")
    page.get_by_role("button", name="Carica e verifica").press("Enter")
    press(desktop, "Chiedi l\u2019approvazione per 5 messaggi")
    expect(page.get_by_text("Una seconda persona, con")).to_be_visible()
    press(desktop, "Approva")
    expect(page.get_by_text("Chi ha chiesto l")).to_be_visible()
    desktop.check()

    address = page.url
    switcher = page.get_by_label("Stai usando")
    acting = switcher.input_value()
    others = [one.get_attribute("value") for one in switcher.locator("option").all()]
    switcher.select_option(next(one for one in others if one != acting))
    page.goto(address)
    press(desktop, "Approva")
    status = page.get_by_role("status")
    page.get_by_role("button", name="Metti in pausa").press("Enter")
    expect(status.get_by_text("In pausa")).to_be_visible()
    desktop.check()
    press(desktop, "Riprendi")
    expect(status.get_by_text("Invio in corso")).to_be_visible()
    press(desktop, "Annulla l\u2019invio")
    expect(status.get_by_text("Annullato")).to_be_visible()


def press(window: Watched, name: str) -> None:
    """Press a button by keyboard, and then the first answer of the question that it asks."""
    page = window.page
    page.get_by_role("button", name=name, exact=True).press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_the_reminder_policy_shows_its_dates(desktop: Watched) -> None:
    """A service's key tries rules and sees their dates; a manage key saves them for a service."""
    page = desktop.page
    enter(desktop)
    visit(desktop, "/reminders", "Promemoria del servizio")
    expect(page.get_by_text("Con questa chiave non puoi salvare")).to_be_visible()
    page.get_by_label("15 giorni prima").press("Space")
    page.get_by_label("Ora", exact=True).select_option("11")
    page.get_by_label("Al massimo per messaggio").select_option("5")
    page.get_by_label("Scadenza", exact=True).fill("2027-03-31")
    page.get_by_label("Destinatario di prova").fill(CITIZEN)
    page.get_by_role("button", name="Mostra le date").click()
    expect(page.get_by_text("16 marzo 2027, tra le 11 e le 12")).to_be_visible()
    desktop.check()

    page.request.delete(
        f"{desktop.base}/api/console/v1/keys", headers=OWN | {"Origin": desktop.base}
    )
    enter(desktop, MANAGE_KEY)
    visit(desktop, "/reminders", "Promemoria del servizio")
    page.get_by_label("15 giorni prima").press("Space")
    desktop.check()
    page.get_by_role("button", name="Salva", exact=True).click()
    expect(page.get_by_text("I promemoria sono")).to_be_visible()
    page.reload()
    expect(page.get_by_label("15 giorni prima")).to_be_checked()
