"""An operator sees queues, replays dead letters, and decides on services and organisations."""

import re
from typing import Any, Final

from playwright.sync_api import expect

from functions.http.pa.services.services import EXAMPLE
from infra.local.sandbox.seed import CITIZEN, MANAGE_KEY, OPERATOR_KEY, SERVICE_ID
from lib.adapters.embedded.registers.scripted_public_bodies import BODIES
from tests.host.host_process import HostProcess, wait_for
from tests.web.browser import ON_A_DESKTOP, ON_A_PHONE, Watched
from tests.web.console import LETTERS, bury, call, code_of, sign_in
from tests.web.hand import act, pick, reach, tick, write

REVIEWS: Final = "/api/operations/v1/service-reviews"
OTHER_LETTERS: Final = "/api/operations/v1/dead-letters/message-submitted"


def look_at_home(window: Watched) -> None:
    """Find the dead letters among the figures of the home, and follow them by keyboard."""
    page = window.page
    page.goto("/console/")
    now = page.get_by_role("region", name="Adesso")
    letters = now.get_by_role("listitem").filter(has_text="Elementi falliti")
    expect(letters.get_by_text(re.compile(r"in \d+ cod"))).to_be_visible()
    expect(now.get_by_role("listitem").filter(has_text="Notifiche dubbie")).to_contain_text("0")
    window.check()
    act(letters.get_by_role("link"))
    expect(page.get_by_role("link", name=re.compile("erasure-due"))).to_be_visible()


def replay_the_rest(window: Watched, host: HostProcess) -> None:
    """Let another operator be first with one: what is left shows behind the refusal. Replay it."""
    page = window.page
    dialog = page.get_by_role("dialog")
    act(page.get_by_role("button", name="Rielabora", exact=True).first)
    reason = {"reason": "Il registro risponde di nuovo."}
    first = call(host, "GET", LETTERS, OPERATOR_KEY)["items"][0]["id"]
    call(host, "POST", f"{LETTERS}/{first}/replay", OPERATOR_KEY, reason)
    write(page.get_by_label("Motivo"), reason["reason"])
    act(dialog.get_by_role("button", name="Rielabora"))
    expect(dialog.get_by_text("Quello che cerchi non c")).to_be_visible()
    expect(page.locator("button", has_text="Rielabora tutto (1)")).to_be_visible()
    window.check()
    page.keyboard.press("Escape")

    act(page.get_by_role("button", name="Rielabora tutto (1)"))
    expect(dialog).to_contain_text("al massimo 100")
    write(page.get_by_label("Motivo"), reason["reason"])
    act(dialog.get_by_role("button", name="Rielabora"))
    expect(page.get_by_text("Questa coda non ha elementi falliti.")).to_be_visible()
    window.check()


@ON_A_DESKTOP
def test_dead_letters_are_replayed_with_a_reason(window: Watched, host: HostProcess) -> None:
    """By keyboard alone: one is opened, without a person's data; one is replayed, then all."""
    whole = f'{{"fiscal_code": "{CITIZEN}", "request_id": 7, "attempt": 3}}'
    bury(host, LETTERS, "erase_citizen_poison", whole, "{}", "[]")
    page = window.page
    sign_in(window, OPERATOR_KEY)
    look_at_home(window)
    page.goto("/console/queues")
    expect(page.get_by_text("Il sistema smaltisce il carico")).to_be_visible()
    tick(page.get_by_label("Mostra anche le code vuote"))
    expect(page.get_by_role("row").filter(has_text="message-submitted")).to_be_visible()
    window.check()

    keys = page.keyboard
    act(page.get_by_role("link", name=re.compile("agli elementi falliti")))
    expect(page.get_by_role("link", name=re.compile("erasure-due"))).to_be_visible()
    window.check()
    act(page.get_by_role("link", name=re.compile("erasure-due")))
    expect(page.get_by_role("heading", name="Cancellazione dei dati", level=1)).to_be_visible()
    expect(page.get_by_role("button", name="Rielabora tutti (3)")).to_be_visible()
    expect(page.get_by_role("heading", name=re.compile("non ha la forma"))).to_have_count(3)
    item = page.get_by_role("listitem").filter(has=page.get_by_role("button", name="Contenuto"))
    for index in range(3):
        act(item.nth(index).get_by_role("button", name="Contenuto"), "Space")
    expect(page.get_by_text("nascosto")).to_be_visible()
    assert CITIZEN not in page.content()
    window.check()

    act(page.get_by_role("button", name="Rielabora", exact=True).first)
    expect(page.get_by_label("Motivo")).to_be_visible()
    reach(page.get_by_label("Motivo"))
    keys.type("si")
    keys.press("Tab")
    keys.press("Enter")
    expect(page.get_by_text("Scrivi almeno 3 caratteri.")).to_be_visible()
    expect(page.get_by_label("Motivo")).to_be_focused()
    window.check()
    keys.type(f" {CITIZEN}")
    keys.press("Tab")
    keys.press("Enter")
    expect(page.get_by_text("senza codici fiscali né indirizzi")).to_be_visible()
    write(page.get_by_label("Motivo"), "Il registro risponde di nuovo.")
    keys.press("Tab")
    keys.press("Enter")
    expect(page.get_by_text("1 elemento torna in coda.")).to_be_visible()
    expect(page.get_by_role("button", name="Rielabora tutti (2)")).to_be_visible()

    replay_the_rest(window, host)


