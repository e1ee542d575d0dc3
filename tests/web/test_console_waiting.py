"""Messages that wait, a recall between two times, and the failed rows of a batch."""

from datetime import timedelta
from typing import Final
from zoneinfo import ZoneInfo

from playwright.sync_api import Route, expect

from functions.http.pa.services.services import EXAMPLE
from infra.local.sandbox.seed import CITIZEN, MANAGE_KEY, SERVICE_ID
from lib.adapters.embedded.registers.scripted_public_bodies import BODIES
from tests.host.host_process import HostProcess, wait_for
from tests.web.browser import Watched
from tests.web.console import call, code_of, sign_in
from tests.web.hand import act, reach, write
from tests.web.mail import Office
from tests.web.sending import MARKDOWN, enter, visit

SETTINGS: Final = {"TRIAL_DAILY_MESSAGES": "1", "SENDER_CACHE_SECONDS": "0"}
"""An organisation on trial sends one message a day; a changed policy is true at once."""
NOTICE: Final = "302000000000071015"
TOMORROWS: Final = "Annulla l\u2019invio «Avviso di domani» a {}"
PEOPLE: Final = (CITIZEN, "RSSMRA80A01H501U")
MANAGED: Final = "/api/v1/manage/services"


def answer(window: Watched, button: str) -> None:
    """Press a button of a question by keyboard; the focus begins at the harmless answer."""
    page = window.page
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Shift+Tab")
    expect(page.get_by_role("dialog").get_by_role("button", name=button)).to_be_focused()
    page.keyboard.press("Enter")


def test_what_waits_is_decided_on_the_overview(desktop: Watched, office: Office) -> None:
    """By keyboard: a held message is sent, one is dropped, and a set sending is cancelled."""
    page = desktop.page
    citizen = next(office.citizens)
    office.call("PUT", f"{MANAGED}/{SERVICE_ID}/duplicate-policy", {"policy": "HOLD"}, MANAGE_KEY)
    ids = [office.send(citizen, f"Tassa sui rifiuti, rata {one}", pays=NOTICE) for one in (1, 2, 3)]
    tomorrow = (office.now() + timedelta(days=1)).isoformat()
    waiting = office.send(citizen, "Avviso di domani", send_at=tomorrow)
    wait_for(lambda: len(office.call("GET", "/api/v1/held-messages")["items"]) == 2, 30)
    enter(desktop)
    held = page.get_by_role("region", name="In attesa di una tua decisione")
    expect(held.get_by_role("listitem")).to_have_count(2)
    desktop.check()

    # all of them ask for one payment: recipient and time tell them apart
    act(held.get_by_role("button", name=f"Invia comunque Avviso {NOTICE} per {citizen}").first)
    expect(page.get_by_role("dialog")).to_contain_text(f"a {citizen} per l\u2019avviso {NOTICE}")
    desktop.check()
    page.keyboard.press("Enter")
    expect(held.get_by_role("listitem")).to_have_count(2)
    act(held.get_by_role("button", name="Invia comunque").first)
    answer(desktop, "Invia comunque")
    expect(held.get_by_role("listitem")).to_have_count(1)
    expect(held.get_by_role("heading")).to_be_focused()
    on_its_way: list[Route] = []

    def hold(route: Route) -> None:
        on_its_way.append(route)

    page.route("**/held-messages/*", hold, times=1)
    act(held.get_by_role("button", name="Non inviare"))
    answer(desktop, "Non inviare")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("Operazione in corso")).to_be_visible()
    desktop.check()
    for key in ("Escape", "Escape", "Tab", "Enter"):
        page.keyboard.press(key)
    expect(dialog.get_by_text("Operazione in corso")).to_be_visible()
    on_its_way[0].abort()
    expect(dialog.get_by_text("Nessuna connessione")).to_be_visible()
    answer(desktop, "Non inviare")
    expect(held.get_by_text("Nessun messaggio in attesa.")).to_be_visible()
    act(page.get_by_role("button", name=TOMORROWS.format(citizen)))
    expect(page.get_by_role("dialog")).to_contain_text(f"a {citizen}, che parte il")
    desktop.check()
    answer(desktop, "Annulla l")
    expect(page.get_by_text("L\u2019invio è stato annullato.")).to_be_visible()
    expect(page.get_by_text("Avviso di domani")).to_have_count(0)

    def state(id_: str) -> str:
        return str(office.call("GET", f"/api/v1/messages/{citizen}/{id_}")["status"])

    wait_for(lambda: state(ids[2]) == "PROCESSED", 30)
    assert [state(ids[1]), state(waiting)] == ["REJECTED", "REJECTED"]


