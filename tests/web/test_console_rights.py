"""The console shows each key the pages that it may use, and no others."""

import pytest
from playwright.sync_api import Response, expect

from infra.local.sandbox.seed import MANAGE_KEY, OPERATOR_KEY, PAYMENTS_KEY, SENDER_KEY
from tests.host.host_process import HostProcess
from tests.web.browser import ON_A_PHONE, Watched
from tests.web.console import call, sign_in
from tests.web.hand import act, write

FORBIDDEN = 403
# the page of reminders asks whether a service's key may change them
ASKED = ("/api/v1/reminder-policy",)


@pytest.mark.parametrize(
    "key",
    [MANAGE_KEY, OPERATOR_KEY, PAYMENTS_KEY, SENDER_KEY],
    ids=["manager", "operator", "payments", "sender"],
)
def test_no_page_of_the_menu_is_refused(desktop: Watched, key: str) -> None:
    """Each entry opens, and the API refuses none of its calls."""
    page, refused = desktop.page, list[str]()

    def note(answer: Response) -> None:
        if answer.status == FORBIDDEN and not answer.url.endswith(ASKED):
            refused.append(answer.url)

    page.on("response", note)
    sign_in(desktop, key)
    page.goto("/console/")
    links = page.get_by_role("navigation", name="Menu principale").get_by_role("link")
    expect(links.first).to_be_visible()
    assert links.count() >= 2
    for link in links.all():
        act(link)
        expect(link).to_have_attribute("aria-current", "page")
        expect(page.get_by_role("heading", level=1)).not_to_contain_text("Con questa chiave")
        expect(page.get_by_text("Caricamento…")).to_have_count(0)
    assert refused == []


@ON_A_PHONE
def test_a_key_of_payments_is_told_that_it_sends_nothing(window: Watched) -> None:
    """Also where its holder typed the address."""
    page = window.page
    sign_in(window, PAYMENTS_KEY)
    page.goto("/console/batches/new")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Con questa chiave non puoi")
    window.check()


def test_a_template_is_deleted_after_a_question_and_replaced_by_none(
    desktop: Watched, host: HostProcess
) -> None:
    """A new template takes no name that is in use, and one that is not there shows no form."""
    text = {"subject": "Avviso per {{ nome }}", "markdown": "Gentile {{ nome }}, " + "testo " * 20}
    call(host, "PUT", "/api/v1/templates/avviso", SENDER_KEY, text)
    page = desktop.page
    sign_in(desktop, SENDER_KEY)
    page.goto("/console/templates/new")
    write(page.get_by_label("Nome", exact=True), "avviso")
    write(page.get_by_label("Oggetto"), "Un altro avviso")
    write(page.get_by_label("Testo"), "Testo del modello. " * 6)
    act(page.get_by_role("button", name="Salva il modello"))
    expect(page.get_by_text("già un modello con questo nome")).to_be_visible()
    expect(page.get_by_label("Nome", exact=True)).to_be_focused()
    desktop.check()

    page.goto("/console/templates/nessuno")
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_role("button", name="Salva il modello")).to_have_count(0)

    page.goto("/console/templates/avviso")
    act(page.get_by_role("button", name="Elimina", exact=True))
    question = page.get_by_role("dialog")
    desktop.check()
    act(question.get_by_role("button", name="Annulla"))
    assert call(host, "GET", "/api/v1/templates/avviso", SENDER_KEY)["version"] == 1
    act(page.get_by_role("button", name="Elimina", exact=True))
    act(question.get_by_role("button", name="Elimina", exact=True))
    expect(page.get_by_role("heading", level=1, name="Modelli")).to_be_visible()
    assert (
        host.call("GET", "/api/v1/templates/avviso", ocp_apim_subscription_key=SENDER_KEY).status
        == 404
    )
