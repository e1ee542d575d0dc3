"""The first login creates the profile, as in IO, and a chooser stands before it."""

import asyncio
import re
from pathlib import Path

import pytest

from infra.local.sandbox.seed import CITIZEN
from lib.ports.identity_provider import OfferedProvider
from tests.doubles.kept_provider import KeptProvider
from tests.functions.sign_in.app_calls import App, header, query_of
from tests.stack import Stack

NEW = "NOPROF00A00A000A"


async def test_the_first_login_creates_a_profile(app: App, provider: KeptProvider) -> None:
    """The profile is IO's new one, with the provider's address, which is not validated."""
    provider.fiscal_code = NEW
    await app.log_in()

    profile = (await app.call("read_profile")).body
    stored = await app.stack.app.repositories.profiles.settings(NEW)

    assert stored is not None
    assert (profile["version"], profile["is_inbox_enabled"]) == (0, False)
    assert (profile["email"], profile["is_email_validated"]) == ("maria@example.org", False)
    assert (profile["name"], profile["family_name"]) == ("Maria", "Rossi")
    assert profile["date_of_birth"] == "1980-01-01"


async def test_the_app_accepts_the_terms_of_a_new_profile(app: App, provider: KeptProvider) -> None:
    """The first update has version 0, as without a stored profile."""
    provider.fiscal_code = NEW
    await app.log_in()

    reply = await app.call("update_profile", {"version": 0, "accepted_tos_version": 1})

    assert (reply.status, reply.body["version"]) == (200, 1)
    assert reply.body["is_inbox_enabled"] is True
    assert reply.body["email"] == "maria@example.org"


async def test_later_logins_leave_the_profile_as_it_is(app: App) -> None:
    """A citizen's own choices and address stay."""
    before = await app.stack.call("read_profile", citizen=CITIZEN)
    await app.log_in()
    after = await app.stack.call("read_profile", citizen=CITIZEN)

    assert before.body == after.body


@pytest.mark.parametrize("email", ["", "no address", "é@example.org"])
async def test_an_address_that_mail_cannot_reach_is_left_out(
    app: App, provider: KeptProvider, email: str
) -> None:
    """A provider's address may be old or wrong; the login goes on."""
    provider.fiscal_code, provider.email = NEW, email
    await app.log_in()

    assert "email" not in (await app.call("read_profile")).body


async def test_first_logins_at_the_same_time_create_one_profile(
    app: App, provider: KeptProvider
) -> None:
    """Two devices that log in together both get in."""
    provider.fiscal_code = NEW
    apps = [App(app.stack, provider) for _ in range(3)]

    tokens = await asyncio.gather(*(one.log_in() for one in apps[:1]))
    codes = []
    for one in apps[1:]:
        await one.begin()
        codes.append(provider.requests[-1].state)
    replies = await asyncio.gather(
        *(
            one.browser.get("finish_login", state=state, code=state)
            for one, state in zip(apps[1:], codes, strict=True)
        )
    )

    assert tokens
    assert all("code" in query_of(header(reply, "location")) for reply in replies)
    assert len((await apps[0].call("list_sessions")).body["items"]) == 1


async def test_a_citizen_chooses_among_providers(tmp_path: Path, provider: KeptProvider) -> None:
    """The page names each provider and leads on; an id that is unknown shows it again."""
    cie = KeptProvider()
    offered = {
        "spid": OfferedProvider("SPID <di prova>", provider),
        "cie": OfferedProvider("CIE", cie),
    }
    app = App(await Stack(tmp_path, providers=offered).start(), cie)

    page = await app.begin()
    links = re.findall(r'href="([^"]+)">([^<]+)<', page.body.decode())
    unknown = await app.begin(provider="nobody")
    chosen = await app.browser.get("begin_login", **query_of(links[1][0].replace("&amp;", "&")))

    assert page.status == unknown.status == 200
    assert [name for _, name in links] == ["SPID &lt;di prova&gt;", "CIE"]
    assert '<html lang="it">' in page.body.decode()
    assert not provider.requests
    assert chosen.status == 302
    assert query_of(header(await app.come_back(), "location"))["state"] == "the-apps-state"
    await app.stack.app.close()


async def test_an_installation_without_providers_logs_nobody_in(tmp_path: Path) -> None:
    """The app learns that it is the server's fault."""
    app = App(await Stack(tmp_path, providers={}).start(), KeptProvider())

    reply = await app.begin()

    assert query_of(header(reply, "location"))["error"] == "server_error"
    await app.stack.app.close()
