"""A citizen finds, sorts and follows messages in the list, on a phone and on a desktop."""

import re

from playwright.sync_api import Page, expect

from tests.web.browser import ON_A_PHONE, Watched
from tests.web.hand import act, write
from tests.web.keyboard import Keyboard
from tests.web.mail import Office

LIST = ".list .message"
SUBJECTS = ("Iscrizione alla mensa", "Tassa sui rifiuti", "Consiglio comunale", "Multa da pagare")


def filled(office: Office, reader: str) -> None:
    """Send four messages: plain, to pay, plain, to pay soon."""
    for place, subject in enumerate(SUBJECTS):
        pays = f"30200000000{reader[2:6].encode().hex()[:6]}{place}"[:18] if place % 2 else None
        office.send(reader, subject, pays=pays, due_in=4 if place == 3 else None)


def listed(page: Page, *subjects: str) -> None:
    """Wait until the list has these messages, the newest first."""
    expect(page.locator(f"{LIST} .title")).to_have_text(list(subjects))


def shown(window: Watched, reader: str, path: str = "/inbox/") -> Page:
    """Sign a citizen in, and open a page."""
    window.sign_in(reader)
    window.page.goto(path)
    return window.page


def select(page: Page, *places: int) -> None:
    """Select messages; a phone shows the boxes on request."""
    begin = page.get_by_role("button", name="Seleziona più messaggi")
    if begin.is_visible():
        act(begin)
    for place in places:
        act(page.locator(".pick input").nth(place))


