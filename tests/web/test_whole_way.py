"""A notice goes its whole way: a clerk sends it, the citizen reads, puts off, is reminded, pays.

No page is reloaded: each follows what happens elsewhere.
"""

import time
from collections.abc import Iterator
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, expect

from infra.local.sandbox.seed import SENDER_KEY
from tests.host.host_process import HostProcess, wait_for
from tests.web.browser import DESKTOP, PHONE, Watched
from tests.web.hand import act, write
from tests.web.mail import TEXT, Office

NOTICE = "302000000000030181"
ARRIVES_MS = 2_000
"""The time in which a page shows a new message by itself, on a machine that is not busy."""
BUSY = 10
"""A machine of tests is busy with the other tests."""


@pytest.fixture
def people(browser: Browser, host: HostProcess) -> Iterator[tuple[Watched, Watched, str]]:
    """Yield the clerk's window, the citizen's on a phone, and a notice number."""
    base = f"http://127.0.0.1:{host.port}"
    clerk, reader = Watched(browser, base, DESKTOP), Watched(browser, base, PHONE)
    yield clerk, reader, checked(NOTICE)
    reader.close()
    clerk.close()


def checked(number: str) -> str:
    """Return the notice number with its check digits."""
    return number[:16] + f"{int(number[:16]) % 93:02}"


def test_from_the_console_to_the_receipt(
    people: tuple[Watched, Watched, str], office: Office
) -> None:
    """Sent, seen within two seconds, put off, reminded when the clock says so, and paid."""
    clerk, reader, notice = people
    citizen = next(office.citizens)
    reader.sign_in(citizen)
    reader.page.goto("/inbox/")
    expect(reader.page.get_by_text("Non hai ancora messaggi")).to_be_visible()

    send(clerk, office, citizen, notice)
    sent_at = time.monotonic()
    title = reader.page.get_by_role("link", name="Tassa sui rifiuti, rata unica")
    expect(title).to_be_visible(timeout=ARRIVES_MS * BUSY)
    print(f"in the inbox after {time.monotonic() - sent_at:.1f} s")  # noqa: T201 - measured

    act(title)
    page = reader.page
    expect(page.get_by_text("84,50 €").first).to_be_visible()
    act(page.get_by_role("button", name="Rimanda"))
    act(page.get_by_role("dialog").get_by_role("button", name="alle 9").nth(1))
    expect(page.get_by_text("Lo hai rimandato tu.")).to_be_visible()
    message_id = page.url.rpartition("/")[2]
    assert len(pushes(office, message_id)) == 1

    office.advance(to_noon(office, days=3))
    wait_for(lambda: len(pushes(office, message_id)) == 2)

    office.is_paid(notice)
    expect(page.get_by_text("Hai pagato 84,50 €")).to_be_visible(timeout=ARRIVES_MS * BUSY)
    expect(page.get_by_role("button", name="Scarica la conferma di pagamento")).to_be_visible()


def send(clerk: Watched, office: Office, citizen: str, notice: str) -> None:
    """Sign in with the key of the sandbox's service, and send a message that asks for a payment."""
    page = clerk.page
    page.goto("/console/")
    write(page.get_by_label("Chiave", exact=True), SENDER_KEY)
    act(page.get_by_role("button", name="Accedi", exact=True))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Riepilogo")
    page.goto("/console/send")
    write(page.get_by_label("Codice fiscale", exact=True), citizen)
    write(page.get_by_label("Oggetto", exact=True), "Tassa sui rifiuti, rata unica")
    write(page.get_by_label("Testo", exact=True), TEXT)
    act(page.get_by_text("Chiede un pagamento pagoPA"))
    write(page.get_by_label("Numero avviso", exact=True), notice)
    write(page.get_by_label("Importo in euro", exact=True), "84,50")
    due = office.now().date() + timedelta(days=10)
    write(page.get_by_label("Scadenza (facoltativo)", exact=True), due.isoformat())
    act(page.get_by_role("button", name="Verifica prima di inviare"))
    expect(page.get_by_text("Il destinatario può ricevere il messaggio.")).to_be_visible()
    act(page.get_by_role("button", name="Continua con l\u2019invio"))
    act(page.get_by_role("dialog").get_by_role("button", name="Invia", exact=True))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Tassa sui rifiuti")


def to_noon(office: Office, days: int) -> str:
    """Return the duration to a noon, since nobody is reminded at night."""
    # the page counts days by Rome's clock, which has another day before midnight in UTC
    now = office.now().astimezone(ZoneInfo("Europe/Rome"))
    noon = now.replace(hour=12, minute=0, second=0, microsecond=0) + timedelta(days=days)
    return f"PT{int((noon - now).total_seconds())}S"


def pushes(office: Office, message_id: str) -> list[str]:
    """Return the titles of the pushes about a message."""
    items = office.call("GET", f"/sandbox/notifications?message_id={message_id}")["items"]
    return [one["title"] for one in items]
