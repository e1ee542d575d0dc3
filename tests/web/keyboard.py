"""A reader without a mouse: each act begins where the focus is, and leaves it somewhere."""

import re
from typing import Final

from playwright.sync_api import Page, expect

_NAME: Final = """() => {
    const one = document.activeElement;
    if (!one || one === document.body) return null;
    const label = one.getAttribute("aria-label") ?? one.labels?.[0]?.innerText;
    return (label ?? one.innerText).replace(/\\s+/g, " ").trim();
}"""


class Keyboard:
    """The keys of a page. A name is a pattern that begins where the element's name begins."""

    def __init__(self, page: Page) -> None:
        self._page = page

    def held(self) -> str:
        """Return the name of what has the focus; fail where nothing has it."""
        name = self._page.evaluate(_NAME)
        assert name is not None, "the focus is lost"
        return str(name)

    def to(self, name: str, *, back: bool = False, most: int = 80) -> None:
        """Press Tab until an element with the name has the focus. `back`: towards the top."""
        passed = []
        for _ in range(most):
            self._page.keyboard.press("Shift+Tab" if back else "Tab")
            passed.append(self._page.evaluate(_NAME) or "")
            if re.match(name, passed[-1]):
                return
        raise AssertionError(f"no way to {name}: {passed}")

    def press(self, name: str, key: str = "Enter", *, back: bool = False) -> None:
        """Go to an element and press a key there."""
        self.to(name, back=back)
        self._page.keyboard.press(key)

    def write(self, name: str, text: str, *, back: bool = False) -> None:
        """Go to a field and write a text in the place of what it has."""
        self.to(name, back=back)
        self._page.keyboard.press("ControlOrMeta+a")
        self._page.keyboard.insert_text(text)

    def stays(self) -> None:
        """Wait until something has the focus: what had it may have left the page."""
        expect(self._page.locator(":focus")).to_have_count(1)
