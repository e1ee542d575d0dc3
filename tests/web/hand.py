"""Acts on a page by the keyboard alone; on some windows by taps.

An act by keyboard begins one stop before its control. Tab is pressed, the control must have the
focus then and show it, and a key does the rest. Something must have the focus before: where a page
loses it after an act, a reader without a mouse begins at the top again. `test_zoom.py` tests for
each page that Tab leads from its top to all of its controls.
"""

from datetime import datetime
from pathlib import Path
from typing import Any, Final
from weakref import WeakSet

from playwright.sync_api import BrowserContext, Locator, Page

from tests.web.stops import LOOK, STOPS

_TAPPED: Final[WeakSet[BrowserContext]] = WeakSet()
PATIENCE_MS = 20_000
"""How long a control may take to be ready, on a busy machine."""
_MOST_TABS: Final = 8
"""A date with a time has seven stops of its own; a text that scrolls is one too."""
_FIND: Final = f"""async (given, patience) => {{
    {STOPS}{LOOK}
    const until = performance.now() + patience;
    const pause = () => new Promise((done) => setTimeout(done, 20));
    const target = given.matches(STOPS)
        ? given
        : given.closest("label")?.control ?? given.closest(STOPS);
    if (!target) return {{fault: "is nothing that a key can press"}};
    const look = () => {{
        const found = stops();
        const stop = stopOf(target);
        const isLost = window.isHandled && document.activeElement === document.body;
        const isWaiting = target.getAttribute("aria-disabled") === "true" || isLost;
        const place = isWaiting ? -1 : found.indexOf(stop);
        return {{stop, isLost, place, found}};
    }};
    let {{stop, isLost, place, found}} = look();
    while (place < 0) {{
        if (!target.isConnected) return {{}};
        if (performance.now() > until) {{
            return {{fault: isLost ? "finds the focus lost" : "cannot be reached by keyboard"}};
        }}
        await pause();
        ({{stop, isLost, place, found}} = look());
    }}
    const hasFocus = stop === document.activeElement;
    window.styleOfHand = () => lookOf(stop);
    window.isHandled = true;
    window.stopOfHand = stop;
    const radios = target.type === "radio" ? radiosWith(target) : [target];
    const answer = {{
        tag: target.localName,
        type: target.type ?? "",
        isChecked: target.checked,
        steps: radios.indexOf(target) - radios.indexOf(stop),
        hasFocus,
    }};
    if (hasFocus) return answer;
    const isFirst = place === 0;
    const [from] = isFirst ? found.slice(1) : found.slice(place - 1);
    window.restOfHand = window.styleOfHand();
    if (from) from.focus();
    else document.activeElement.blur();
    return {{...answer, key: from && isFirst ? "Shift+Tab" : "Tab"}};
}}"""
_HELD: Final = """async () => {
    if (document.activeElement !== window.stopOfHand) {
        const {outerHTML} = document.activeElement;
        return {fault: `not reached, but ${outerHTML.slice(0, 120)}`};
    }
    for (let frame = 0; frame < 20; frame++) {
        if (window.styleOfHand() !== window.restOfHand) return {};
        await new Promise(requestAnimationFrame);
    }
    return {fault: "reached, but looks as without the focus"};
}"""
_STEPS_OF_CHOICE: Final = """({value, label, index}) => {
    const select = document.activeElement;
    const options = [...select.options].filter((one) => !one.disabled);
    const to = options.findIndex((one) => index !== null ? one.index === index
        : label !== null ? one.label === label : one.value === value);
    return to < 0 ? null : to - options.indexOf(select.selectedOptions[0]);
}"""


def reach(locator: Locator) -> None:
    """Bring the focus to a control: what follows is typed."""
    if _is_tapped(locator):
        locator.click()
    else:
        _reach(locator)


def taps(context: BrowserContext) -> None:
    """Let the hand tap in a context, as on a phone: the same flow has another run by keyboard."""
    _TAPPED.add(context)


