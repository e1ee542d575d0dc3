"""Staff sign in with a key, send one message, and see what became of it."""

import json
from pathlib import Path

from playwright.sync_api import Route, expect

from infra.local.sandbox.seed import SENDER_KEY
from tests.host.host_process import HostProcess
from tests.web.browser import ON_A_DESKTOP, ON_A_PHONE, Watched
from tests.web.hand import act, reach, write
from tests.web.mail import Office
from tests.web.sending import CITIZEN, MARKDOWN, SUBJECT, call, enter, heading, visit


@ON_A_DESKTOP
def test_a_key_opens_the_console_and_leaves_the_page(window: Watched) -> None:
    """A wrong key is told at its field; no storage that scripts read has a key."""
    page = window.page
    visit(window, "/", "Accedi alla console")
    window.check()
    field = page.get_by_label("Chiave", exact=True)

    act(page.get_by_role("button", name="Accedi", exact=True))
    expect(field).to_be_focused()
    write(field, "not-a-key-of-anybody")
    act(field)
    expect(page.get_by_text("La chiave non è valida")).to_be_visible()
    expect(field).to_be_focused()
    window.check()
    write(field, SENDER_KEY)
    act(field)
    expect(heading(window, "Riepilogo:")).to_be_visible()
    expect(page.get_by_text("Chiamate disponibili")).to_be_visible()
    window.check()

    stored = page.evaluate(
        "JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie])"
    )
    assert SENDER_KEY not in stored
    assert json.loads(stored)[2] == ""
    page.reload()
    expect(heading(window, "Riepilogo:")).to_be_visible()


@ON_A_PHONE
def test_a_message_is_written_checked_sent_and_followed(window: Watched) -> None:
    """Faults are told by field and nothing typed is lost; the citizen's inbox has the message."""
    page = window.page
    enter(window)
    visit(window, "/send", "Invia un messaggio")
    window.check()
    write(page.get_by_label("Oggetto", exact=True), SUBJECT)
    act(page.get_by_role("button", name="Verifica prima di inviare"))

    expect(page.get_by_label("Codice fiscale", exact=True)).to_be_focused()
    expect(page.get_by_text("Il testo deve avere da 80")).to_be_visible()
    expect(page.get_by_label("Oggetto", exact=True)).to_have_value(SUBJECT)
    window.check()

    write(page.get_by_label("Codice fiscale", exact=True), CITIZEN.lower())
    write(page.get_by_label("Testo", exact=True), MARKDOWN)
    write(page.get_by_label("Riferimento interno"), "TARI-2027")
    preview = page.get_by_role("complementary")
    expect(preview.locator("strong", has_text="tassa sui rifiuti")).to_be_visible()
    expect(preview.get_by_role("link", name="sportello")).to_be_visible()
    act(page.get_by_role("button", name="Verifica prima di inviare"))
    expect(page.get_by_text("Il destinatario può ricevere il messaggio.")).to_be_visible()
    window.check()
    act(page.get_by_role("button", name="Continua con l"))
    window.check()
    act(page.get_by_role("dialog").get_by_role("button", name="Invia"))

    expect(heading(window, SUBJECT)).to_be_visible()
    assert CITIZEN not in page.url
    expect(page.get_by_text("Consegnato nella casella")).to_be_visible()
    window.check()
    page.reload()
    expect(page.get_by_text("Consegnato nella casella")).to_be_visible()


