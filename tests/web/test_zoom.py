"""Every page at 400 %: it is read in one column and whole, and Tab goes through it."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Final

import pytest
from playwright.sync_api import Browser, Page, ViewportSize

from infra.local.sandbox.seed import (
    CITIZEN,
    MANAGE_KEY,
    OPERATOR_KEY,
    ORGANIZATION,
    SENDER_KEY,
    SERVICE_ID,
)
from tests.host.host_process import ROOT, HostProcess
from tests.web.browser import Watched
from tests.web.console import LETTERS, bury, sign_in
from tests.web.mail import Office
from tests.web.stops import walk

ZOOMED: Final[ViewportSize] = {"width": 320, "height": 256}
"""A window of 1280 by 1024 at 400 %, in the pixels of its pages."""
KEYS: Final = {
    MANAGE_KEY: re.compile("/(services|delegations|organization$|onboarding|remote)"),
    OPERATOR_KEY: re.compile(
        "/(queues|dead-letters|reviews|organizations|featured|service-rights|log|claims)"
    ),
}
"""The key that each page of the console is for; else the sender's."""
FORBIDDEN: Final = "Con questa chiave non puoi usare questa pagina"
ADDRESS: Final = "https://www.comune.example.org/un/indirizzo/lungo/che/non/ha/nemmeno/uno/spazio"
MARKDOWN: Final = f"""Il nuovo regolamento è disponibile: {ADDRESS}

| Rata | Importo | Scadenza | Codice avviso | Pagabile presso |
|---|---:|---|---|---|
| Prima | 42,25 | 10/12/2027 | 302000000000040184 | Banche, poste, tabaccherie |
"""
CERTIFICATE: Final = {
    "title": "Certificato di residenza",
    "description": "In carta libera, per gli usi consentiti dalla legge.",
    "fields": [{"name": "motivo", "label": "Per quale uso?"}],
    "days": 10,
}
# without a reload: the app goes to the address as with the browser's "forward"
GO: Final = """async (address) => {
    window.former = document.querySelector("main h1");
    history.pushState(null, "", address);
    dispatchEvent(new PopStateEvent("popstate"));
    await new Promise(requestAnimationFrame);
}"""
SHOWN: Final = """() => {
    const title = document.querySelector("main h1");
    return title && title !== window.former && !document.querySelector("main .loading");
}"""
FAULTS: Final = """() => {
    const found = [];
    for (const one of document.querySelectorAll("main .alert-danger")) {
        found.push(`fails: ${one.textContent.trim()}`);
    }
    const isWide = document.documentElement.scrollWidth > innerWidth;
    if (isWide) found.push("scrolls to the side");
    scrollTo(0, 300);
    let over = 0;
    for (const one of document.body.querySelectorAll("*")) {
        const {position, overflowX, overflowY, clipPath} = getComputedStyle(one);
        // what is for screen readers alone has a clip path
        if (clipPath !== "none" || !one.checkVisibility()) continue;
        if (one.matches(".skip-link, .snackbars")) continue;
        const {top, bottom, width, left, right} = one.getBoundingClientRect();
        const name = `${one.localName}.${one.className} ${one.textContent.trim().slice(0, 30)}`;
        if (position === "fixed" || position === "sticky") {
            over += Math.max(0, Math.min(bottom, innerHeight) - Math.max(top, 0));
        }
        if (![...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim())) continue;
        const isCut = (overflow, inner, outer) =>
            ["hidden", "clip"].includes(overflow) && inner > outer + 1;
        if (
            isCut(overflowX, one.scrollWidth, one.clientWidth) ||
            isCut(overflowY, one.scrollHeight, one.clientHeight)
        ) found.push(`cut: ${name}`);
        if (isWide && right > innerWidth) found.push(`wide: ${name}`);
        if (width && left < -1) found.push(`outside: ${name}`);
    }
    if (over > innerHeight / 4) found.push(`${over} pixels stay over the content`);
    scrollTo(0, 0);
    return found;
}"""
SPACED: Final = """() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`
        * { line-height: 1.5 !important; letter-spacing: 0.12em !important;
            word-spacing: 0.16em !important; }
        p { margin-bottom: 2em !important; }`);
    document.adoptedStyleSheets = [sheet];
}"""


def paths(source: str, *shown: str) -> list[str]:
    """Return the paths of an app's routes. `shown`: a page that exists, for each with a value."""
    text = (ROOT / "web/src" / source).read_text()
    found = []
    for path in re.findall(r'path: "([^"]+)"', text):
        start, _, rest = path.partition("/:")
        values = [one for one in shown if one.rpartition("/")[0] == start]
        if rest:
            found += [f"{one}/{rest.partition('/')[2]}".rstrip("/") for one in values]
        else:
            found.append(path)
    return found