def act(locator: Locator, key: str | None = None) -> None:
    """Press a link, a button or the like. `key`: if it is not the usual one."""
    if _is_tapped(locator):
        locator.click()
        return
    found = _reach(locator)
    usual = "Space" if found["type"] in {"checkbox", "radio"} else "Enter"
    locator.page.keyboard.press(key or usual)


def tick(locator: Locator, *, on: bool = True) -> None:
    """Set a box or choose one of several."""
    if _is_tapped(locator):
        locator.set_checked(on)
        return
    keys = locator.page.keyboard
    found = _reach(locator)
    for _ in range(abs(found["steps"])):
        keys.press("ArrowDown" if found["steps"] > 0 else "ArrowUp")
    if not found["steps"] and found["isChecked"] != on:
        keys.press("Space")
    assert locator.is_checked() == on


def write(locator: Locator, text: str) -> None:
    """Write a text in the place of what a field has."""
    if _is_tapped(locator):
        locator.fill(text)
        return
    page = locator.page
    found = _reach(locator)
    if found["type"] in {"date", "datetime-local", "time"} and text:
        _write_time(page, text)
        assert locator.input_value() == text
        return
    page.keyboard.press("ControlOrMeta+a")
    if text:
        page.keyboard.insert_text(text)
    else:
        page.keyboard.press("Delete")


def pick(
    locator: Locator,
    value: str | None = None,
    *,
    label: str | None = None,
    index: int | None = None,
) -> None:
    """Choose an option of a list: it is opened, gone through, and closed by Enter."""
    if _is_tapped(locator):
        locator.select_option(value, label=label, index=index)
        return
    page = locator.page
    _reach(locator)
    steps = page.evaluate(_STEPS_OF_CHOICE, {"value": value, "label": label, "index": index})
    assert steps is not None, "no such option"
    page.keyboard.press("Space")
    for _ in range(abs(steps)):
        page.keyboard.press("ArrowDown" if steps > 0 else "ArrowUp")
    page.keyboard.press("Enter")


def attach(locator: Locator, *files: Path | str) -> None:
    """Choose files in the browser's own window, which the field opens."""
    if _is_tapped(locator):
        locator.set_input_files([*files])
        return
    # the browser is to know early that no window is wanted
    locator.page.once("filechooser", lambda chooser: chooser.set_files([*files]))
    _reach(locator)
    with locator.page.expect_file_chooser():
        locator.page.keyboard.press("Enter")


def _is_tapped(locator: Locator) -> bool:
    return locator.page.context in _TAPPED


def _reach(locator: Locator) -> dict[str, Any]:
    """Bring the focus to a control by Tab."""
    page, fault = locator.page, ""
    for _ in range(3):
        found = locator.evaluate(_FIND, PATIENCE_MS)
        assert "fault" not in found, f"{locator} {found['fault']}"
        if found.get("hasFocus"):
            return dict(found)
        # a page that is made anew in this moment has the control again
        for _ in range(_MOST_TABS if found else 0):
            page.keyboard.press(found["key"])
            fault = page.evaluate(_HELD).get("fault")
            if not fault:
                return dict(found)
            assert not fault.startswith("reached"), f"{locator} is {fault}"
    raise AssertionError(f"{locator} is {fault}")


def _write_time(page: Page, text: str) -> None:
    """Write a date, a time or both in the order of American English, which Debian's shell has."""
    form = "%Y-%m-%dT%H:%M" if "T" in text else "%Y-%m-%d" if "-" in text else "%H:%M"
    # without a zone, as the reader writes it
    moment = datetime.strptime(text, form)  # noqa: DTZ007
    keys = page.keyboard
    if "-" in text:
        keys.type(f"{moment:%m%d%Y}")
    if "T" in text:
        # a year may have six figures
        keys.press("ArrowRight")
    if ":" in text:
        keys.type(f"{moment:%I%M%p}")