def test_a_message_is_found_corrected_and_withdrawn(desktop: Watched) -> None:
    """The search takes the own reference; the correction takes the place of the first message."""
    page = desktop.page
    enter(desktop)
    content = {"subject": SUBJECT, "markdown": MARKDOWN}
    body = {"fiscal_code": CITIZEN, "reference": "PROT-7", "content": content}
    first = call(desktop, "POST", "/api/v1/messages", body)["id"]
    visit(desktop, f"/sent/{first}", SUBJECT)
    expect(page.get_by_text("Consegnato nella casella")).to_be_visible()

    act(page.get_by_role("button", name="Correggi con un nuovo messaggio"))
    expect(heading(desktop, "Correggi un messaggio")).to_be_visible()
    expect(page.get_by_label("Codice fiscale", exact=True)).to_have_value(CITIZEN)
    write(page.get_by_label("Oggetto", exact=True), "Tassa sui rifiuti 2027, corretta")
    act(page.get_by_role("button", name="Verifica prima di inviare"))
    act(page.get_by_role("button", name="Continua con l"))
    act(page.get_by_role("dialog").get_by_role("button", name="Invia"))
    expect(heading(desktop, "corretta")).to_be_visible()
    expect(page.get_by_text("Consegnato nella casella")).to_be_visible()

    visit(desktop, "/sent", "Messaggi inviati")
    desktop.check()
    rows = page.get_by_role("main").get_by_role("listitem")
    expect(rows).not_to_have_count(0)
    page.route("**/sent-messages/search", lambda one: one.fulfill(status=503), times=1)
    write(page.get_by_label("Riferimento o codice fiscale"), "PROT-7")
    act(page.get_by_role("button", name="Cerca"))
    again = page.get_by_role("button", name="Riprova")
    expect(again).to_be_visible()
    expect(rows).to_have_count(0)
    act(again)
    expect(rows).to_have_count(2)
    assert "PROT-7" not in page.url
    expect(rows.filter(has_text="Ritirato")).to_have_count(1)
    act(rows.filter(has_text="Consegnato").get_by_role("link"))
    act(page.get_by_role("button", name="Ritira", exact=True))
    dialog = page.get_by_role("dialog")
    act(dialog.get_by_role("button", name="Ritira", exact=True))
    expect(dialog.get_by_text("Scrivi il motivo")).to_be_visible()
    desktop.check()
    write(dialog.get_by_label("Motivo"), "Importo sbagliato.")
    act(dialog.get_by_role("button", name="Ritira", exact=True))
    expect(page.get_by_text("Importo sbagliato.")).to_be_visible()
    desktop.check()


def correct_the_notice(desktop: Watched) -> None:
    """Have a notice refused for its amount, its number and no due date, and mend them."""
    page = desktop.page
    check = page.get_by_role("button", name="Verifica prima di inviare")
    amount, number, day = (
        page.get_by_label(name, exact=is_exact)
        for name, is_exact in (
            ("Importo in euro", False),
            ("Numero avviso", False),
            ("Scadenza", True),
        )
    )
    act(check)
    expect(page.locator("[aria-invalid=true]")).to_have_count(3)
    expect(amount).to_be_focused()
    desktop.check()
    write(amount, "120,50")
    act(check)
    expect(number).to_be_focused()
    expect(page.get_by_text("Il numero avviso non è valido")).to_be_visible()
    expect(page.get_by_text("Indica un giorno valido")).to_be_visible()
    expect(page.locator("[aria-invalid=true]")).to_have_count(2)
    write(number, "302000000000001909")
    write(day, "2027-03-31")
    act(check)


def test_a_payment_notice_is_sent_and_amended_by_keyboard(desktop: Watched) -> None:
    """Each wrong field is marked, the first has the focus; the amendment is a new version."""
    page = desktop.page
    enter(desktop)
    visit(desktop, "/send?kind=notice", "Invia un avviso di pagamento")
    desktop.check()
    reach(page.get_by_label("Codice fiscale", exact=True))
    keys = page.keyboard
    for text in (CITIZEN, "AVV-1", SUBJECT, "Prima rata", "dodici", "302000000000001910"):
        keys.insert_text(text)
        keys.press("Tab")
    correct_the_notice(desktop)
    expect(page.get_by_role("button", name="Continua con l")).to_be_focused()
    keys.press("Space")
    act(page.get_by_role("dialog").get_by_role("button", name="Invia"))

    expect(page.get_by_role("heading", name="Avviso di pagamento", exact=True)).to_be_visible()
    expect(page.get_by_role("region", name="Avviso di pagamento")).to_contain_text("120,50")
    expect(page.get_by_text("Consegnato nella casella")).to_be_visible()
    notice = page.get_by_role("region", name="Avviso di pagamento")
    act(page.get_by_role("button", name="Modifica l"))
    dialog = page.get_by_role("dialog")
    write(dialog.get_by_label("Importo in euro"), "99,90")
    other = {"subject": SUBJECT, "amount_cents": 11000, "due_date": "2027-03-31", "version": 1}
    call(desktop, "PUT", "/api/v1/payment-notices/01234567890302000000000001909", other)
    act(dialog.get_by_role("button", name="Salva le modifiche"))
    expect(dialog.get_by_text("Nel frattempo")).to_be_visible()
    expect(dialog.get_by_role("listitem").filter(has_text="110,00")).to_be_visible()
    expect(dialog.get_by_label("Importo in euro")).to_have_value("99,90")
    expect(notice).to_contain_text("110,00")
    desktop.check()
    act(dialog.get_by_role("button", name="Salva le modifiche"))
    expect(notice).to_contain_text("99,90")
    expect(page.get_by_text("Versione 3")).to_be_visible()
    act(page.get_by_role("button", name="Annulla l\u2019avviso"))
    desktop.check()
    keys.press("Shift+Tab")
    keys.press("Enter")
    act(page.get_by_role("button", name="Riapri l"))
    expect(page.get_by_role("button", name="Annulla l\u2019avviso")).to_be_visible()
    desktop.check()


