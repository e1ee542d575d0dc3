"""Staff save a template, send a batch by it, and read what became of each row."""

from pathlib import Path

from playwright.sync_api import Route, expect

from infra.local.sandbox.seed import MANAGE_KEY, SLOW_KEY
from tests.web.browser import ON_A_DESKTOP, Watched
from tests.web.console import sign_in
from tests.web.hand import act, attach, pick, reach, write
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
    act(page.get_by_role("link", name="Nuovo modello"))
    write(page.get_by_label("Nome", exact=True), name)
    write(page.get_by_label("Oggetto", exact=True), "Tassa sui rifiuti per {{ nome }}")
    write(page.get_by_label("Testo", exact=True), MARKDOWN)
    window.check()
    act(page.get_by_role("button", name="Salva il modello"))
    expect(heading(window, name)).to_be_visible()

    write(page.get_by_label("nome", exact=True), "Ada")
    act(page.get_by_role("button", name="Mostra l"))
    preview = page.get_by_role("article", name="Anteprima del messaggio")
    expect(preview).to_contain_text("Tassa sui rifiuti per Ada")
    write(page.get_by_label("Testo", exact=True), f"{MARKDOWN} Anno {{{{ anno }}}}.")
    expect(page.get_by_text("Questa modifica richiede dati nuovi")).to_contain_text("anno")
    window.check()
    act(page.get_by_role("button", name="Salva il modello"))
    pick(page.get_by_label("Versioni"), "1")
    expect(page.get_by_label("Testo", exact=True)).to_have_value(MARKDOWN)
    expect(page.get_by_text("Questa è una versione precedente")).to_be_visible()


