"""The identity provider of the sandbox, towards the relying party and towards browsers."""

import asyncio
import re
import secrets
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import requests

from infra.local.provider import process
from infra.local.provider.citizens import CITIZENS
from infra.local.provider.process import LEVELS, SandboxProvider
from infra.local.sandbox.seed import CITIZEN, PROFILE_SEED
from lib.adapters.outbound.sign_in.openid_provider import OpenIDProvider
from lib.composition.providers import CALLBACK_PATH, identity_providers
from lib.domain.identity.errors import AssuranceLevelTooLowError, InvalidTokenError
from lib.ports.identity_provider import ProviderRequest
from tests.builders.settings import named_settings, settings_for
from tests.host.host_process import HostProcess, wait_for
from tests.login import needs_provider, signed_in

PUBLIC = "http://127.0.0.1:7071"


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SandboxProvider]:
    """Run the provider once for this file."""
    needs_provider()
    running = SandboxProvider(PUBLIC, tmp_path_factory.mktemp("provider"))
    ended: list[str] = []
    running.start(ended.append)
    yield running
    running.stop()
    assert ended == []


@pytest.fixture
async def party(sandbox: SandboxProvider, tmp_path: Path) -> AsyncIterator[OpenIDProvider]:
    """Yield the adapter that the app builds from the provider's settings."""
    settings = settings_for(tmp_path, **named_settings(sandbox.settings()))
    provider = identity_providers(settings)[process.PROVIDER_ID].provider
    yield provider  # type: ignore[misc]
    await provider.close()


def _request() -> ProviderRequest:
    return ProviderRequest(
        state=secrets.token_hex(16),
        nonce=secrets.token_hex(16),
        code_verifier=secrets.token_urlsafe(48),
        redirect_uri=f"{PUBLIC}{CALLBACK_PATH}",
        acr_values=LEVELS[1:],
    )


async def _answer(party: OpenIDProvider, request: ProviderRequest, **form: str) -> dict[str, str]:
    """Return the provider's answer to the browser of a citizen who fills in the form."""
    url = await party.begin_url(request)
    return await asyncio.to_thread(signed_in, url, f"{PUBLIC}{CALLBACK_PATH}", **form)


@pytest.mark.parametrize(
    ("form", "name"),
    [
        ({"citizen": "RSSMRA80A01H501U"}, "Mario"),
        ({"other": "zzaaaa80a01h501n"}, "Ada"),
        ({"citizen": CITIZEN, "level": LEVELS[2]}, "Ada"),
    ],
)
async def test_a_citizen_logs_in(party: OpenIDProvider, form: dict[str, str], name: str) -> None:
    """An implementation of others accepts what we send, and we accept what it answers."""
    request = _request()

    answer = await _answer(party, request, **{"level": LEVELS[1], **form})
    found = await party.finish(request, answer["code"], answer["iss"])

    assert answer["state"] == request.state
    assert found.fiscal_code == form.get("citizen", form.get("other", "")).upper()
    assert found.name == name
    assert found.birth_date == "1980-01-01"
    assert found.acr == form.get("level", LEVELS[1])


async def test_a_code_serves_once(party: OpenIDProvider) -> None:
    """The provider refuses it the second time, with another verifier, and for another login."""
    request = _request()
    answer = await _answer(party, request, citizen=CITIZEN, level=LEVELS[1])
    await party.finish(request, answer["code"], answer["iss"])
    other = await _answer(party, request, citizen=CITIZEN, level=LEVELS[1])

    with pytest.raises(InvalidTokenError, match="refused the authorization code"):
        await party.finish(request, answer["code"], answer["iss"])
    forged = replace(request, code_verifier=secrets.token_urlsafe(48))
    with pytest.raises(InvalidTokenError, match="refused the authorization code"):
        await party.finish(forged, other["code"], other["iss"])


async def test_a_low_level_is_refused_here(party: OpenIDProvider) -> None:
    """The provider lets a citizen choose the first level, which the request did not ask for."""
    request = _request()
    answer = await _answer(party, request, citizen=CITIZEN, level=LEVELS[0])

    with pytest.raises(AssuranceLevelTooLowError):
        await party.finish(request, answer["code"], answer["iss"])


