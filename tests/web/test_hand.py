"""The hand of these tests fails where a keyboard does."""

from collections.abc import Iterator
from typing import Final

import pytest
from playwright.sync_api import Browser, Page

from tests.web import hand
from tests.web.stops import walk

GOOD: Final = """<main><a href="#a">Prima</a><p></p>
<select><option>uno</option><option disabled>due</option><option>tre</option></select>
<label>Giorno <input type="date"></label><label>Ora <input type="datetime-local"></label>
<label>A <input type="radio" name="r"></label><label>B <input type="radio" name="r"></label>
<label>Sì <input type="checkbox"></label><button>Salva</button></main>"""


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Yield an empty page."""
    context = browser.new_context(reduced_motion="reduce")
    yield context.new_page()
    context.close()


def test_each_kind_of_control_is_used(page: Page) -> None:
    """Lists, days, times, boxes and one of several, by keys alone."""
    page.set_content(GOOD)
    hand.pick(page.locator("select"), "tre")
    hand.write(page.get_by_label("Giorno"), "2027-03-31")
    hand.write(page.get_by_label("Ora"), "2027-12-01T23:05")
    hand.tick(page.get_by_label("B"))
    hand.tick(page.get_by_label("Sì"))
    hand.act(page.get_by_role("link"))
    assert page.url.endswith("#a")
    assert page.locator("select").input_value() == "tre"
    assert walk(page, is_whole=True) == []


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("<button>", '<button tabindex="-1">', "cannot be reached"),
        ("<button>", "<button disabled>", "cannot be reached"),
        ("</main>", "</main><style>button:focus{outline:none}</style>", "as without the focus"),
    ],
)
def test_a_fault_of_a_page_is_found(
    page: Page, old: str, new: str, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A button that Tab passes, one that is off, and one that shows no focus."""
    monkeypatch.setattr(hand, "PATIENCE_MS", 100)
    page.set_content(GOOD.replace(old, new))
    with pytest.raises(AssertionError, match=fault):
        hand.act(page.get_by_role("button"))


def test_a_lost_focus_is_found(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    """A button that is off while its act is on its way loses the focus."""
    monkeypatch.setattr(hand, "PATIENCE_MS", 100)
    page.set_content(GOOD.replace("<button>", '<button onclick="this.disabled = true">'))
    hand.act(page.get_by_role("button"))
    page.evaluate("() => new Promise((done) => setTimeout(done, 100))")
    with pytest.raises(AssertionError, match="the focus lost"):
        hand.act(page.get_by_role("link"))


@pytest.mark.parametrize(
    ("new", "fault"),
    [
        ('<button tabindex="1">', "comes too late"),
        ('<button tabindex="-1" role="button"></button><i role="button">x</i><button>', "no key"),
        ('<button onkeydown="event.preventDefault()">', "is not reached"),
    ],
)
def test_a_walk_finds_what_is_out_of_order(page: Page, new: str, fault: str) -> None:
    """A stop before its turn, one that no key presses, one that keeps the focus."""
    page.set_content(GOOD.replace("<button>", new) + "<main></main><a href='#b'>Fine</a>")
    assert any(fault in one for one in walk(page, is_whole=True))
