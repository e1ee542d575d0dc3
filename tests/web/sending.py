"""A sender's pages of the console in tests: sign-in, headings, calls and texts."""

from collections.abc import Mapping
from typing import Any, Final

from playwright.sync_api import Locator, expect

from infra.local.sandbox.seed import SENDER_KEY
from tests.web.browser import Watched
from tests.web.console import sign_in

CITIZEN: Final = "AAAAAA00A00A000A"
OWN: Final = {"Recapito-CSRF": "1"}
SUBJECT: Final = "Tassa sui rifiuti 2027"
MARKDOWN: Final = (
    "Gentile contribuente,\n\nè disponibile l'avviso della **tassa sui rifiuti** per l'anno 2027, "
    "con l'importo e la scadenza. Si paga allo [sportello](https://example.org/sportello)."
)


def enter(window: Watched, key: str = SENDER_KEY) -> None:
    """Let the window's browser hold a key, as the sign-in page does, and show the overview."""
    sign_in(window, key)
    window.page.goto("/console/")
    expect(heading(window, "Riepilogo:")).to_be_visible()


def call(window: Watched, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
    """Call the API with the sandbox's sender key, as an administration's own software does."""
    answer = window.page.request.fetch(
        f"{window.base}{path}",
        method=method,
        headers={"Ocp-Apim-Subscription-Key": SENDER_KEY},
        data=dict(body) if body is not None else None,
    )
    assert answer.ok, answer.text()
    return answer.json() if answer.body() else None


def heading(window: Watched, name: str) -> Locator:
    """Return the heading of the page with a name."""
    return window.page.get_by_role("heading", level=1, name=name)


def visit(window: Watched, path: str, title: str) -> None:
    """Go to a page of the console, and wait for its heading."""
    window.page.goto(f"/console{path}")
    expect(heading(window, title)).to_be_visible()