async def test_a_citizen_cancels(party: OpenIDProvider) -> None:
    """The browser comes back with an error and no code."""
    request = _request()

    answer = await _answer(party, request, cancel="1")

    assert answer["error"] == "access_denied"
    assert answer["state"] == request.state
    assert "code" not in answer


async def test_a_session_ends_and_the_browser_returns(party: OpenIDProvider) -> None:
    """The citizen confirms it on a page of the provider."""
    request = _request()
    answer = await _answer(party, request, citizen=CITIZEN, level=LEVELS[1])
    found = await party.finish(request, answer["code"], answer["iss"])

    url = await party.end_url(found.session_hint, f"{PUBLIC}{process.LOGGED_OUT_PATH}")

    assert url is not None
    with requests.Session() as browser:
        page = await asyncio.to_thread(browser.get, url)
        form = dict(re.findall(r'name="(\w+)" value="(\w+)"', page.text))
        action = re.findall(r'action="([^"]+)"', page.text)[0]
        left = await asyncio.to_thread(browser.post, action, data=form, allow_redirects=False)
    assert left.headers["location"].startswith(f"{PUBLIC}{process.LOGGED_OUT_PATH}")


async def test_the_screen_needs_no_other_host_and_no_script(party: OpenIDProvider) -> None:
    """All citizens can be chosen, and the level that the request prefers is set."""
    url = await party.begin_url(_request())

    with requests.Session() as browser:
        page = await asyncio.to_thread(browser.get, url)

    assert not re.findall(r"<script|<link|<img|src=|href=", page.text)
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert f'value="{LEVELS[1]}" required checked' in page.text
    assert re.findall(r'name="citizen" value="(\w+)"', page.text) == [one[0] for one in CITIZENS]
    for field in ("<html lang=", "<title>", "<h1>", "<legend>", '<label for="other">'):
        assert field in page.text


@pytest.mark.parametrize("form", [{"other": "x"}, {"citizen": CITIZEN, "level": "5"}, {}])
async def test_a_form_with_faults_shows_the_screen_again(
    party: OpenIDProvider, form: dict[str, str]
) -> None:
    """The citizen can correct it."""
    url = await party.begin_url(_request())

    with requests.Session() as browser:
        screen = await asyncio.to_thread(browser.get, url)
        data = {"level": LEVELS[1], **form}
        again = await asyncio.to_thread(browser.post, screen.url, data=data)

    assert again.status_code == 400
    assert 'role="alert"' in again.text


@pytest.mark.parametrize("path", ["/login/made-up", "/auth?client_id=other"])
def test_a_request_out_of_turn_gets_a_page(sandbox: SandboxProvider, path: str) -> None:
    """No stack trace and no page of the library."""
    found = requests.get(f"{sandbox.issuer}{path}", timeout=60)

    assert found.status_code == 400
    assert "<h1>Accesso di prova</h1>" in found.text


def test_the_screen_has_the_citizens_of_the_seed() -> None:
    """It also has one for the first login, and one who is too young."""
    codes = [one.fiscal_code for one in CITIZENS]
    seeded = [str(profile["fiscal_code"]) for profile in PROFILE_SEED]

    assert sorted(codes) == sorted([*seeded, "NOPROF00A00A000A", "MINORE00A00A000A"])
    assert process.CALLBACK_PATH == CALLBACK_PATH


def test_the_provider_ends_with_a_host_that_is_killed(tmp_path: Path) -> None:
    """The host says where it serves, and no process is left."""
    needs_provider()
    with HostProcess(tmp_path, "--login", "--workers", "1", PUBLIC_URL=PUBLIC) as host:
        (issuer,) = re.findall(r"Citizens log in at (http://\S+)", host.output)
        assert _published(issuer) == issuer
        host.kill()

        assert wait_for(lambda: not _published(issuer))


def _published(issuer: str) -> str:
    try:
        answer = requests.get(f"{issuer}/.well-known/openid-configuration", timeout=60)
    except requests.ConnectionError:
        return ""
    return str(answer.json()["issuer"])


def test_a_host_without_a_sandbox_runs_no_provider(tmp_path: Path) -> None:
    """It would let everybody in."""
    host = HostProcess(tmp_path, "--login", SANDBOX="false")

    assert host.process.wait(60) == 1
    host.kill()
    assert "--login is for the sandbox alone" in (tmp_path / "output.txt").read_text()
