"""A citizen reads a message: what it says, its papers, what is to pay and by when."""

from datetime import datetime
from pathlib import Path

from playwright.sync_api import Page, expect

from infra.local.sandbox.seed import CITIZEN
from tests.host.host_process import wait_for
from tests.web.browser import ON_A_PHONE, Watched
from tests.web.hand import act, pick
from tests.web.keyboard import Keyboard
from tests.web.mail import TEXT, Office

HOSTILE = "<img src=x onerror=alert(1)><script>alert(2)</script>"
MARKDOWN = f"""## Come pagare

Leggi le [istruzioni](https://www.comune.example.org/tari), non [queste](javascript:alert(3)) e
non [queste](data:text/html,alert). {HOSTILE} ![logo](https://elsewhere.example/logo.png)

{HOSTILE}

| Rata | Importo |
|---|---:|
| Prima | **42,25** |

1. uno
2. [x] due
"""


def opened(window: Watched, id_: str) -> Page:
    """Sign the citizen in, and open a message."""
    window.page.on("dialog", lambda one: window.faults.append(f"dialog: {one.message}"))
    window.sign_in(CITIZEN)
    window.page.goto(f"/inbox/messages/{id_}")
    window.page.get_by_role("heading", level=1).wait_for()
    return window.page


def saved(page: Page, button: str, folder: Path) -> bytes:
    """Press a button that downloads a file, by keyboard; return the file."""
    with page.expect_download() as download:
        keys = Keyboard(page)
        keys.press(button)
    path = folder / "saved"
    download.value.save_as(path)
    return path.read_bytes()


@ON_A_PHONE
def test_a_payment_is_shown_until_it_is_paid(
    window: Watched, office: Office, tmp_path: Path
) -> None:
    """Sum, QR code and notice first; the state changes by itself, and a receipt is there."""
    notice = "302000000000020184"
    page = opened(window, office.send(CITIZEN, "Tassa sui rifiuti", due_in=9, pays=notice))

    expect(page.get_by_text("84,50 €")).to_be_visible()
    image = page.get_by_alt_text("Codice QR dell\u2019avviso di pagamento")
    expect(image).to_be_visible()
    assert image.evaluate("one => one.naturalWidth") > 0
    window.check()
    assert saved(page, "Scarica l\u2019avviso di pagamento", tmp_path).startswith(b"%PDF")

    office.is_paid(notice)
    expect(page.get_by_text("Hai pagato 84,50 €")).to_be_visible()
    expect(image).to_be_hidden()
    window.check()
    assert saved(page, "Scarica la conferma di pagamento", tmp_path).startswith(b"%PDF")


@ON_A_PHONE
def test_a_due_date_has_reminders_and_a_calendar_entry(
    window: Watched, office: Office, tmp_path: Path
) -> None:
    """The next reminder says when and why; it is put off, ended, and resumed."""
    page = opened(window, office.send(CITIZEN, "Rinnova la carta d\u2019identità", due_in=9))
    entry = saved(page, "Aggiungi al calendario", tmp_path)
    assert b"BEGIN:VEVENT" in entry
    expect(page.get_by_text("Prossimo promemoria")).to_be_visible()
    expect(page.get_by_text("alla scadenza.")).to_be_visible()

    keys = Keyboard(page)
    keys.press("Rimanda")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    window.check()
    keys.press("Rimanda")
    expect(dialog.get_by_text("Scegli un giorno.")).to_be_visible()
    window.check()
    keys.to(".* alle 9", back=True)
    keys.press(".* alle 9", back=True)
    expect(dialog).to_be_hidden()
    expect(page.get_by_text("Lo hai rimandato tu.")).to_be_visible()
    assert keys.held() == "Rimanda"

    keys.press("Fatto", "Space")
    expect(page.get_by_text("Hai segnato questo messaggio come fatto")).to_be_visible()
    expect(page.get_by_role("button", name="Riattiva i promemoria")).to_be_focused()
    window.check()
    page.keyboard.press("Control+z")
    expect(page.get_by_text("Prossimo promemoria")).to_be_visible()
    keys.stays()


