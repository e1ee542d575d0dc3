"""A page asks who is logged in, and where a login begins."""

from pathlib import Path

import pytest

from infra.local.sandbox.seed import CITIZEN
from lib.ports.identity_provider import OfferedProvider
from tests.builders.settings import settings_for
from tests.doubles.kept_provider import KeptProvider
from tests.functions.sign_in.app_calls import ISSUER, App, header, query_of
from tests.functions.sign_in.test_browser_sessions import logged_in
from tests.stack import Stack


async def test_the_page_learns_who_is_logged_in(app: App) -> None:
    """Name and fiscal code are those of the login, and nobody is logged in before it."""
    before = await app.browser.call("read_own_session")
    browser = await logged_in(app)
    who = (await browser.call("read_own_session")).body

    assert before.status == 401
    assert (who["name"], who["family_name"], who["provider"]) == ("Maria", "Rossi", "spid")
    assert who["fiscal_code"] == app.provider.fiscal_code
    assert who["expires_at"] == "2026-11-23T21:00:00.000Z"
    assert "no-store" in str((await browser.call("read_own_session")).headers)
    assert (await app.stack.call("read_own_session", citizen=CITIZEN)).status == 404


async def test_a_button_leads_to_the_provider_and_back_to_the_page(app: App) -> None:
    """The address of the button begins a login of the page; its state comes back."""
    (item,) = (await app.stack.call("list_login_providers", key=None)).body["items"]
    path, _, _ = item["login_url"].partition("?")

    begun = await app.browser.get("begin_login", **query_of(item["login_url"]), state="/m/1")
    back = await app.come_back()

    assert (item["id"], item["name"]) == ("spid", "SPID di prova")
    assert path == f"{ISSUER}/api/auth/v1/authorize"
    assert (begun.status, back.status) == (302, 302)
    assert app.provider.requests[-1].redirect_uri == f"{ISSUER}/api/auth/v1/callback"
    assert query_of(header(back, "location"))["state"] == "/m/1"
    assert (await app.browser.call("list_inbox")).status == 200


@pytest.mark.parametrize(("clients", "count"), [("", 1), (None, 0)])
async def test_providers_without_a_page_or_none_at_all(
    tmp_path: Path, provider: KeptProvider, clients: str | None, count: int
) -> None:
    """Apps alone may log in: there is no address. Without providers there is no button."""
    settings = settings_for(tmp_path, **({} if clients is None else {"app_clients": clients}))
    offered = {"spid": OfferedProvider("SPID", provider)} if count else {}
    stack = Stack(tmp_path, settings, providers=offered)

    reply = await stack.call("list_login_providers", key=None)

    assert reply.body == {"items": [{"id": "spid", "name": "SPID"}] * count}
    await stack.app.close()
