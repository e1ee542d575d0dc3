"""A logout ends the session, the notifications of its device, and the provider's session."""

from pathlib import Path
from typing import Any

import pytest

from infra.local.sandbox.seed import CITIZEN
from lib.ports.errors import UnavailableError
from tests.builders.settings import settings_for
from tests.doubles.kept_provider import KeptProvider
from tests.functions.sign_in.app_calls import App, header, query_of
from tests.functions.sign_in.test_codes import fault
from tests.stack import Reply, Stack

BYE = "https://app.example/bye"
DEVICE: dict[str, Any] = {"platform": "apns", "pushChannel": "the-channel"}


async def test_after_a_logout_nothing_is_replayed(app: App, provider: KeptProvider) -> None:
    """The access token and the refresh token are refused, and the app learns where to go on."""
    await app.log_in()
    assert (await app.call("list_inbox")).status == 200

    reply = await app.call("log_out")

    assert (reply.status, reply.body["message"]) == (200, "ok")
    assert reply.body["end_session_url"].startswith("https://provider.example/logout")
    assert provider.hints == ["the-hint"]
    assert (await app.call("list_inbox")).status == 401
    assert (await app.call("log_out")).status == 401
    assert fault(await app.refresh()) == "invalid_grant"


async def register(app: App, device: str = "the-device") -> Reply:
    """Register a device by the app's token."""
    path = {"installation_id": device}
    return await app.call("register_installation", DEVICE, path=path)


async def channels_of(stack: Stack, fiscal_code: str) -> int:
    """Return the number of the citizen's devices that get notifications."""
    return len((await stack.app.repositories.devices.get(fiscal_code)).present)


@pytest.mark.parametrize("way", ["logout", "end", "end all", "revoke", "replay"])
async def test_a_device_gets_no_notifications_without_its_session(app: App, way: str) -> None:
    """However the session ends, its device falls silent, and other devices do not."""
    code = await app.code()
    await app.exchange(code)
    other = {"installation_id": "of-another-issuers-token"}
    body = {"platform": "apns", "pushChannel": "another-channel"}
    await app.stack.call("register_installation", body, path=other, citizen=CITIZEN)
    for _ in range(2):
        assert (await register(app)).status == 200
    assert await channels_of(app.stack, CITIZEN) == 2

    match way:
        case "logout":
            await app.call("log_out")
        case "end":
            id_ = (await app.call("list_sessions")).body["items"][0]["id"]
            await app.call("end_own_session", path={"session_id": id_})
        case "end all":
            await app.call("end_own_sessions")
        case "revoke":
            await app.revoke(app.tokens["refresh_token"])
        case _:
            await app.exchange(code)

    assert await channels_of(app.stack, CITIZEN) == 1


async def test_a_device_that_logs_in_anew_keeps_its_notifications(app: App) -> None:
    """The former session of the same device ends, and the device belongs to the new one."""
    await app.log_in()
    await register(app)
    former = dict(app.tokens)
    await app.log_in()
    await register(app)

    await app.revoke(former["refresh_token"])
    kept = await channels_of(app.stack, CITIZEN)
    await app.call("log_out")

    assert kept == 1
    assert await channels_of(app.stack, CITIZEN) == 0


async def test_a_browser_is_led_through_the_provider_and_back(app: App) -> None:
    """The session ends here, then at the provider, and the app gets its state."""
    tokens = await app.log_in()
    app.stack.clock.moment = app.stack.clock.moment.replace(hour=20)

    away = await app.browser.get(
        "end_session",
        id_token_hint=tokens["id_token"],
        post_logout_redirect_uri=BYE,
        state="s",
    )
    back = await app.browser.get("show_logged_out")

    to = query_of(header(away, "location"))["to"]
    assert (away.status, to) == (302, "http://127.0.0.1:7071/api/auth/v1/logged-out")
    assert (back.status, header(back, "location")) == (302, f"{BYE}?state=s")
    assert fault(await app.refresh()) == "invalid_grant"


@pytest.mark.parametrize(
    "changes",
    [
        {"post_logout_redirect_uri": "https://evil.example/bye"},
        {"post_logout_redirect_uri": f"{BYE}/"},
        {"post_logout_redirect_uri": "//evil.example"},
        {"post_logout_redirect_uri": "https://app.example/callback"},
        {"client_id": "another-app"},
        {"client_id": "nobody"},
        {"id_token_hint": ""},
        {"id_token_hint": "access"},
        {"id_token_hint": "forged"},
        {"state": "x" * 600},
    ],
)
async def test_a_logout_is_no_open_redirect(app: App, changes: dict[str, str]) -> None:
    """An address that is not registered, or a token of another client, leads nowhere."""
    tokens = await app.log_in()
    asked = {"id_token_hint": "id", "post_logout_redirect_uri": BYE, **changes}
    known = {
        "id": tokens["id_token"],
        "access": tokens["access_token"],
        "forged": f"{tokens['id_token'][:-8]}AAAAAAAA",
    }
    asked["id_token_hint"] = known.get(asked["id_token_hint"], "")

    reply = await app.browser.get(
        "end_session", **{name: value for name, value in asked.items() if value}
    )

    assert (reply.status, header(reply, "location")) == (400, "")
    assert (await app.call("list_inbox")).status == 200


async def test_a_logout_without_an_address_shows_a_page(
    app: App, provider: KeptProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A provider that is away, or has no logout, does not keep the session open here."""
    tokens = await app.log_in()

    async def away(*_: object) -> None:
        raise UnavailableError("away")

    monkeypatch.setattr(provider, "end_url", away)
    for _ in range(2):
        reply = await app.browser.get("end_session", id_token_hint=tokens["id_token"])
        assert reply.status == 200
        assert b"Sei uscito" in reply.body
        assert b'<a href="http://127.0.0.1:7071/inbox">' in reply.body
    assert fault(await app.refresh()) == "invalid_grant"
    page = await app.browser.get("show_logged_out")
    app.browser.cookies["recapito-logout"] = "forged"
    assert page.status == (await app.browser.get("show_logged_out")).status == 200


async def test_the_session_is_told_under_ios_names(app: App) -> None:
    """IO's app asks for members by name; a token of another issuer has no session."""
    await app.log_in()

    whole = await app.call("read_session")
    part = await app.call("read_session", query={"fields": "(spidLevel,expirationDate)"})
    foreign = await app.stack.call("read_session", citizen=CITIZEN)

    assert part.body == {
        "spidLevel": "https://www.spid.gov.it/SpidL2",
        "expirationDate": "2026-12-23T09:00:00.000Z",
    }
    assert whole.body.keys() == {"spidLevel", "expirationDate", "walletToken", "bpdToken"}
    assert whole.body["walletToken"] != whole.body["bpdToken"]
    assert foreign.status == 404
    assert (await app.stack.call("log_out", citizen=CITIZEN)).status == 404


async def test_an_installation_without_logins_says_so(tmp_path: Path) -> None:
    """Each endpoint answers that nobody logs in here."""
    stack = await Stack(tmp_path, settings_for(tmp_path, sign_in_secret="")).start()
    for name in (
        *("begin_login", "read_openid_provider", "list_signing_keys", "show_logged_out"),
        "list_login_providers",
    ):
        assert (await stack.call(name, key=None)).status == 404, name
    for name in (
        *("list_sessions", "read_session", "read_own_session", "log_out", "end_own_sessions"),
    ):
        assert (await stack.call(name, citizen=CITIZEN)).status == 404, name
    await stack.app.close()
