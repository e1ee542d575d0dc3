"""A page of this app's origin logs in by a cookie, and no other site can use it."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from azure.functions import HttpMethod

from functions.http.endpoints import ENDPOINTS
from lib.ports.identity_provider import OfferedProvider
from tests.builders.settings import CLIENTS, settings_for
from tests.doubles.kept_provider import LEVEL_3, KeptProvider
from tests.functions.devices.device_calls import a_subscription, listed
from tests.functions.sign_in.app_calls import ISSUER, PAGE, App, Browser, header
from tests.stack import Stack

CSRF = {"recapito-csrf": "1"}
SESSION = "recapito-session"


async def logged_in(app: App, **changes: str) -> Browser:
    """Log a citizen in on the page; return the browser."""
    asked = {
        "client_id": PAGE,
        "redirect_uri": f"{ISSUER}/inbox",
        "response_type": "none",
        "state": "s",
        **changes,
    }
    assert (await app.browser.get("begin_login", **asked)).status == 302
    reply = await app.come_back()
    assert header(reply, "location").startswith(f"{asked['redirect_uri']}?state=s&iss=http")
    return app.browser


async def test_a_cookie_opens_the_inbox(app: App) -> None:
    """The page calls with the cookie alone, and gets no token."""
    browser = await logged_in(app)

    inbox = await browser.call("list_inbox")
    session = await browser.call("read_session")

    assert (inbox.status, session.status) == (200, 200)
    assert session.body["expirationDate"] == "2026-11-23T21:00:00.000Z"
    assert not header(inbox, "set-cookie")


async def test_a_page_gets_no_code(app: App) -> None:
    """A page of this origin uses the cookie, and has no tokens that a script could read."""
    reply = await app.browser.get(
        "begin_login",
        **app.asked(client_id=PAGE, redirect_uri=f"{ISSUER}/inbox", scope="inbox"),
    )

    assert "error=unsupported_response_type" in header(reply, "location")


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {**CSRF, "sec-fetch-site": "cross-site"},
        {**CSRF, "sec-fetch-site": "same-site"},
        {**CSRF, "origin": "https://evil.example"},
        {**CSRF, "origin": "null"},
        {"origin": ISSUER, "sec-fetch-site": "same-origin"},
    ],
)
async def test_a_write_with_a_cookie_alone_is_refused(app: App, headers: dict[str, str]) -> None:
    """A form of another site sends the cookie, and cannot send the header: CSRF."""
    browser = await logged_in(app)

    refused = await browser.call("end_own_sessions", headers=headers)

    assert (refused.status, refused.body["title"]) == (403, "Call of another site")
    assert (await browser.call("list_inbox")).status == 200


async def test_a_read_of_another_site_is_refused(app: App) -> None:
    """Another site cannot even ask, where the browser says that it does."""
    browser = await logged_in(app)

    refused = await browser.call("list_inbox", headers={"sec-fetch-site": "cross-site"})

    assert refused.status == 403


async def test_the_page_itself_writes_and_logs_out(app: App) -> None:
    """With the header, from the same origin, a write is done; a logout ends the cookie.

    The provider leads back to the page.
    """
    browser = await logged_in(app)
    own = {**CSRF, "origin": ISSUER, "sec-fetch-site": "same-origin"}
    value = browser.cookies[SESSION]

    reply = await browser.call("log_out", headers=own)
    gone = SESSION not in browser.cookies
    back = await browser.get("show_logged_out")
    browser.cookies[SESSION] = value
    replayed = await browser.call("list_inbox")

    assert (reply.status, gone) == (200, True)
    assert reply.body["end_session_url"].startswith("https://provider.example/logout")
    assert (back.status, header(back, "location")) == (302, f"{ISSUER}/inbox")
    assert (replayed.status, replayed.body["detail"]) == (
        401,
        "the session of the cookie has ended",
    )


@pytest.mark.parametrize("value", ["", "x", "gAAAAABh"])
async def test_a_forged_cookie_is_refused(app: App, value: str) -> None:
    """A cookie that this app did not make opens nothing."""
    browser = await logged_in(app)
    browser.cookies[SESSION] = value

    assert (await browser.call("list_inbox")).status == 401


async def test_the_cookie_of_a_login_is_no_session(app: App) -> None:
    """Each cookie is encrypted for its own purpose."""
    await app.begin()
    (sealed,) = app.browser.cookies.values()
    app.browser.cookies[SESSION] = sealed

    assert (await app.browser.call("list_inbox")).status == 401


async def test_a_cookie_renews_itself_until_the_session_ends(app: App) -> None:
    """Each quarter of an hour the cookie is a new one; after 12 hours nothing helps."""
    browser = await logged_in(app)
    first = browser.cookies[SESSION]
    app.stack.clock.advance(timedelta(minutes=15))
    assert (await browser.call("list_inbox")).status == 200
    second = browser.cookies[SESSION]
    listed = await browser.call("list_sessions")
    app.stack.clock.advance(timedelta(hours=12) - timedelta(minutes=15))

    assert first != second
    assert listed.body["items"][0]["last_used_at"] == "2026-11-23T09:15:00.000Z"
    assert (await browser.call("list_inbox")).status == 401


async def test_a_token_counts_before_a_cookie(app: App, provider: KeptProvider) -> None:
    """A call with both is that of the token's citizen."""
    browser = await logged_in(app)
    provider.fiscal_code = "RSSMRA80A01H501U"
    other = App(app.stack, provider)
    await other.log_in()
    bearer = {"authorization": f"Bearer {other.tokens['access_token']}"}

    profile = await browser.call("read_profile", headers=bearer)
    refused = await browser.call("read_profile", headers={"authorization": "Bearer x"})

    assert profile.body["fiscal_code"] == "RSSMRA80A01H501U"
    assert refused.status == 401


