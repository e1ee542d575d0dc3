"""The citizen's data: a copy, the deletion, the access log, kept documents and certificates."""

import zipfile

from playwright.sync_api import expect

from infra.local.sandbox.seed import SENDER_KEY, SERVICE_ID
from tests.host.host_process import HostProcess, wait_for
from tests.web.browser import Watched
from tests.web.citizens import HOSTILE, MESSAGES, asked, new_citizen, sent, show, uploaded

DOCUMENTS = "/api/communication/v1/documents"
CERTIFICATE = f"Certificato {HOSTILE}"
OFFER = {
    "title": CERTIFICATE,
    "description": "In carta libera, per gli usi consentiti dalla legge.",
    "fields": [{"name": "motivo", "label": "Per quale uso?"}],
    "days": 10,
}


def test_data_are_copied_and_a_deletion_is_taken_back(window: Watched) -> None:
    """The copy shows up without a reload; a deletion needs a typed word, and can be aborted."""
    window.sign_in(new_citizen(window))
    page = window.page
    show(window, "/data")
    page.get_by_role("button", name="Chiedi una copia").click()
    page.get_by_text("La copia è pronta").wait_for()
    window.check()
    with page.expect_download() as download:
        page.get_by_role("button", name="Scarica la copia").click()
    with zipfile.ZipFile(download.value.path()) as archive:
        assert archive.testzip() is None
        assert archive.namelist()

    page.get_by_role("button", name="Cancella tutti i miei dati").click()
    dialog = page.get_by_role("dialog")
    confirm = dialog.get_by_role("button", name="Chiedi la cancellazione")
    expect(confirm).to_be_disabled()
    window.check()
    dialog.get_by_label("Per confermare, scrivi CANCELLA").fill("cancella")
    confirm.click()
    page.get_by_text("Hai chiesto la cancellazione il").wait_for()
    window.check()
    page.get_by_role("button", name="Annulla la cancellazione").click()
    page.get_by_text("non è stato cancellato niente").wait_for()
    page.get_by_role("button", name="Cancella tutti i miei dati").wait_for()


def test_the_access_log_says_who_and_why(window: Watched, host: HostProcess) -> None:
    """A sender's question shows with its service; filters stay in the address."""
    code = new_citizen(window)
    window.sign_in(code)
    key = {"Ocp_Apim_Subscription_Key": SENDER_KEY}
    assert host.call("GET", f"/api/v1/profiles/{code}", **key).status == 200
    page = window.page
    show(window, "/access-log")
    page.get_by_text("Verifica se può scriverti, e in quali lingue").wait_for()
    page.get_by_text("Comune di Esempio, Tassa sui rifiuti").wait_for()
    page.get_by_text("Accesso al servizio").wait_for()
    window.check()
    page.get_by_label("Chi", exact=True).select_option("SENDER")
    expect(page.get_by_text("Accesso al servizio")).to_have_count(0)
    assert page.url.endswith("?who=SENDER")
    page.get_by_label("Al giorno", exact=True).fill("2020-01-01")
    page.get_by_text("Nessun accesso corrisponde ai filtri.").wait_for()
    window.check()
    page.reload()
    page.get_by_text("Nessun accesso corrisponde ai filtri.").wait_for()
    expect(page.get_by_label("Chi", exact=True)).to_have_value("SENDER")


def test_documents_are_kept_renamed_and_removed(window: Watched, host: HostProcess) -> None:
    """A hostile title is text; the file is downloaded whole."""
    code = new_citizen(window)
    window.sign_in(code)
    page = window.page
    show(window, "/documents")
    page.get_by_text("Non conservi ancora nessun documento.").wait_for()
    file = uploaded(host)
    message = sent(host, code, attachments=[file])
    wait_for(lambda: asked(window, "GET", MESSAGES)["items"], 30)
    asked(window, "PUT", f"{DOCUMENTS}/{file}", {"message_id": message})

    page.reload()
    page.get_by_role("heading", name="Il nuovo regolamento").wait_for()
    window.check()
    page.get_by_role("button", name="Cambia titolo").click()
    expect(page.get_by_label("Nuovo titolo")).to_be_focused()
    page.get_by_label("Nuovo titolo").fill(" ")
    page.keyboard.press("Enter")
    page.get_by_text("Scrivi un titolo.").wait_for()
    window.check()
    page.get_by_label("Nuovo titolo").fill(HOSTILE)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name=HOSTILE).wait_for()
    expect(page.get_by_role("button", name="Cambia titolo")).to_be_focused()
    with page.expect_download() as download:
        page.get_by_role("button", name="Scarica").click()
    assert download.value.path().read_bytes().startswith(b"%PDF")
    page.get_by_role("button", name="Rimuovi").click()
    page.get_by_role("dialog").get_by_role("button", name="Rimuovi").click()
    page.get_by_text("Non conservi ancora nessun documento.").wait_for()
    assert asked(window, "GET", DOCUMENTS)["items"] == []


def test_a_certificate_is_asked_for_and_withdrawn(window: Watched, host: HostProcess) -> None:
    """From the service's offer to the request; an empty field leads to itself."""
    key = {"Ocp_Apim_Subscription_Key": SENDER_KEY}
    assert host.call("PUT", "/api/v1/certificates/residenza", OFFER, **key).status < 300
    window.sign_in(new_citizen(window))
    page = window.page
    show(window, "/certificates")
    page.get_by_text("Non hai ancora chiesto certificati.").wait_for()
    show(window, f"/services/{SERVICE_ID}")
    page.get_by_role("link", name="Certificato").click()
    page.get_by_role("heading", name=CERTIFICATE).wait_for()
    page.get_by_role("button", name="Invia la richiesta").click()
    expect(page.get_by_label("Per quale uso?")).to_be_focused()
    window.check()
    page.get_by_label("Per quale uso?").fill(HOSTILE)
    page.get_by_role("button", name="Invia la richiesta").click()
    page.get_by_text("Richiesta inviata").wait_for()
    page.get_by_role("heading", name="Certificati", exact=True).wait_for()
    page.get_by_text("In attesa").wait_for()
    window.check()

    # other values for the same certificate are refused while a request is open
    show(window, f"/certificates/{SERVICE_ID}/residenza")
    page.get_by_label("Per quale uso?").fill("Un altro uso")
    page.get_by_role("button", name="Invia la richiesta").click()
    page.get_by_text("Hai già una richiesta aperta").wait_for()
    expect(page.get_by_label("Per quale uso?")).to_have_value("Un altro uso")
    show(window, "/certificates")
    page.get_by_role("button", name="Ritira la richiesta").click()
    page.get_by_role("dialog").get_by_role("button", name="Ritira la richiesta").click()
    page.get_by_text("Ritirata", exact=True).wait_for()
    window.check()
