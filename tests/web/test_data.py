"""The citizen's data: a copy, the deletion, the access log, kept documents and certificates."""

import re
import zipfile

from playwright.sync_api import expect

from infra.local.sandbox.seed import SENDER_KEY, SERVICE_ID
from tests.host.host_process import HostProcess, wait_for
from tests.web.browser import ON_A_PHONE, Watched
from tests.web.citizens import HOSTILE, MESSAGES, asked, new_citizen, sent, show, uploaded
from tests.web.hand import act, write
from tests.web.keyboard import Keyboard

DOCUMENTS = "/api/communication/v1/documents"
CERTIFICATE = f"Certificato {HOSTILE}"
OFFER = {
    "title": CERTIFICATE,
    "description": "In carta libera, per gli usi consentiti dalla legge.",
    "fields": [{"name": "motivo", "label": "Per quale uso?"}],
    "days": 10,
}


@ON_A_PHONE
def test_data_are_copied_and_a_deletion_is_taken_back(window: Watched) -> None:
    """The copy shows up without a reload; a deletion needs a typed word, and can be aborted."""
    window.sign_in(new_citizen(window))
    page = window.page
    keys = Keyboard(page)
    show(window, "/data")
    keys.press("Chiedi una copia")
    page.get_by_text("La copia è pronta").wait_for()
    window.check()
    keys.stays()
    with page.expect_download() as download:
        keys.press("Scarica la copia", back=True)
    with zipfile.ZipFile(download.value.path()) as archive:
        assert archive.testzip() is None
        assert archive.namelist()

    keys.press("Cancella tutti i miei dati")
    dialog = page.get_by_role("dialog")
    confirm = dialog.get_by_role("button", name="Chiedi la cancellazione")
    expect(confirm).to_be_disabled()
    window.check()
    keys.write("Per confermare, scrivi CANCELLA", "cancella")
    keys.press("Chiedi la cancellazione")
    page.get_by_text("Hai chiesto la cancellazione il").wait_for()
    expect(page.get_by_role("button", name="Annulla la cancellazione")).to_be_focused()
    window.check()
    page.keyboard.press("Enter")
    page.get_by_text("non è stato cancellato niente").wait_for()
    expect(page.get_by_role("button", name="Cancella tutti i miei dati")).to_be_focused()


@ON_A_PHONE
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
    keys = Keyboard(page)
    keys.to("Chi")
    page.keyboard.type("Gli")
    expect(page.get_by_text("Accesso al servizio")).to_have_count(0)
    assert page.url.endswith("?who=SENDER")
    keys.to("Al giorno")
    page.keyboard.type("01012020")
    page.keyboard.press("Enter")
    page.get_by_text("Nessun accesso corrisponde ai filtri.").wait_for()
    window.check()
    page.reload()
    page.get_by_text("Nessun accesso corrisponde ai filtri.").wait_for()
    expect(page.get_by_label("Chi", exact=True)).to_have_value("SENDER")


@ON_A_PHONE
def test_documents_are_kept_renamed_and_removed(window: Watched, host: HostProcess) -> None:
    """A hostile title is text; the file is downloaded whole."""
    code = new_citizen(window)
    window.sign_in(code)
    page = window.page
    show(window, "/documents")
    page.get_by_text("Non conservi ancora nessun documento.").wait_for()
    file = uploaded(host)
    message = sent(host, code, attachments=[file])
    wait_for(lambda: asked(window, "GET", MESSAGES)["items"])
    asked(window, "PUT", f"{DOCUMENTS}/{file}", {"message_id": message})

    page.reload()
    page.get_by_role("heading", name="Il nuovo regolamento").wait_for()
    window.check()
    keys = Keyboard(page)
    keys.press("Cambia titolo")
    expect(page.get_by_label("Nuovo titolo")).to_be_focused()
    write(page.get_by_label("Nuovo titolo"), " ")
    page.keyboard.press("Enter")
    page.get_by_text("Scrivi un titolo.").wait_for()
    window.check()
    write(page.get_by_label("Nuovo titolo"), HOSTILE)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name=HOSTILE).wait_for()
    expect(page.get_by_role("button", name="Cambia titolo")).to_be_focused()
    with page.expect_download() as download:
        keys.press("Scarica", back=True)
    assert download.value.path().read_bytes().startswith(b"%PDF")
    keys.press("Rimuovi")
    keys.press("Rimuovi")
    page.get_by_text("Non conservi ancora nessun documento.").wait_for()
    keys.stays()
    assert asked(window, "GET", DOCUMENTS)["items"] == []


@ON_A_PHONE
def test_a_certificate_is_asked_for_and_withdrawn(window: Watched, host: HostProcess) -> None:
    """From the service's offer to the request; an empty field leads to itself."""
    key = {"Ocp_Apim_Subscription_Key": SENDER_KEY}
    assert host.call("PUT", "/api/v1/certificates/residenza", OFFER, **key).status < 300
    window.sign_in(new_citizen(window))
    page = window.page
    show(window, "/certificates")
    page.get_by_text("Non hai ancora chiesto certificati.").wait_for()
    show(window, f"/services/{SERVICE_ID}")
    keys = Keyboard(page)
    keys.press(re.escape(CERTIFICATE))
    page.get_by_role("heading", name=CERTIFICATE).wait_for()
    keys.press("Invia la richiesta")
    expect(page.get_by_label("Per quale uso?")).to_be_focused()
    window.check()
    page.keyboard.insert_text(HOSTILE)
    keys.press("Invia la richiesta")
    page.get_by_text("Richiesta inviata").wait_for()
    page.get_by_role("heading", name="Certificati", exact=True).wait_for()
    page.get_by_text("In attesa").wait_for()
    window.check()

    # other values for the same certificate are refused while a request is open
    show(window, f"/certificates/{SERVICE_ID}/residenza")
    write(page.get_by_label("Per quale uso?"), "Un altro uso")
    act(page.get_by_role("button", name="Invia la richiesta"))
    page.get_by_text("Hai già una richiesta aperta").wait_for()
    expect(page.get_by_label("Per quale uso?")).to_have_value("Un altro uso")
    show(window, "/certificates")
    keys.press("Ritira la richiesta")
    keys.press("Ritira la richiesta")
    page.get_by_text("Ritirata", exact=True).wait_for()
    keys.stays()
    window.check()