def test_a_batch_goes_from_its_list_to_its_results(desktop: Watched, tmp_path: Path) -> None:
    """Wrong rows are told by row and left out; each sent row has a message that is recalled."""
    page = desktop.page
    enter(desktop)
    visit(desktop, "/batches/new", "Nuovo invio massivo")
    act(page.get_by_role("button", name="Carica e verifica"))
    expect(page.get_by_label("Nome dell")).to_be_focused()
    expect(page.get_by_text("Scegli un file")).to_be_visible()
    expect(page.locator("[aria-invalid=true]")).to_have_count(4)
    desktop.check()

    write(page.get_by_label("Nome dell"), "TARI 2027")
    write(page.get_by_label("Oggetto", exact=True), "Tassa sui rifiuti per {{ nome }}")
    write(page.get_by_label("Testo", exact=True), MARKDOWN)
    file = tmp_path / "elenco.csv"
    file.write_text(LIST)
    attach(page.get_by_label("Elenco dei destinatari"), file)
    expect(page.get_by_text("4 righe lette")).to_be_visible()
    act(page.get_by_role("button", name="Carica e verifica"))

    expect(heading(desktop, "TARI 2027")).to_be_visible()
    problems = page.get_by_role("region", name="Problemi per riga")
    expect(problems.get_by_role("row")).to_have_count(3)
    send = page.get_by_role("button", name="Invia 2 messaggi")
    expect(send).to_be_disabled()
    desktop.check()
    with page.expect_download() as download:
        act(page.get_by_role("button", name="Scarica tutti i problemi"))
    assert "codice_fiscale" in Path(download.value.path()).read_text("utf-8-sig")
    act(page.get_by_label("Lascia fuori 2 righe con problemi"))
    act(send)
    desktop.check()
    act(page.get_by_role("dialog").get_by_role("button", name="Invia 2 messaggi"))
    expect(page.get_by_text("Concluso")).to_be_visible()
    expect(page.get_by_text("2 righe su 2")).to_be_visible()
    desktop.check()
    with page.expect_download() as download:
        act(page.get_by_role("button", name="Scarica gli esiti"))
    assert len(Path(download.value.path()).read_text().splitlines()) >= 3

    act(page.get_by_role("button", name="Ritira tutti i messaggi"))
    dialog = page.get_by_role("dialog")
    write(dialog.get_by_label("Motivo"), "Importo sbagliato.")
    act(dialog.get_by_role("button", name="Ritira tutti i messaggi"))
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
    write(page.get_by_label("Nome dell"), "Elenco lungo")
    attach(page.get_by_label("Elenco dei destinatari"), file)
    preview = page.get_by_role("article", name="Anteprima del messaggio")
    expect(preview).to_contain_text("Tassa sui rifiuti per Eva")
    reach(page.get_by_label("Anteprima della riga"))
    page.keyboard.press("ArrowUp")
    expect(preview).to_contain_text("Tassa sui rifiuti per Ivo")

    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/recipients/parts/2", hold, times=1)
    act(page.get_by_role("button", name="Carica e verifica"))
    bar = page.get_by_role("progressbar")
    expect(bar).to_have_js_property("value", 0.25)
    expect(page.get_by_role("button", name="Carica e verifica")).to_be_disabled()
    desktop.check()
    held[0].abort()
    expect(page.get_by_text("Nessuna connessione.")).to_be_visible()
    expect(page.get_by_label("Nome dell")).to_have_value("Elenco lungo")
    act(page.get_by_role("button", name="Carica e verifica"))
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
    write(page.get_by_label("Nome dell"), "Da approvare")
    write(page.get_by_label("Oggetto", exact=True), "Tassa sui rifiuti per {{ nome }}")
    write(page.get_by_label("Testo", exact=True), MARKDOWN)
    file = tmp_path / "elenco.jsonl"
    rows = (f'{{"fiscal_code": "{CITIZEN}", "nome": "{name}"}}\n' for name in "ABCDE")
    file.write_text("".join(rows))
    attach(page.get_by_label("Elenco dei destinatari"), file)
    write(page.get_by_label("Righe al minuto"), "1")
    act(page.get_by_label("Serve l"))
    act(page.get_by_role("button", name="Carica e verifica"))
    press(desktop, "Chiedi l\u2019approvazione per 5 messaggi")
    expect(page.get_by_text("Una seconda persona, con")).to_be_visible()
    press(desktop, "Approva")
    expect(page.get_by_text("Chi ha chiesto l")).to_be_visible()
    desktop.check()

    address = page.url
    switcher = page.get_by_label("Stai usando")
    acting = switcher.input_value()
    others = [one.get_attribute("value") for one in switcher.locator("option").all()]
    pick(switcher, next(one for one in others if one != acting))
    page.goto(address)
    press(desktop, "Approva")
    status = page.get_by_role("status")
    act(page.get_by_role("button", name="Metti in pausa"))
    expect(status.get_by_text("In pausa")).to_be_visible()
    desktop.check()
    press(desktop, "Riprendi")
    expect(status.get_by_text("Invio in corso")).to_be_visible()
    press(desktop, "Annulla l\u2019invio")
    expect(status.get_by_text("Annullato")).to_be_visible()


def press(window: Watched, name: str) -> None:
    """Press a button by keyboard, and then the first answer of the question that it asks."""
    page = window.page
    act(page.get_by_role("button", name=name, exact=True))
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
    act(page.get_by_label("15 giorni prima"))
    pick(page.get_by_label("Ora", exact=True), "11")
    pick(page.get_by_label("Al massimo per messaggio"), "5")
    write(page.get_by_label("Scadenza", exact=True), "2027-03-31")
    write(page.get_by_label("Destinatario di prova"), CITIZEN)
    act(page.get_by_role("button", name="Mostra le date"))
    expect(page.get_by_text("16 marzo 2027, tra le 11 e le 12")).to_be_visible()
    desktop.check()

    page.request.delete(
        f"{desktop.base}/api/console/v1/keys", headers=OWN | {"Origin": desktop.base}
    )
    enter(desktop, MANAGE_KEY)
    visit(desktop, "/reminders", "Promemoria del servizio")
    act(page.get_by_label("15 giorni prima"))
    desktop.check()
    act(page.get_by_role("button", name="Salva", exact=True))
    expect(page.get_by_text("I promemoria sono")).to_be_visible()
    page.reload()
    expect(page.get_by_label("15 giorni prima")).to_be_checked()