def a_review(host: HostProcess, name: str) -> None:
    """Let the sandbox's manager send a service to review."""
    service: Any = call(
        host, "POST", "/api/v1/manage/services", MANAGE_KEY, {**EXAMPLE, "name": name}
    )
    path = f"/api/v1/manage/services/{service['id']}/review"
    call(host, "PUT", path, MANAGE_KEY, {"auto_publish": True})


@ON_A_PHONE
def test_an_operator_decides_on_services(window: Watched, host: HostProcess) -> None:
    """One is approved, the other is rejected with a reason that its organisation reads."""
    names = ["Servizio da approvare", "Servizio da respingere"]
    for name in names:
        a_review(host, name)
    wait_for(lambda: len(call(host, "GET", REVIEWS, OPERATOR_KEY)["items"]) == 2)
    page = window.page
    sign_in(window, OPERATOR_KEY)
    page.goto("/console/reviews")
    good = page.get_by_role("region", name=names[0])
    bad = page.get_by_role("region", name=names[1])
    expect(good).to_be_visible()
    window.check()
    act(good.get_by_role("button", name="Approva"))
    act(page.get_by_role("dialog").get_by_role("button", name="Approva"))
    expect(good).to_have_count(0)
    act(bad.get_by_role("button", name="Respingi"))
    window.check()
    write(page.get_by_label("Motivo"), "L\u2019informativa è di un altro servizio.")
    act(page.get_by_role("dialog").get_by_role("button", name="Respingi"))
    expect(page.get_by_text("Nessun servizio attende una decisione.")).to_be_visible()
    window.check()


def test_an_operator_decides_on_organisations(desktop: Watched, host: HostProcess) -> None:
    """One on trial is approved, suspended with a reason, and gets another key, shown once."""
    body = {"fiscal_code": BODIES[0].fiscal_code}
    applied = host.call("POST", "/api/v1/organizations", body).json()
    code = code_of(host, applied["id"])
    host.call("POST", "/api/v1/organization-confirmations", {"code": code})
    page = desktop.page
    sign_in(desktop, OPERATOR_KEY)
    page.goto("/console/organizations?state=TRIAL")
    one = page.get_by_role("region", name=BODIES[0].name)
    expect(one).to_be_visible()
    desktop.check()
    act(one.get_by_role("button", name="Approva"))
    act(page.get_by_role("dialog").get_by_role("button", name="Approva"))
    expect(one).to_have_count(0)
    pick(page.get_by_label("Stato"), "APPROVED")
    act(one.get_by_role("button", name="Sospendi"))
    write(page.get_by_label("Motivo"), "La chiave era in un luogo pubblico.")
    act(page.get_by_role("dialog").get_by_role("button", name="Sospendi"))
    expect(one).to_have_count(0)
    pick(page.get_by_label("Stato"), "SUSPENDED")
    expect(one.get_by_text("La chiave era in un luogo pubblico.")).to_be_visible()
    act(one.get_by_role("button", name="Sostituisci una chiave"))
    act(page.get_by_role("button", name="Sostituisci la primaria"))
    expect(page.get_by_text("Copiala ora")).to_be_visible()
    desktop.check()
    page.keyboard.press("Escape")

    act(page.get_by_role("button", name="Invita un ente"))
    write(page.get_by_label("Codice fiscale", exact=True), "1")
    write(page.get_by_label("Nome dell\u2019ente"), "Software per i Comuni")
    write(page.get_by_label("Indirizzo e-mail o PEC"), "pec@software.example.org")
    act(page.get_by_role("dialog").get_by_role("button", name="Invita un ente"))
    expect(page.get_by_label("Codice fiscale", exact=True)).to_be_focused()
    desktop.check()
    write(page.get_by_label("Codice fiscale", exact=True), "00000000042")
    act(page.get_by_role("dialog").get_by_role("button", name="Invita un ente"))
    expect(page.get_by_text("riceverà un codice per e-mail")).to_be_visible()

    page.goto("/console/claims")
    expect(page.get_by_text("Nessuna notifica dubbia.")).to_be_visible()
    desktop.check()


