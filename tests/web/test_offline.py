"""Opened messages are read without a network, by their reader alone."""

from playwright.sync_api import Page, expect

from tests.host.host_process import wait_for
from tests.web.browser import ON_A_PHONE, Watched
from tests.web.hand import act
from tests.web.mail import Office


def installed(page: Page) -> None:
    """Wait until the worker serves the page."""
    page.goto("/inbox/")
    page.evaluate("navigator.serviceWorker.ready")
    page.wait_for_function("navigator.serviceWorker.controller !== null")


def kept(page: Page) -> list[str]:
    """Return the names of the caches that have something of a reader."""
    script = "caches.keys().then(all => all.filter(one => one.startsWith('read-')))"
    return list(page.evaluate(script))


@ON_A_PHONE
def test_opened_messages_are_read_offline(window: Watched, office: Office) -> None:
    """The app starts, lists and shows what was opened; the rest says that there is no network."""
    reader = next(office.citizens)
    opened = office.send(reader, "Iscrizione alla mensa")
    closed = office.send(reader, "Tassa sui rifiuti")
    page = window.page
    window.sign_in(reader)
    installed(page)
    page.goto(f"/inbox/messages/{opened}")
    expect(page.get_by_role("heading", level=1)).to_have_text("Iscrizione alla mensa")

    window.context.set_offline(True)
    page.goto("/inbox/")
    expect(page.get_by_text("Sei offline")).to_be_visible()
    expect(page.locator(".list .title")).to_have_text(["Iscrizione alla mensa"])
    window.check()
    act(page.get_by_role("link", name="Iscrizione alla mensa"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Iscrizione alla mensa")
    page.goto(f"/inbox/messages/{closed}")
    expect(page.get_by_text("Nessuna connessione")).to_be_visible()
    window.check()

    window.context.set_offline(False)
    page.goto("/inbox/")
    expect(page.locator(".list .title")).to_have_count(2)
    expect(page.get_by_text("Sei offline")).to_be_hidden()


def test_nothing_is_left_for_another_reader(desktop: Watched, office: Office) -> None:
    """Neither after a logout, nor when another citizen signs in, nor after a remote end."""
    page = desktop.page
    first, second = next(office.citizens), next(office.citizens)
    message = office.send(first, "Iscrizione alla mensa")

    def read() -> None:
        desktop.sign_in(first)
        installed(page)
        page.goto(f"/inbox/messages/{message}")
        page.get_by_role("heading", name="Iscrizione alla mensa").wait_for()
        page.wait_for_function(
            "caches.keys().then(all => all.some(one => /^read-.+-self$/.test(one)))"
        )

    read()
    act(page.locator(".account"))
    with page.expect_navigation():
        act(page.get_by_role("button", name="Esci"))
    page.get_by_role("heading", name="Accedi").wait_for()
    assert kept(page) == []

    read()
    mine = kept(page)
    desktop.sign_in(second)
    page.goto("/inbox/")
    expect(page.get_by_text("Non hai ancora messaggi")).to_be_visible()
    assert not set(mine) - {"read-session"} & set(kept(page))

    read()
    answer = page.request.delete("/api/identity/v1/sessions", headers={"Recapito-CSRF": "1"})
    assert answer.ok
    # a process looks at a session once in ten seconds
    office.advance("PT11S")
    page.goto("/inbox/")
    page.get_by_role("heading", name="Accedi").wait_for()
    assert kept(page) == []


def test_parties_are_kept_apart(desktop: Watched, office: Office) -> None:
    """A message of a child is not in the own list of the parent offline."""
    page = desktop.page
    office.register("FIGLIO20A01H501U")
    message = office.send("FIGLIO20A01H501U", "Vaccinazione del bambino")
    desktop.sign_in("PADREX80A01H501U")
    installed(page)
    act(page.locator(".account"))
    act(page.get_by_role("dialog").get_by_role("link").nth(1))
    page.wait_for_url("**/as/**")
    base = page.url
    page.goto(f"{base}messages/{message}")
    page.get_by_role("heading", name="Vaccinazione del bambino").wait_for()

    desktop.context.set_offline(True)
    page.goto(base)
    expect(page.locator(".list .title")).to_have_text(["Vaccinazione del bambino"])
    page.goto("/inbox/")
    expect(page.get_by_text("Sei offline")).to_be_visible()
    expect(page.get_by_text("Non hai ancora messaggi")).to_be_visible()


def test_a_push_is_shown_and_opens_its_message(notified: Watched, office: Office) -> None:
    """With the title and text of the API, and nothing else; a tap leads to the message."""
    reader = next(office.citizens)
    message = office.send(reader, "Iscrizione alla mensa")
    page = notified.page
    notified.context.grant_permissions(["notifications"], origin=notified.base)
    notified.sign_in(reader)
    installed(page)
    session = notified.context.new_cdp_session(page)
    found: list[str] = []
    session.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda event: found.extend(one["registrationId"] for one in event["registrations"]),
    )
    session.send("ServiceWorker.enable")
    # a call of the page lets the events in
    wait_for(lambda: page.evaluate("true") and found)
    payload = (
        '{"title": "Hai un nuovo messaggio", "body": "Entra per leggerlo",'
        f' "message_id": "{message}", "tag": "{message}"}}'
    )
    session.send(
        "ServiceWorker.deliverPushMessage",
        {"origin": notified.base, "registrationId": found[-1], "data": payload},
    )
    script = """async () => {
        const worker = await navigator.serviceWorker.ready;
        for (let tries = 0; tries < 50; tries++) {
            const [one] = await worker.getNotifications();
            if (one) return [one.title, one.body, one.data];
            await new Promise((done) => setTimeout(done, 100));
        }
    }"""
    assert page.evaluate(script) == [
        "Hai un nuovo messaggio",
        "Entra per leggerlo",
        f"/inbox/messages/{message}",
    ]