@pytest.fixture
def window(browser: Browser, host: HostProcess) -> Iterator[Watched]:
    """Yield a window in which 320 pixels are all of its width."""
    window = Watched(browser, f"http://127.0.0.1:{host.port}", ZOOMED)
    yield window
    window.close()


def walked(page: Page, *, is_whole: bool) -> list[str]:
    """Return the faults for a keyboard; walk a page again if it changed during the walk."""
    return walk(page, is_whole=is_whole) and walk(page, is_whole=is_whole)


def read(window: Watched, base: str, pages: list[str]) -> dict[str, list[str]]:
    """Show the pages of an app one after the other; return the faults of each."""
    page = window.page
    faults = {}
    for place, path in enumerate(pages):
        if place:
            page.evaluate(GO, f"{base}{path}")
        else:
            page.goto(f"{base}{path}")
        page.wait_for_function(SHOWN)
        page.evaluate("document.adoptedStyleSheets = []")
        found = page.evaluate(FAULTS)
        found += walked(page, is_whole=not place)
        found += ["is not for this key"] * page.get_by_text(FORBIDDEN).count()
        page.evaluate(SPACED)
        found += [f"with space: {one}" for one in page.evaluate(FAULTS)]
        if found:
            faults[f"{base}{path}"] = found
    return faults


def test_the_inbox_is_read_at_400_percent(window: Watched, office: Office) -> None:
    """Each of its pages, the sign-in first; also with the text spaced out."""
    faults = read(window, "/inbox", ["/"])
    due = office.now().date() + timedelta(days=9)
    content = {"due_date": f"{due}T12:00:00Z"}
    id_ = office.send(
        CITIZEN, "Tassa sui rifiuti", MARKDOWN, pays="302000000000040184", content=content
    )
    office.call("PUT", "/api/v1/certificates/ingrandito", CERTIFICATE)
    window.sign_in(CITIZEN)
    pages = [
        *paths("inbox/routes.ts", f"/messages/{id_}"),
        *paths(
            "inbox/pages.ts", f"/services/{SERVICE_ID}", f"/services/institutions/{ORGANIZATION}"
        ),
        f"/certificates/{SERVICE_ID}/ingrandito",
    ]
    assert (faults | read(window, "/inbox", pages)) == {}
    assert len(pages) > 20


def test_the_console_is_read_at_400_percent(
    window: Watched, office: Office, host: HostProcess
) -> None:
    """Each of its pages, with a key that may use it; the sign-in first."""
    faults = read(window, "/console", ["/"])
    id_ = office.send(next(office.citizens), "Tassa sui rifiuti", pays="302000000000040285")
    content = {"subject": "Tassa sui rifiuti", "markdown": MARKDOWN}
    office.call("PUT", "/api/v1/templates/ingrandito", content)
    batch = office.call("POST", "/api/v1/batches", {"name": "Ingrandito", "content": content})["id"]
    bury(host, LETTERS, "erase_citizen_poison", '{"request_id": 7}')
    pages = [
        *paths("console/routes.ts", f"/sent/{id_}", f"/batches/{batch}", "/templates/ingrandito"),
        *paths(
            "console/routes-of-offices.ts",
            f"/services/{SERVICE_ID}",
            f"/remote-contents/{office.keeps_content('NEVER')}",
            "/dead-letters/erasure-due",
        ),
    ]
    own: dict[str, list[str]] = {SENDER_KEY: [], MANAGE_KEY: ["/"], OPERATOR_KEY: ["/"]}
    for path in pages:
        own[next((key for key, form in KEYS.items() if form.match(path)), SENDER_KEY)].append(path)
    for key, some in own.items():
        window.context.clear_cookies()
        sign_in(window, key)
        faults |= read(window, "/console", some)
    assert faults == {}
    assert len(pages) > 25


def test_documentation_and_start_are_read_at_400_percent(window: Watched) -> None:
    """Guides with their examples, the reference of the API and one operation of it."""
    guides = [f"/{one.stem}" for one in (ROOT / "web/src/docs/guides").glob("*.md")]
    reference = ["/reference/senders", "/reference/senders/submit_message"]
    faults = read(window, "/docs", ["/", "/accessibility", *guides, *reference])
    assert (faults | read(window, "", paths("start/routes.ts"))) == {}