@ON_A_PHONE
def test_a_citizen_signs_in_to_the_page_that_was_asked_for(window: Watched, office: Office) -> None:
    """The logout leads back to the login; no storage of scripts names the citizen."""
    reader = next(office.citizens)
    office.send(reader, "Iscrizione alla mensa")
    page = window.page
    page.goto("/inbox/?unread=1")
    expect(page.get_by_role("heading", level=1)).to_have_text("Accedi")
    window.check()
    window.sign_in(reader)
    page.reload()
    listed(page, "Iscrizione alla mensa")
    assert page.url.endswith("/inbox/?unread=1")
    stored = page.evaluate(
        "JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie])"
    )
    assert stored == '[{},{},""]'

    act(page.locator(".account"))
    window.check()
    with page.expect_navigation():
        act(page.get_by_role("button", name="Esci"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Accedi")
    page.goto("/inbox/archive")
    expect(page.get_by_role("heading", level=1)).to_have_text("Accedi")


@ON_A_PHONE
def test_messages_are_filtered_and_found(window: Watched, office: Office) -> None:
    """Filters are in the address, the words of a search are not; back returns to them."""
    reader = next(office.citizens)
    filled(office, reader)
    page = shown(window, reader)
    newest = SUBJECTS[::-1]
    listed(page, *newest)
    window.check()

    act(page.get_by_role("button", name=re.compile("^Da pagare")))
    listed(page, "Multa da pagare", "Tassa sui rifiuti")
    act(page.get_by_role("button", name=re.compile("^In scadenza")))
    listed(page, "Multa da pagare")
    assert page.url.endswith("/inbox/?to-pay=1&due=1")
    page.reload()
    listed(page, "Multa da pagare")
    act(page.get_by_role("button", name="Azzera i filtri"))
    listed(page, *newest)
    act(page.get_by_role("link", name="Consiglio comunale"))
    act(page.get_by_role("link", name="Torna ai messaggi"))
    act(page.get_by_role("button", name=re.compile("^Non letti")))
    listed(page, *(one for one in newest if one != "Consiglio comunale"))
    assert page.url.endswith("/inbox/?unread=1")
    act(page.get_by_role("button", name="Azzera i filtri"))
    listed(page, *newest)

    write(page.get_by_role("searchbox"), "mensa iscriz")
    act(page.get_by_role("searchbox"))
    listed(page, "Iscrizione alla mensa")
    assert page.url.endswith("/inbox/")
    act(page.get_by_role("link", name="Iscrizione alla mensa"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Iscrizione alla mensa")
    page.go_back()
    listed(page, "Iscrizione alla mensa")
    assert page.get_by_role("searchbox").input_value() == "mensa iscriz"
    expect(page.get_by_role("link", name="Iscrizione alla mensa")).to_be_focused()
    page.go_back()
    listed(page, *newest)

    act(page.get_by_role("button", name="Data e mittente"))
    write(page.get_by_label("Al giorno", exact=True), "2020-01-01")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Nessun messaggio corrisponde")).to_be_visible()
    assert "to=2020-01-01" in page.url
    window.check()


def test_many_messages_are_moved_and_brought_back(window: Watched, office: Office) -> None:
    """Archive, bin and stars, each with a way to undo it."""
    reader = next(office.citizens)
    filled(office, reader)
    page = shown(window, reader)
    listed(page, *SUBJECTS[::-1])
    select(page, 0, 2)
    expect(page.get_by_text("2 selezionati")).to_be_visible()
    window.check()
    act(page.get_by_role("toolbar").get_by_role("button", name="Archivia"))
    listed(page, "Consiglio comunale", "Iscrizione alla mensa")
    # the way to undo it is shown for some seconds
    act(page.get_by_role("button", name="Annulla", exact=True))
    listed(page, *SUBJECTS[::-1])

    select(page, 1)
    act(page.get_by_role("toolbar").get_by_role("button", name="Elimina"))
    expect(page.get_by_role("button", name="Annulla", exact=True)).to_be_visible()
    window.check()
    act(page.get_by_role("link", name="Cestino"))
    listed(page, "Consiglio comunale")
    window.check()
    select(page, 0)
    act(page.get_by_role("button", name="Ripristina"))
    expect(page.get_by_text("Il cestino è vuoto.")).to_be_visible()
    act(page.get_by_role("link", name="Messaggi"))
    listed(page, *SUBJECTS[::-1])

    with page.expect_response("**/inbox/status"):
        act(page.get_by_role("button", name="Preferito: Consiglio comunale"))
    act(page.get_by_role("button", name="Preferiti"))
    listed(page, "Consiglio comunale")
    act(page.get_by_role("link", name="Consiglio comunale"))
    act(page.get_by_role("button", name="Archivia"))
    act(page.get_by_role("link", name="Archivio"))
    listed(page, "Consiglio comunale")
    expect(page.locator(f"{LIST}.unread")).to_have_count(0)


@ON_A_PHONE
def test_new_messages_come_by_themselves(window: Watched, office: Office) -> None:
    """At the top at once; further down a bar tells of them, and nothing moves."""
    reader = next(office.citizens)
    for number in range(30):
        office.send(reader, f"Messaggio numero {number}")
    page = shown(window, reader)
    expect(page.locator(LIST)).to_have_count(30)
    office.send(reader, "Appena arrivato")
    expect(page.get_by_role("link", name="Appena arrivato")).to_be_visible()
    expect(page.get_by_role("status").get_by_text("1 nuovo messaggio")).to_be_attached()

    page.locator(LIST).nth(25).scroll_into_view_if_needed()
    place = page.locator(LIST).nth(25)
    window.rest()
    before = place.bounding_box()
    office.send(reader, "Arrivato dopo")
    bar = page.get_by_role("button", name="1 nuovo messaggio")
    expect(bar).to_be_visible()
    assert place.bounding_box() == before
    window.check()
    act(bar)
    expect(page.get_by_role("link", name="Arrivato dopo")).to_be_focused()


def test_a_reader_comes_back_to_where_the_list_was(window: Watched, office: Office) -> None:
    """Also with the browser's back from a message far down, after older pages were shown."""
    reader = next(office.citizens)
    for number in range(70):
        office.send(reader, f"Messaggio numero {number:02}")
    page = shown(window, reader)
    expect(page.locator(LIST)).to_have_count(50)
    page.get_by_role("button", name="Mostra messaggi precedenti").scroll_into_view_if_needed()
    expect(page.locator(LIST)).to_have_count(70)
    link = page.get_by_role("link", name="Messaggio numero 05")
    link.scroll_into_view_if_needed()
    window.rest()
    before = link.bounding_box()
    assert before is not None
    act(link)
    act(page.get_by_role("link", name="Torna ai messaggi"))
    expect(link).to_be_focused()
    window.rest()
    after = link.bounding_box()
    assert after is not None
    assert abs(after["y"] - before["y"]) < 8
    expect(page.locator(LIST)).to_have_count(70)


def by_search_and_filter(page: Page, keys: Keyboard) -> None:
    """Find one message by its words, then all by a date, and return to the whole list."""
    keys.press(".* al contenuto")
    keys.press("Cerca nei messaggi", "m")
    page.keyboard.type("ulta")
    page.keyboard.press("Enter")
    listed(page, "Multa da pagare")
    keys.press("Azzera la ricerca")
    listed(page, *SUBJECTS[::-1])
    keys.stays()
    keys.press("Data e mittente")
    keys.to("Dal giorno")
    page.keyboard.type("01012020")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"from=2020-01-01"))
    keys.press("Azzera i filtri", back=True)
    keys.stays()


def test_the_list_is_used_by_keyboard_alone(desktop: Watched, office: Office) -> None:
    """After each act the focus is where the next one begins; Ctrl+Z takes the last one back."""
    reader = next(office.citizens)
    filled(office, reader)
    page = shown(desktop, reader)
    keys, newest = Keyboard(page), SUBJECTS[::-1]
    listed(page, *newest)

    by_search_and_filter(page, keys)

    keys.press("Seleziona «Multa da pagare»", "Space")
    keys.press("Seleziona «Consiglio comunale»", "Space")
    expect(page.get_by_text("2 selezionati")).to_be_visible()
    keys.press("Archivia", back=True)
    listed(page, *newest[2:])
    expect(page.get_by_role("link", name="Tassa sui rifiuti")).to_be_focused()
    # the way back is there once the API has answered
    expect(page.get_by_text("2 messaggi archiviati")).to_be_visible()
    page.keyboard.press("Control+z")
    listed(page, *newest)
    expect(page.get_by_text("2 messaggi archiviati")).to_be_hidden()
    keys.press("Seleziona «Iscrizione alla mensa»", "Space")
    keys.press("Elimina", back=True)
    listed(page, *newest[:3])
    expect(page.get_by_role("link", name="Tassa sui rifiuti")).to_be_focused()
    keys.press("Preferito: Tassa sui rifiuti", "Space")
    assert keys.held() == "Preferito: Tassa sui rifiuti"

    keys.press("Multa da pagare", back=True)
    expect(page.get_by_role("heading", level=1)).to_have_text("Multa da pagare")
    keys.press("Archivia")
    listed(page, "Consiglio comunale", "Tassa sui rifiuti")
    expect(page.get_by_role("link", name="Consiglio comunale")).to_be_focused()
    keys.press("Archivio", back=True)
    listed(page, "Multa da pagare")
    keys.press("Multa da pagare")
    keys.press("Riporta tra i messaggi")
    expect(page.get_by_text("L\u2019archivio è vuoto")).to_be_visible()
    keys.stays()
    keys.press("Cestino", back=True)
    keys.press("Seleziona «Iscrizione alla mensa»", "Space")
    keys.press("Ripristina", back=True)
    expect(page.get_by_text("Il cestino è vuoto")).to_be_visible()
    keys.stays()
    keys.press("Messaggi", back=True)
    listed(page, *newest)
    assert page.url.endswith("/inbox/")


@ON_A_PHONE
def test_two_tabs_act_for_two_parties(window: Watched, office: Office) -> None:
    """The address names the party; a banner says for whom one acts, and why."""
    subject = "Iscrizione al nido"
    office.register("FIGLIO20A01H501U")
    office.send("FIGLIO20A01H501U", subject)
    page = shown(window, "MADREX80A41H501U")
    expect(page.get_by_role("heading", level=1)).to_have_text("Messaggi")
    act(page.locator(".account"))
    party = page.get_by_role("dialog").get_by_role("link").nth(1)
    expect(party).to_be_visible()
    expect(page.get_by_text("Sei il genitore")).to_be_visible()
    window.check()
    act(party)
    expect(page.get_by_role("link", name=subject)).to_be_visible()
    assert "/inbox/as/" in page.url
    banner = page.get_by_role("complementary")
    expect(banner.get_by_text("Stai agendo per")).to_be_visible()
    act(banner.get_by_text("Perché ho accesso?"))
    expect(banner.get_by_text("Sei il genitore")).to_be_visible()
    window.check()

    other = window.context.new_page()
    other.goto("/inbox/")
    expect(other.get_by_text("La tua casella non è attiva")).to_be_visible()
    act(page.get_by_role("link", name=subject))
    expect(page.get_by_role("heading", level=1)).to_have_text(subject)
    assert "/inbox/as/" in page.url
    page.goto(re.sub(r"/as/\w+", "/as/01JE0000000000000000000000", page.url))
    expect(page.get_by_text("Non puoi più agire per questa persona")).to_be_visible()
