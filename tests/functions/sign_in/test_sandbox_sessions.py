"""The sandbox logs a citizen in by one click, without a provider, as a login does."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from multidict import CIMultiDict, CIMultiDictProxy

from infra.local.sandbox.seed import CITIZEN
from infra.local.sandbox.sessions import SandboxSessions
from tests.builders.sessions import with_deletion
from tests.builders.settings import CLIENTS, settings_for
from tests.functions.sign_in.app_calls import ISSUER, Browser
from tests.stack import Stack

NEW = "NOPROF00A00A000A"
CSRF = {"recapito-csrf": "1", "origin": ISSUER, "sec-fetch-site": "same-origin"}
_APPS_ALONE = json.dumps([one for one in json.loads(CLIENTS) if one["kind"] == "native"])


class Page:
    """The host's endpoints, as a page of this origin calls them."""

    def __init__(self, stack: Stack) -> None:
        self._answers: dict[str, Any] = {}
        self.browser = Browser(stack)
        SandboxSessions(stack.app).mount(self)  # type: ignore[arg-type]

    def add(self, method: str, template: str, answer: Any) -> None:
        """Take an endpoint, as the host does."""
        self._answers[f"{method} {template}"] = answer

    async def call(self, endpoint: str, body: Any = None, **headers: str) -> web.Response:
        """Call an endpoint, and keep the cookie of the answer."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        request = _Request(CIMultiDictProxy(CIMultiDict(named)), body)
        answer: web.Response = await self._answers[endpoint](request, {})
        if given := answer.headers.get("Set-Cookie"):
            name, _, rest = given.partition("=")
            self.browser.cookies[name], _, attributes = rest.partition(";")
            assert "HttpOnly; SameSite=Lax" in attributes
        return answer

    async def log_in(self, fiscal_code: str = CITIZEN, **more: Any) -> web.Response:
        """Log a citizen in."""
        return await self.call("POST sandbox/session", {"fiscal_code": fiscal_code, **more})


def told(answer: web.Response) -> Any:
    """Return the JSON of an answer."""
    assert isinstance(answer.body, bytes)
    return json.loads(answer.body)


class _Request:
    def __init__(self, headers: CIMultiDictProxy[str], body: Any) -> None:
        self.headers, self._body = headers, body

    async def read(self) -> bytes:
        return self._body if isinstance(self._body, bytes) else json.dumps(self._body).encode()


@pytest.fixture
async def stack(tmp_path: Path) -> AsyncIterator[Stack]:
    """Give the app without a provider."""
    stack = await Stack(tmp_path).start()
    yield stack
    await stack.app.close()


async def test_one_click_opens_the_inbox(stack: Stack) -> None:
    """The cookie is that of a login: it reads, writes, and ends by a logout."""
    page = Page(stack)
    answer = await page.log_in()
    browser = page.browser

    who = await browser.call("read_own_session")
    listed = (await browser.call("list_sessions")).body["items"]
    out = await browser.call("log_out", headers=CSRF)

    assert (answer.status, told(answer)) == (200, {"fiscal_code": CITIZEN})
    assert who.body == {
        "id": listed[0]["id"],
        "fiscal_code": CITIZEN,
        "name": "Ada",
        "family_name": "Sandbox",
        "provider": "sandbox",
        "created_at": "2026-11-23T09:00:00.000Z",
        "expires_at": "2026-11-23T21:00:00.000Z",
    }
    assert listed[0]["is_current"]
    assert (out.status, browser.cookies) == (200, {})
    assert (await browser.call("read_own_session")).status == 401


async def test_the_first_click_creates_the_profile(stack: Stack) -> None:
    """It is the profile of a first login, and the access log has the login."""
    page = Page(stack)
    await page.log_in(NEW, name="Grazia Maria Deledda")

    profile = (await page.browser.call("read_profile")).body
    log = (await page.browser.call("list_accesses")).body["items"]

    assert (profile["version"], profile["is_inbox_enabled"]) == (0, False)
    assert (profile["name"], profile["family_name"]) == ("Grazia", "Maria Deledda")
    assert [one["action"] for one in log] == ["LOGIN"]


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "http://127.0.0.1:8080"},
        {"origin": "null"},
        {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "same-site"},
    ],
)
async def test_a_page_of_another_site_logs_nobody_in(stack: Stack, headers: dict[str, str]) -> None:
    """Else it could put its own citizen into the browser of a developer."""
    page = Page(stack)
    answer = await page.call("POST sandbox/session", {"fiscal_code": CITIZEN}, **headers)

    assert (answer.status, page.browser.cookies) == (403, {})
    assert ISSUER in told(answer)["detail"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b"{", None),
        ([], None),
        ({}, "/fiscal_code"),
        ({"fiscal_code": "AAAAAA00A00A000"}, "/fiscal_code"),
        ({"fiscal_code": ["A"]}, "/fiscal_code"),
        ({"fiscal_code": CITIZEN, "name": 1}, "/name"),
        ({"fiscal_code": CITIZEN, "name": "x" * 101}, "/name"),
    ],
)
async def test_a_session_of_nobody_is_refused(stack: Stack, body: Any, field: str | None) -> None:
    """The refusal names the member."""
    answer = await Page(stack).call("POST sandbox/session", body)

    refused = told(answer)
    assert answer.status == 400
    assert [one["pointer"] for one in refused.get("errors", [])] == ([field] if field else [])


async def test_who_may_not_log_in_gets_no_session(stack: Stack) -> None:
    """The rules of a login hold: who is too young, and whose data is being deleted."""
    await with_deletion(stack, NEW, "WIP")
    page = Page(stack)

    for fiscal_code in ("MINORE00A00A000A", NEW):
        assert (await page.log_in(fiscal_code)).status == 403
    assert page.browser.cookies == {}


@pytest.mark.parametrize("changes", [{"sign_in_secret": ""}, {"app_clients": _APPS_ALONE}])
async def test_an_app_without_pages_says_what_is_missing(
    tmp_path: Path, changes: dict[str, str]
) -> None:
    """The refusal names the setting."""
    stack = Stack(tmp_path, settings_for(tmp_path, **changes))
    answer = await Page(stack).log_in()

    assert answer.status == 409
    assert ("APP_CLIENTS" if "app_clients" in changes else "SIGN_IN_SECRET") in str(answer.body)
    await stack.app.close()


async def test_where_another_issuer_signs_citizens_in_there_is_no_click(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As there are no tokens of the sandbox."""
    monkeypatch.setenv("CITIZEN_TOKEN_JWKS", "https://login.example/jwks")
    monkeypatch.setenv("CITIZEN_TOKEN_ISSUER", "https://login.example")

    assert (await Page(stack).log_in()).status == 409