async def test_with_tls_no_other_host_can_set_the_cookies(
    tmp_path: Path, provider: KeptProvider
) -> None:
    """The cookies have the prefix `__Host-`, and are sent with TLS alone."""
    public = "https://recapito.ente.example"
    clients = CLIENTS.replace("http://127.0.0.1:7071/inbox", f"{public}/inbox")
    settings = settings_for(tmp_path, public_url=public, app_clients=clients)
    offered = {"spid": OfferedProvider("SPID", provider)}
    app = App(await Stack(tmp_path, settings, providers=offered).start(), provider)

    browser = await logged_in(app, redirect_uri=f"{public}/inbox")
    app.stack.clock.advance(timedelta(minutes=15))
    reply = await browser.call("list_inbox")

    assert all(name.startswith("__Host-recapito-") for name in browser.cookies)
    assert header(reply, "set-cookie").endswith("; Path=/; Max-Age=42300; HttpOnly; SameSite=Lax; "
                                                "Secure")  # fmt: skip
    await app.stack.app.close()


_LEFT = json.dumps([one for one in json.loads(CLIENTS) if one["id"] == "another-app"])


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"app_clients": _LEFT}, "the session of the token has ended"),
        ({"citizen_token_acr_values": LEVEL_3}, "the level of assurance of the login is too low"),
    ],
)
async def test_the_settings_decide_about_older_sessions(
    app: App, tmp_path: Path, changes: dict[str, str], told: str
) -> None:
    """An operator removes a page that was taken over, or demands a higher level."""
    browser = await logged_in(app)
    await app.log_in()
    await app.stack.app.close()
    stack = await Stack(tmp_path, settings_for(tmp_path, **changes)).start()
    browser.stack = app.stack = stack

    by_cookie = await browser.call("list_inbox")
    by_token = await app.call("list_inbox")

    assert (by_cookie.status, by_token.status) == (401, 401)
    assert by_cookie.body["detail"] == "the session of the cookie has ended"
    assert by_token.body["detail"] == told
    await stack.app.close()


def test_no_effect_follows_a_head() -> None:
    """What scans links asks by HEAD, and must neither use up a code nor end a session."""
    changing = {one.name for one in ENDPOINTS if one.method == "GET" and one.changes}
    heads = {one.name for one in ENDPOINTS if HttpMethod.HEAD in one.methods}

    assert changing == {"finish_login", "end_session"}
    assert not changing & heads


async def test_a_browser_gets_pushes_as_long_as_its_session(app: App) -> None:
    """The page registers its subscription by the cookie, and no other site can."""
    browser = await logged_in(app)
    own = {**CSRF, "origin": ISSUER, "sec-fetch-site": "same-origin"}
    call: dict[str, Any] = {"body": a_subscription("one"), "path": {"installation_id": "page"}}
    foreign = {"origin": "https://evil.example", "sec-fetch-site": "cross-site"}

    refused = await browser.call("subscribe_browser", headers=foreign, **call)
    silent = await listed(app.stack)
    taken = await browser.call("subscribe_browser", headers=own, **call)
    (device,) = await listed(app.stack)
    await browser.call("log_out", headers=own)

    assert (refused.status, silent, taken.status) == (403, [], 200)
    assert device["platform"] == "browser"
    assert await listed(app.stack) == []
