"""Logins that must not succeed, each refused by its name."""

from typing import Any

import pytest

from infra.local.sandbox.seed import CITIZEN
from lib.domain.personal_data.erasure_request import ErasureStatus
from lib.ports.errors import UnavailableError
from tests.builders.sessions import with_deletion
from tests.doubles.kept_provider import LEVEL_2, LEVEL_3, KeptProvider
from tests.functions.sign_in.app_calls import App, fault_of, header, query_of
from tests.stack import Stack


@pytest.mark.parametrize(
    "redirect_uri",
    [
        "https://app.example/callback/",
        "https://app.example/callbac",
        "https://app.example/callback?x=1",
        "https://app.example/callback#x",
        "https://app.example/callback%20",
        "HTTPS://app.example/callback",
        "https://app.example:443/callback",
        "https://app.example.evil.example/callback",
        "https://app.example@evil.example/callback",
        "http://app.example/callback",
        "http://127.0.0.1/callbac",
        "http://127.0.0.1:1/callback/",
        "http://127.0.0.1:1@evil.example/callback",
        "http://127.0.0.1:1.evil.example/callback",
        "http://localhost:1/callback",
        "javascript:alert(1)",
        "",
    ],
)
async def test_an_address_that_is_not_exactly_registered_is_refused(
    app: App, redirect_uri: str
) -> None:
    """The browser gets a page, and is sent nowhere."""
    reply = await app.begin(redirect_uri=redirect_uri)

    assert (reply.status, header(reply, "location")) == (400, "")
    assert b"non pu" in reply.body
    assert not app.provider.requests


async def test_an_unknown_client_is_refused(app: App) -> None:
    """A client that is not registered has no address to send the browser to."""
    reply = await app.begin(client_id="nobody")

    assert (reply.status, header(reply, "location")) == (400, "")


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": ""}, "invalid_request"),
        ({"code_challenge": ""}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": "none"}, "unsupported_response_type"),
        ({"scope": "openid admin"}, "invalid_scope"),
        ({"prompt": "none"}, "login_required"),
        ({"max_age": "soon"}, "invalid_request"),
        ({"acr_values": "https://www.spid.gov.it/SpidL1"}, "invalid_request"),
        ({"nonce": "x" * 513}, "invalid_request"),
    ],
)
async def test_a_faulty_login_is_refused_at_the_apps_address(
    app: App, changes: dict[str, Any], fault: str
) -> None:
    """The app learns the fault, with its state and the issuer."""
    reply = await app.begin(**changes)
    told = query_of(header(reply, "location"))

    assert fault_of(reply) == fault
    assert (told["state"], told["iss"]) == ("the-apps-state", "http://127.0.0.1:7071")
    assert not app.provider.requests


async def test_another_browser_cannot_end_a_login(app: App) -> None:
    """An attacker's callback in the victim's browser is refused: login CSRF."""
    await app.begin()
    app.browser.cookies.clear()

    reply = await app.come_back()

    assert (reply.status, header(reply, "location")) == (400, "")


async def test_a_browser_ends_only_the_login_that_it_began(app: App) -> None:
    """The state of another login, or a changed cookie, is refused: a mix-up."""
    await app.begin()
    first = app.provider.requests[-1].state
    other = App(app.stack, app.provider)
    await other.begin()
    foreign = app.provider.requests[-1].state
    (name,) = app.browser.cookies
    app.browser.cookies[name.replace(first[:8], foreign[:8])] = app.browser.cookies[name]

    mixed = await app.browser.get("finish_login", state=foreign, code="x")
    app.browser.cookies[name] = f"{app.browser.cookies[name][:-6]}AAAAAA"
    forged = await app.browser.get("finish_login", state=first, code="x")

    assert (mixed.status, forged.status) == (400, 400)


async def test_a_login_ends_within_its_time(app: App) -> None:
    """After 15 minutes the login is over."""
    await app.begin()
    app.stack.clock.moment = app.stack.clock.moment.replace(minute=16)

    assert (await app.come_back()).status == 400


async def test_a_callback_that_runs_twice_gives_one_code(app: App) -> None:
    """The provider answers once, so the second run of the same address gives the app an error."""
    await app.begin()

    first, second = await app.come_back(), await app.come_back()

    assert "code" in query_of(header(first, "location"))
    assert fault_of(second) == "server_error"


@pytest.mark.parametrize(
    ("error", "fault"), [("access_denied", "access_denied"), ("invalid_client", "server_error")]
)
async def test_the_provider_s_refusal_is_told(app: App, error: str, fault: str) -> None:
    """A citizen who cancels comes back to the app."""
    await app.begin()

    assert fault_of(await app.come_back(error=error)) == fault


async def test_a_provider_that_does_not_answer_is_told(app: App) -> None:
    """The app can try again, both before the login and after it."""
    await app.begin()
    app.provider.fault = UnavailableError("away")

    assert fault_of(await app.come_back()) == "temporarily_unavailable"
    assert fault_of(await app.begin()) == "temporarily_unavailable"


async def test_a_login_below_the_wanted_level_is_refused(app: App, provider: KeptProvider) -> None:
    """An app that asks for level 3 gets no session of level 2."""
    await app.begin(acr_values=LEVEL_3)
    assert provider.requests[-1].acr_values == (LEVEL_3,)
    low = fault_of(await app.come_back())
    provider.acr = "https://www.spid.gov.it/SpidL1"
    await app.begin()
    lower = fault_of(await app.come_back())
    provider.acr = LEVEL_2
    await app.begin(acr_values=f"{LEVEL_3} {LEVEL_2}")

    assert low == lower == "unmet_authentication_requirements"
    assert "code" in query_of(header(await app.come_back(), "location"))


async def test_a_child_is_refused_by_ios_code(app: App, provider: KeptProvider) -> None:
    """A citizen under 14 gets IO's code 1001, and no profile."""
    provider.birth_date = "2015-01-01"
    await app.begin()

    told = query_of(header(await app.come_back(), "location"))

    assert (told["error"], told["errorCode"]) == ("access_denied", "1001")


@pytest.mark.parametrize(("status", "code"), [("WIP", "1002"), ("PENDING", "")])
async def test_a_citizen_whose_data_is_being_deleted_is_refused(
    app: App, status: ErasureStatus, code: str
) -> None:
    """Once the deletion has begun, IO's code 1002 says so; before, the citizen may abort it."""
    await with_deletion(app.stack, CITIZEN, status)
    await app.begin()

    told = query_of(header(await app.come_back(), "location"))

    assert told.get("errorCode", "") == code
    assert ("code" in told) == (status == "PENDING")


async def test_a_forced_login_is_passed_on(app: App, provider: KeptProvider) -> None:
    """`prompt=login` and `max_age` make the citizen log in anew at the provider."""
    for changes, must in (({"prompt": "login"}, True), ({"max_age": "60"}, True), ({}, False)):
        await app.begin(**changes)
        assert provider.requests[-1].must_log_in is must


async def test_too_many_logins_of_one_address_are_refused(stack: Stack, app: App) -> None:
    """An address may begin 600 logins in a minute, and end as many."""
    for _ in range(1200):
        stack.app.sign_in.logins.admit("198.51.100.7")

    reply = await app.begin()

    assert reply.status == 429
    assert int(header(reply, "retry-after")) > 0
