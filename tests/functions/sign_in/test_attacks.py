"""Attacks on a login that its other tests do not name."""

from datetime import timedelta

import jwt
import pytest

from tests.doubles.kept_provider import KeptProvider
from tests.functions.sign_in.app_calls import (
    ISSUER,
    PAGE,
    App,
    fault_of,
    header,
)
from tests.stack import Stack

SESSION = "recapito-session"
OWN = {"recapito-csrf": "1", "origin": ISSUER}


async def on_page(app: App) -> str:
    """Log a citizen in on a page; return the cookie of the session."""
    asked = {"client_id": PAGE, "redirect_uri": f"{ISSUER}/inbox", "response_type": "none"}
    await app.browser.get("begin_login", **asked)
    assert (await app.come_back()).status == 302
    return app.browser.cookies[SESSION]


@pytest.mark.parametrize("space", ["\x85", "\xa0", "\u2000", "\x1f"])
async def test_a_name_that_begins_with_a_space_is_another_name(app: App, space: str) -> None:
    """Browsers let each host of a domain set it: a cookie of another login must not stand in."""
    cookie = await on_page(app)

    headers = {"cookie": f"{space}{SESSION}={cookie}"}
    reply = await app.stack.call("list_inbox", key=None, headers=headers)

    assert reply.status == 401


@pytest.mark.parametrize("state", ["\U0001f600" * 512, "\x01" * 512, "è" * 512])
async def test_a_login_that_no_cookie_can_keep_is_refused_at_once(app: App, state: str) -> None:
    """Browsers drop a cookie of more than 4096 bytes, so the login would never end."""
    reply = await app.begin(state=state, nonce=state)

    if header(reply, "set-cookie"):
        assert len(header(reply, "set-cookie").partition(";")[0]) <= 4096
        assert (await app.come_back()).status == 302
    else:
        assert fault_of(reply) == "invalid_request"


async def test_a_token_without_the_inbox_is_revoked_too(app: App) -> None:
    """An app that only asks who the citizen is ends its session like each other one."""
    app.client_id = "another-app"
    await app.log_in()

    assert (await app.revoke(app.tokens["access_token"])).status == 200

    assert (await app.refresh()).status == 400


async def test_an_access_token_tells_an_app_no_more_than_its_scopes(app: App) -> None:
    """The app can read the token, so it has the person's data with the inbox alone."""
    app.client_id = "another-app"
    await app.log_in()
    refreshed = await app.refresh()

    for token in (app.tokens["access_token"], refreshed.body["access_token"]):
        claims = jwt.decode(token, options={"verify_signature": False})
        assert not claims.keys() & {"given_name", "family_name", "birthdate", "email"}


async def test_forged_callbacks_do_not_reach_the_provider_without_end(
    stack: Stack, app: App, provider: KeptProvider
) -> None:
    """One begun login could else ask the provider as often as its author likes."""
    await app.begin()
    for _ in range(1199):
        stack.app.sign_in.logins.admit("198.51.100.7")

    reply = await app.come_back()

    assert (reply.status, provider.used) == (429, set())


@pytest.mark.parametrize("name", ["log_out", "end_own_sessions"])
async def test_a_logout_renews_no_cookie(app: App, name: str) -> None:
    """Also where the call comes when the cookie is due for renewal."""
    await on_page(app)
    app.stack.clock.advance(timedelta(minutes=20))

    reply = await app.browser.call(name, headers=OWN)

    assert reply.status < 300
    assert SESSION not in app.browser.cookies
