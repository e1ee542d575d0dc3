"""The citizen's settings, e-mail address, sessions and ways of being told."""

from playwright.sync_api import expect

from infra.local.sandbox.seed import SERVICE_ID
from tests.web.browser import ON_A_PHONE, Watched
from tests.web.citizens import HOSTILE, asked, new_citizen, show
from tests.web.hand import act, pick, tick, write
from tests.web.keyboard import Keyboard

PROFILE = "/api/identity/v1/profile"
_PUSH_SERVICE = """
(() => {
  const subscription = {
    options: {}, unsubscribe: async () => { delete globalThis.subscribed; return true; },
    toJSON: () => ({endpoint: "https://push.example.org/send/" + Math.random(), keys: KEYS}),
  };
  PushManager.prototype.getSubscription = async () => globalThis.subscribed ?? null;
  PushManager.prototype.subscribe = async (options) => {
    if (globalThis.isAway) throw new DOMException("no push service", "AbortError");
    return (globalThis.subscribed = subscription);
  };
})();
"""
"""A push service in the place of the browser's own, which is on the internet."""
_KEYS = (
    '{p256dh: "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcx'
    'aOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4", auth: "BTBZMqHH6r4Tts7J_aSIgg"}'
)


@ON_A_PHONE
def test_settings_are_kept_and_a_conflict_loses_nothing(window: Watched) -> None:
    """A wrong time leads to its field; a change elsewhere is told, and the form stays filled."""
    window.sign_in(new_citizen(window))
    page = window.page
    show(window, "/profile")
    window.check()
    keys = Keyboard(page)
    keys.press("Notifiche e promemoria")
    page.get_by_label("Ore di silenzio").wait_for()
    keys.press("Ore di silenzio", "Space")
    write(page.get_by_label("Dalle"), "23:00")
    write(page.get_by_label("Alle", exact=True), "23:00")
    keys.write("Notifiche al giorno", "7")
    times = page.locator("form", has_text="Promemoria e orari")
    keys.press("Salva")
    expect(page.get_by_label("Alle", exact=True)).to_be_focused()
    expect(page.get_by_text("inizio e la fine devono essere diversi")).to_be_visible()
    window.check()

    write(page.get_by_label("Alle", exact=True), "06:30")
    version = asked(window, "GET", PROFILE)["version"]
    asked(window, "POST", PROFILE, {"version": version, "reminder_status": "ENABLED"})
    keys.press("Salva")
    expect(times.get_by_role("alert")).to_contain_text("sono cambiate altrove")
    expect(page.get_by_label("Notifiche al giorno")).to_have_value("7")
    window.check()
    assert keys.held() == "Salva"
    page.keyboard.press("Enter")
    page.get_by_text("Modifiche salvate").wait_for()

    window.context.set_offline(True)
    tick(page.get_by_label("Solo che"))
    act(page.locator("form", has_text="Come ti avvisiamo").get_by_role("button"))
    page.get_by_role("alert").get_by_text("Nessuna connessione").wait_for()
    expect(page.get_by_label("Solo che")).to_be_checked()
    window.context.set_offline(False)
    act(page.locator("form", has_text="Come ti avvisiamo").get_by_role("button"))
    expect(page.get_by_text("Modifiche salvate")).to_have_count(2)
    stored = asked(window, "GET", PROFILE)
    assert stored["quiet_hours"] == {"from": "23:00", "to": "06:30"}
    assert stored["max_daily_notifications"] == 7
    assert stored["push_notifications_content_type"] == "ANONYMOUS"


@ON_A_PHONE
def test_a_new_citizen_switches_the_inbox_on(window: Watched) -> None:
    """Languages and the mode for new services are kept; the name runs no script."""
    code = new_citizen(window, accepts=False)
    window.page.request.post(
        f"{window.base}/sandbox/session",
        data={"fiscal_code": code, "name": f"Ada {HOSTILE}"},
        headers={"Origin": window.base},
    )
    page = window.page
    show(window, "/profile")
    page.get_by_text(f"Ada {HOSTILE}").first.wait_for()
    # a phone's navigation at the bottom edge does not cover what ends the page
    page.get_by_role("combobox", name="Lingua", exact=True).click(trial=True)
    page.get_by_role("link", name="Dichiarazione di accessibilità").click(trial=True)
    show(window, f"/services/{SERVICE_ID}")
    page.get_by_text("decidi come trattare i servizi nuovi").wait_for()
    window.check()
    show(window, "/profile")
    keys = Keyboard(page)
    keys.press("Attiva la casella")
    page.get_by_text("Casella attivata").wait_for()
    keys.stays()

    keys.press("Lingue")
    page.get_by_label("Prima lingua").wait_for()
    pick(page.get_by_label("Prima lingua"), "sl_SI")
    pick(page.get_by_label("Seconda lingua"), "it_IT")
    window.check()
    act(page.get_by_role("button", name="Salva"))
    page.get_by_text("Modifiche salvate").wait_for()

    show(window, "/profile/services")
    keys.to("Possono scrivermi")
    page.keyboard.press("ArrowDown")
    page.get_by_text("non valgono più").wait_for()
    window.check()
    keys.press("Salva")
    page.get_by_text("Modifiche salvate").wait_for()
    keys.press("Disattiva la casella")
    window.check()
    keys.press("Disattiva la casella")
    page.get_by_text("La tua casella non è attiva").wait_for()
    keys.stays()

    stored = asked(window, "GET", PROFILE)
    assert stored["languages"] == ["sl_SI", "it_IT"]
    assert stored["service_preferences_settings"]["mode"] == "MANUAL"
    assert stored["is_inbox_enabled"] is False