def test_a_message_for_later_arrives_at_its_time(desktop: Watched, office: Office) -> None:
    """Its sender sets the time; the citizen's open inbox has it then, and not before."""
    page, citizen = desktop.page, next(office.citizens)
    at = office.now().astimezone(ZoneInfo("Europe/Rome")) + timedelta(minutes=30)
    enter(desktop)
    visit(desktop, "/send", "Invia un messaggio")
    write(page.get_by_label("Codice fiscale", exact=True), citizen)
    write(page.get_by_label("Oggetto", exact=True), "Avviso a tempo")
    write(page.get_by_label("Testo", exact=True), MARKDOWN)
    write(page.get_by_label("Quando parte"), f"{at:%Y-%m-%dT%H:%M}")
    act(page.get_by_role("button", name="Verifica prima di inviare"))
    act(page.get_by_role("button", name="Continua con l"))
    act(page.get_by_role("dialog").get_by_role("button", name="Invia"))
    page.wait_for_url("**/console/sent/*")

    office.send(citizen, "Avviso di adesso")
    desktop.sign_in(citizen)
    page.goto("/inbox/")
    titles = page.locator(".list .title")
    expect(titles).to_have_text(["Avviso di adesso"])
    office.advance("PT20M")
    office.send(citizen, "Avviso di poco prima")
    expect(titles).to_have_text(["Avviso di poco prima", "Avviso di adesso"])
    office.advance("PT10M")
    expect(titles.filter(has_text="Avviso a tempo")).to_be_visible()


def test_messages_between_two_times_are_recalled(desktop: Watched, office: Office) -> None:
    """They are counted, asked for once more, and followed until each is withdrawn."""
    page = desktop.page
    citizen = next(office.citizens)
    for number in (1, 2):
        office.send(citizen, f"Importo sbagliato {number}", reference="SBAGLIATO")
    office.advance("PT2M")
    now = office.now().astimezone(ZoneInfo("Europe/Rome"))
    enter(desktop)
    visit(desktop, "/sent/recall", "Ritira più messaggi")
    since = page.get_by_label("Inviati da")
    write(since, (now - timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M"))
    write(page.get_by_label("Inviati prima di"), now.strftime("%Y-%m-%dT%H:%M"))
    reach(page.get_by_label("Riferimento"))
    page.keyboard.insert_text("SBAGLIATO")
    page.keyboard.press("Tab")
    page.keyboard.insert_text("Importo sbagliato.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("2 messaggi")).to_be_visible()
    desktop.check()
    act(page.get_by_role("button", name="Ritira tutti"))
    desktop.check()
    answer(desktop, "Ritira tutti")
    expect(page.get_by_text("Ritiro in corso")).to_be_visible()
    office.advance("PT1M")
    expect(page.get_by_text("Ritiro concluso: 2 di 2")).to_be_visible()
    desktop.check()


def test_failed_rows_are_sent_again(desktop: Watched, office: Office, host: HostProcess) -> None:
    """On a day with its message spent a row fails again; the next day it is sent."""
    page = desktop.page
    id_, key = a_batch_on_trial(host)
    sign_in(desktop, key)
    page.goto(f"/console/batches/{id_}")
    results = page.get_by_role("region", name="Avanzamento")
    expect(results).to_contain_text("di prova del giorno 1")
    desktop.check()
    office.advance("P1D")
    sign_in(desktop, key)
    page.goto(f"/console/batches/{id_}")
    act(page.get_by_role("button", name="Riprova le righe non riuscite"))
    expect(page.get_by_role("dialog")).to_contain_text("Inviare di nuovo 1 riga non riuscita?")
    answer(desktop, "Riprova le righe non riuscite")
    expect(results).to_contain_text("Inviati 2")
    expect(results).not_to_contain_text("Non riusciti")
    expect(page.get_by_role("button", name="Riprova le righe")).to_have_count(0)


def a_batch_on_trial(host: HostProcess) -> tuple[str, str]:
    """Send two rows of an organisation on trial; return the batch's id, and the service's key."""
    fiscal_code = BODIES[0].fiscal_code
    applied = call(host, "POST", "/api/v1/organizations", "-", {"fiscal_code": fiscal_code})
    code = {"code": code_of(host, applied["id"])}
    manager = call(host, "POST", "/api/v1/organization-confirmations", "-", code)["primary_key"]
    data = EXAMPLE | {
        "organization": {"name": BODIES[0].name, "fiscal_code": fiscal_code},
        "authorized_recipients": list(PEOPLE),
    }
    service = call(host, "POST", MANAGED, manager, data)["id"]
    key = call(host, "PUT", f"{MANAGED}/{service}/keys/primary", manager)["primary_key"]
    batch = {"name": "In prova", "content": {"subject": "Avviso di prova", "markdown": MARKDOWN}}
    path = f"/api/v1/batches/{call(host, 'POST', '/api/v1/batches', key, batch)['id']}"
    rows = "\n".join(("codice_fiscale", *PEOPLE)).encode()
    reply = host.call(
        "PUT", f"{path}/recipients", rows, ocp_apim_subscription_key=key, content_type="text/csv"
    )
    assert reply.status == 202, reply.body
    wait_for(lambda: call(host, "GET", path, key)["status"] == "CHECKED", 30)
    call(host, "POST", f"{path}/send", key, {"skip_wrong_rows": True, "accept_doubts": True})
    wait_for(lambda: call(host, "GET", path, key)["status"] == "FINISHED", 30)
    return path.rpartition("/")[2], str(key)