def lost(route: Route) -> None:
    """Lose the answer of a call, which the API does."""
    route.fetch()
    route.abort()


def test_an_upload_goes_on_where_it_broke(desktop: Watched, office: Office, tmp_path: Path) -> None:
    """By keyboard: no message goes out without its file, and none goes out twice."""
    page = desktop.page
    keys = page.keyboard
    citizen = next(office.citizens)
    file = tmp_path / "avviso.pdf"
    file.write_bytes(office.paper())
    page.on("filechooser", lambda chooser: chooser.set_files(file))
    enter(desktop)
    visit(desktop, "/send", "Invia un messaggio")
    reach(page.get_by_label("Codice fiscale", exact=True))
    for text in (citizen, "PROT-9", "Avviso con allegato", MARKDOWN):
        keys.insert_text(text)
        keys.press("Tab")
    page.route("**/attachments/*/parts/1", lambda route: route.abort(), times=1)
    act(page.get_by_label("Allegati"))
    expect(page.get_by_text("Nessuna connessione.")).to_be_visible()
    check = page.get_by_role("button", name="Verifica prima di inviare")
    act(check)
    expect(page.get_by_text("Un file non è stato caricato")).to_be_visible()
    expect(page.get_by_label("Allegati")).to_be_focused()
    desktop.check()
    for kind in ("Avviso di pagamento", "Messaggio"):
        act(page.get_by_role("link", name=kind, exact=True))
    act(page.get_by_role("button", name="Riprova"))
    expect(page.get_by_text("Pronto")).to_be_visible()

    wait = {"Retry-After": "1"}
    page.route("**/dry-runs/messages", lambda one: one.fulfill(status=429, headers=wait), times=1)
    act(check)
    go_on = page.get_by_role("button", name="Continua con l")
    expect(go_on).to_be_focused()
    keys.press("Enter")
    keys.press("Enter")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.route("**/api/v1/messages", lost, times=1)
    for key in ("Enter", "Shift+Tab", "Space"):
        keys.press(key)
    expect(page.get_by_text("non parte due volte")).to_be_visible()
    subject = page.get_by_label("Oggetto", exact=True)
    write(subject, "Avviso cambiato")
    expect(page.get_by_text("potrebbe ricevere due messaggi")).to_be_visible()
    desktop.check()
    write(subject, "Avviso con allegato")
    expect(page.get_by_text("potrebbe ricevere due messaggi")).to_have_count(0)
    act(go_on)
    for key in ("Shift+Tab", "Space"):
        keys.press(key)
    expect(heading(desktop, "Avviso con allegato")).to_be_visible()
    expect(page.get_by_text("Consegnato nella casella")).to_be_visible()

    desktop.sign_in(citizen)
    page.goto("/inbox/")
    expect(page.get_by_role("link", name="Avviso con allegato")).to_have_count(1)
    act(page.get_by_role("link", name="Avviso con allegato"))
    expect(page.get_by_text("avviso.pdf").first).to_be_visible()


def test_hostile_texts_stay_texts(desktop: Watched, host: HostProcess) -> None:
    """Neither the preview nor the page of a message runs what a text has in it."""
    page = desktop.page
    enter(desktop)
    hostile = "<img src=x onerror=\"document.title='pwned'\">"
    subject = f"Avviso {hostile}"
    link = "[qui](javascript:document.title='pwned')"
    markdown = f"{hostile} {link} <script>document.title='pwned'</script> {MARKDOWN}"
    visit(desktop, "/send", "Invia un messaggio")
    write(page.get_by_label("Oggetto", exact=True), subject)
    write(page.get_by_label("Testo", exact=True), markdown)
    expect(page.get_by_role("complementary")).to_contain_text("<script>")
    assert page.locator("main img, main script, a[href^='javascript']").count() == 0

    body = {"fiscal_code": CITIZEN, "content": {"subject": subject, "markdown": markdown}}
    sent = call(desktop, "POST", "/api/v1/messages", body)["id"]
    visit(desktop, f"/sent/{sent}", "Avviso")
    expect(page.get_by_text("Consegnato nella casella")).to_be_visible()
    assert page.locator("main img, main script, a[href^='javascript']").count() == 0
    assert "pwned" not in page.title().replace(subject, "")