def test_a_message_is_translated_by_machine(desktop: Watched, office: Office) -> None:
    """Asked for by keyboard, it comes and says what it is; the original is one key away."""
    page = opened(desktop, office.send(CITIZEN, "Tassa sui rifiuti"))
    pick(page.get_by_label("Lingua"), "en")
    page.get_by_role("button", name="Translate by machine: English").wait_for()
    keys = Keyboard(page)
    keys.press("Translate by machine", back=True)
    expect(page.get_by_text("Translation by machine (Sandbox)")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("[it_IT > en_GB] Tassa sui rifiuti")
    translated = page.get_by_text(f"[it_IT > en_GB] {TEXT}")
    assert translated.evaluate("one => one.closest('[lang]').lang") == "en-GB"
    expect(page.get_by_role("button", name="Show the original")).to_be_focused()
    desktop.check()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Tassa sui rifiuti")
    expect(page.get_by_text(TEXT, exact=True)).to_be_visible()
    keys.stays()


@ON_A_PHONE
def test_texts_and_files_of_a_sender_do_nothing(
    window: Watched, office: Office, tmp_path: Path
) -> None:
    """Markup is shown as text, links lead to safe addresses alone, and a file opens in a frame."""
    paper = office.upload("regolamento' onload='alert(4)' &lt;b&gt;.pdf", office.paper())
    hidden = office.upload("pagina.pdf", office.paper())
    id_ = office.send(CITIZEN, f"Avviso {HOSTILE}", MARKDOWN, attachments=[paper, hidden])
    page = opened(window, id_)
    article = page.locator("article")

    expect(page.get_by_role("heading", level=1)).to_have_text(f"Avviso {HOSTILE}")
    expect(article.get_by_role("heading", name="Come pagare", level=2)).to_be_visible()
    assert article.locator(".markdown :is(img, script, iframe)").count() == 0
    links = article.locator(".markdown a").evaluate_all("all => all.map(one => one.href)")
    assert links == ["https://www.comune.example.org/tari"]
    assert "noopener" in (article.locator(".markdown a").get_attribute("rel") or "")
    expect(article.locator(".markdown td strong")).to_have_text("42,25")
    window.check()

    assert saved(page, "Scarica regolamento", tmp_path) == office.paper()
    if page.evaluate("navigator.pdfViewerEnabled"):
        act(page.get_by_role("button", name="Apri pagina.pdf"))
        expect(page.get_by_role("dialog").locator("iframe")).to_be_visible()
        act(page.get_by_role("button", name="Chiudi"))
        expect(page.get_by_role("dialog")).to_be_hidden()


@ON_A_PHONE
def test_content_that_stays_with_its_sender_is_confirmed_first(
    window: Watched, office: Office
) -> None:
    """Nothing of it is read before, and the message stays unread."""
    configuration = office.keeps_content("ALWAYS")
    kept = {
        "id": "fascicolo-1",
        "configuration_id": configuration,
        "has_attachments": True,
        "has_remote_content": True,
    }
    id_ = office.send(
        CITIZEN,
        "Il tuo fascicolo",
        content={"third_party_data": kept},
        feature_level_type="ADVANCED",
    )
    page = opened(window, id_)

    go_on = page.get_by_role("button", name="Continua")
    expect(go_on).to_be_visible()
    expect(page.get_by_role("heading", name="Documenti")).to_be_hidden()
    window.check()
    act(go_on)
    expect(page.get_by_role("heading", name="Documenti")).to_be_visible()
    window.check()


def test_a_withdrawn_message_says_why(desktop: Watched, office: Office) -> None:
    """Also in a page that is open while the sender withdraws it."""
    id_ = office.send(CITIZEN, "Convocazione dell\u2019assemblea", due_in=9)
    page = opened(desktop, id_)
    expect(page.get_by_text(TEXT)).to_be_visible()
    path = f"/api/v1/messages/{CITIZEN}/{id_}/withdrawal"
    office.call("POST", path, {"reason": "La data era sbagliata"})

    expect(page.get_by_role("status").get_by_text("La data era sbagliata")).to_be_visible()
    desktop.check()


def test_a_reminder_comes_and_is_told(desktop: Watched, office: Office) -> None:
    """The clock moves; the page then shows the reminder as sent, and the date as overdue."""
    id_ = office.send(CITIZEN, "Consegna i documenti", due_in=4)
    page = opened(desktop, id_)
    answer = page.request.put(
        "/api/v1/installations/reader",
        data={"platform": "fcmv1", "pushChannel": "channel"},
        headers={"Recapito-CSRF": "1"},
    )
    assert answer.ok
    act(page.get_by_role("button", name="Rimanda"))
    act(page.get_by_role("dialog").get_by_role("button", name="alle 9").first)
    expect(page.get_by_text("Lo hai rimandato tu.")).to_be_visible()

    reminders = f"/api/communication/v1/messages/{id_}/reminders"
    # hours after its time a reminder is left out, if the next one is near
    planned = datetime.fromisoformat(page.request.get(reminders).json()["next"]["at"])
    seconds = (planned - office.now()).total_seconds()
    office.advance(f"PT{int(seconds) + 60}S")
    desktop.sign_in(CITIZEN)
    wait_for(lambda: page.request.get(reminders).json()["past"])
    page.reload()
    act(page.get_by_text("promemoria passat"))
    expect(page.get_by_text("inviato. Lo hai rimandato tu.")).to_be_visible()

    office.advance("P5D")
    desktop.sign_in(CITIZEN)
    page.reload()
    expect(page.get_by_text("Scaduta da")).to_be_visible()
    desktop.check()


@ON_A_PHONE
def test_a_message_that_is_not_there_is_told(window: Watched) -> None:
    """It may be another citizen's: the page tells neither."""
    page = opened(window, "01JE0000000000000000000000")
    expect(page.get_by_role("heading", level=1)).to_have_text("Messaggio non disponibile")
    window.check()