@ON_A_PHONE
def test_an_address_is_added_and_removed(window: Watched) -> None:
    """The page says that the address waits for its validation, and sends the e-mail again."""
    window.sign_in(new_citizen(window))
    page = window.page
    show(window, "/profile/email")
    write(page.get_by_label("Indirizzo e-mail"), HOSTILE)
    act(page.get_by_role("button", name="Salva"))
    expect(page.get_by_label("Indirizzo e-mail")).to_be_focused()
    window.check()
    write(page.get_by_label("Indirizzo e-mail"), "ada@example.org")
    act(page.get_by_role("button", name="Salva"))
    page.get_by_text("Da confermare").wait_for()
    act(page.get_by_role("button", name="Manda di nuovo"))
    page.get_by_text("E-mail inviata").or_(page.get_by_text("attendi un po")).first.wait_for()
    window.check()
    keys = Keyboard(page)
    keys.press("Rimuovi")
    keys.press("Rimuovi")
    page.get_by_text("Indirizzo rimosso").wait_for()
    keys.stays()
    page.get_by_role("heading", name="Aggiungi un indirizzo").wait_for()
    assert "email" not in asked(window, "GET", PROFILE)


def test_sessions_are_ended_by_keyboard_alone(desktop: Watched) -> None:
    """Another session ends, then all of them: the page asks for a new login."""
    code = new_citizen(desktop)
    desktop.sign_in(code)
    desktop.context.clear_cookies()
    desktop.sign_in(code)
    page = desktop.page
    show(desktop, "/devices")
    page.get_by_text("Questa sessione").wait_for()
    desktop.check()
    others = page.locator("li", has_not_text="Questa sessione").get_by_role("button")
    act(others.filter(has_text="Termina"))
    dialog = page.get_by_role("dialog")
    dialog.get_by_text("dovrai accedere di nuovo").wait_for()
    page.keyboard.press("Escape")
    expect(others.filter(has_text="Termina")).to_be_focused()
    page.keyboard.press("Enter")
    end = dialog.get_by_role("button", name="Termina")
    while not end.evaluate("one => one === document.activeElement"):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_text("Sessione terminata").wait_for()
    assert len(asked(desktop, "GET", "/api/identity/v1/sessions")["items"]) == 1

    act(page.get_by_role("button", name="Esci da tutti i dispositivi"), "Space")
    act(dialog.get_by_role("button", name="Esci da tutti i dispositivi"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Accedi")


def test_a_browser_gets_notifications_until_it_is_switched_off(notified: Watched) -> None:
    """It shows in the list of devices; a push service that is away is told in plain words."""
    notified.sign_in(new_citizen(notified))
    notified.context.grant_permissions(["notifications"])
    notified.context.add_init_script(_PUSH_SERVICE.replace("KEYS", _KEYS))
    page = notified.page
    show(notified, "/devices")
    page.evaluate("navigator.serviceWorker.ready")
    page.reload()
    page.get_by_text("Nessun dispositivo riceve notifiche.").wait_for()
    page.evaluate("globalThis.isAway = true")
    act(page.get_by_role("button", name="Attiva in questo browser"))
    page.get_by_text("Il browser non riesce ad attivare le notifiche").wait_for()
    notified.check()
    page.evaluate("globalThis.isAway = false")
    act(page.get_by_role("button", name="Attiva in questo browser"))
    page.get_by_text("Questo browser riceve le notifiche.").wait_for()
    notified.check()
    devices = asked(notified, "GET", "/api/communication/v1/installations")["items"]
    assert [one["platform"] for one in devices] == ["browser"]
    act(page.get_by_role("button", name="Disattiva in questo browser"))
    act(page.get_by_role("dialog").get_by_role("button", name="Togli"))
    page.get_by_text("Nessun dispositivo riceve notifiche.").wait_for()
    page.get_by_role("button", name="Attiva in questo browser").wait_for()