def test_a_failed_figure_is_read_again(desktop: Watched) -> None:
    """The others are there; a button reads the failed one anew."""
    page = desktop.page
    queues = "**/api/operations/v1/queues"
    page.route(queues, lambda route: route.fulfill(status=503, json={"title": "x"}))
    sign_in(desktop, OPERATOR_KEY)
    page.goto("/console/")
    now = page.get_by_role("region", name="Adesso")
    expect(now.get_by_text("Nessuna notifica dubbia.")).to_be_visible()
    failed = now.get_by_role("listitem").filter(has_text="Elementi in attesa")
    expect(failed.get_by_role("alert")).to_be_visible()
    desktop.check()
    page.unroute(queues)
    act(failed.get_by_role("button", name="Riprova"))
    expect(failed.get_by_role("alert")).to_have_count(0)


def test_rights_and_what_is_featured_by_keyboard(desktop: Watched) -> None:
    """A wrong entry is named at its list; rights are found by the id of a service."""
    page, keys = desktop.page, desktop.page.keyboard
    sign_in(desktop, OPERATOR_KEY)
    page.goto("/console/featured")
    write(page.get_by_label("Enti", exact=True), "1")
    act(page.get_by_role("button", name="Salva gli elenchi"))
    expect(page.get_by_text("Il codice fiscale di un ente ha 11 cifre.")).to_be_visible()
    expect(page.get_by_label("Enti", exact=True)).to_be_focused()
    desktop.check()
    keys.press("Control+a")
    keys.type("01234567890")
    act(page.get_by_role("button", name="Salva gli elenchi"))
    expect(page.get_by_text("Gli elenchi sono salvati.")).to_be_visible()
    page.reload()
    expect(page.get_by_label("Enti", exact=True)).to_have_value("01234567890")

    page.goto("/console/service-rights")
    write(page.get_by_label("Id del servizio"), SERVICE_ID)
    keys.press("Enter")
    # the sandbox's sender may read them
    expect(page.get_by_label("Può leggere le iscrizioni")).to_be_checked()
    act(page.get_by_label("Può leggere le iscrizioni"))
    desktop.check()
    act(page.get_by_role("button", name="Salva i diritti"))
    expect(page.get_by_text("I diritti sono salvati.")).to_be_visible()
    page.reload()
    expect(page.get_by_label("Può leggere le iscrizioni")).not_to_be_checked()


@ON_A_PHONE
def test_a_replay_is_in_the_log(window: Watched, host: HostProcess) -> None:
    """An operator replays a dead letter, and finds the entry by operation and day."""
    # of another queue: an item that fails again comes back to where it was
    (letter,) = bury(host, OTHER_LETTERS, "fan_out_message_poison", "{}")
    page = window.page
    sign_in(window, OPERATOR_KEY)
    page.goto("/console/dead-letters/message-submitted")
    act(page.get_by_role("button", name="Rielabora", exact=True))
    write(page.get_by_label("Motivo"), "Il registro risponde di nuovo.")
    act(page.get_by_role("dialog").get_by_role("button", name="Rielabora"))
    expect(page.get_by_text("1 elemento torna in coda.")).to_be_visible()

    page.goto("/console/log")
    entry = page.get_by_role("listitem").filter(has_text=letter)
    expect(entry.get_by_role("heading", name="Elemento rielaborato")).to_be_visible()
    expect(entry.get_by_text("Eseguita")).to_be_visible()
    expect(entry.get_by_text("Il registro risponde di nuovo.")).to_be_visible()
    window.check()
    pick(page.get_by_label("Operazione"), "replay_dead_letter")
    expect(page).to_have_url(re.compile("operation=replay_dead_letter"))
    expect(entry).to_be_visible()
    write(page.get_by_label("Giorno"), "2020-02-29")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Nessuna modifica.")).to_be_visible()
    window.check()
