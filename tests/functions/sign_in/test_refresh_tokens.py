"""A refresh token serves once; one that is used again ends its family."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from lib.domain.sign_in.session import GRACE
from lib.ports.identity_provider import OfferedProvider
from tests.builders.settings import settings_for
from tests.doubles.kept_provider import KeptProvider
from tests.functions.sign_in.app_calls import App
from tests.functions.sign_in.test_codes import fault
from tests.stack import Stack


async def test_each_refresh_gives_new_tokens(app: App) -> None:
    """The app goes on with the last token alone."""
    seen = set()
    await app.log_in()
    for _ in range(3):
        app.stack.clock.advance(timedelta(minutes=15))
        assert (await app.refresh()).status == 200
        seen |= {app.tokens["refresh_token"], app.tokens["access_token"]}

    assert len(seen) == 6
    assert "id_token" not in app.tokens
    assert (await app.call("list_inbox")).status == 200


async def test_a_token_that_is_used_again_ends_the_family(app: App) -> None:
    """After the time of grace, a former token is one that somebody stole."""
    first = (await app.log_in())["refresh_token"]
    await app.refresh()
    app.stack.clock.advance(GRACE)

    reused = await app.refresh(first)

    assert fault(reused) == "invalid_grant"
    assert fault(await app.refresh()) == "invalid_grant"
    assert (await app.call("list_inbox")).status == 401


async def test_a_token_two_turns_old_ends_the_family_at_once(app: App) -> None:
    """The grace is for the last token alone."""
    first = (await app.log_in())["refresh_token"]
    await app.refresh()
    await app.refresh()

    assert fault(await app.refresh(first)) == "invalid_grant"
    assert fault(await app.refresh()) == "invalid_grant"


async def test_a_lost_answer_is_given_again(app: App) -> None:
    """Within the time of grace the same token gives tokens of the same turn."""
    first = (await app.log_in())["refresh_token"]
    await app.refresh()
    app.stack.clock.advance(GRACE - timedelta(seconds=1))

    again = await app.refresh(first)

    assert again.status == 200
    assert (await app.refresh()).status == 200


async def test_calls_at_the_same_time_get_tokens_of_the_same_turn(app: App) -> None:
    """Two parts of an app that refresh together both go on."""
    first = (await app.log_in())["refresh_token"]

    replies = await asyncio.gather(*(app.refresh(first) for _ in range(4)))
    after = await app.refresh(replies[0].body["refresh_token"])

    assert {reply.status for reply in replies} == {200}
    assert after.status == 200


async def test_a_session_ends_at_its_absolute_life(app: App) -> None:
    """However often it is used, a session ends after 30 days, and no token lives longer."""
    await app.log_in()
    app.stack.clock.advance(timedelta(days=30) - timedelta(minutes=5))
    last = await app.refresh()
    app.stack.clock.advance(timedelta(minutes=5))

    assert last.body["expires_in"] == 300
    assert fault(await app.refresh()) == "invalid_grant"


async def test_a_narrower_scope_is_for_the_access_token_alone(app: App) -> None:
    """A part of the app may get less, and the next refresh all of it again."""
    await app.log_in()

    narrow = await app.refresh(scope="openid")
    refused = await app.call("list_inbox")
    more = await app.refresh(scope="openid admin")
    whole = await app.refresh()

    assert narrow.body["scope"] == "openid"
    assert (refused.status, refused.body["title"]) == (403, "You are not allowed here")
    assert fault(more) == "invalid_scope"
    assert whole.body["scope"] == "openid profile email inbox"


async def test_a_token_is_refused_to_another_client(app: App) -> None:
    """The session goes on: its owner did nothing."""
    await app.log_in()

    assert fault(await app.refresh(client_id="another-app")) == "invalid_grant"
    assert (await app.refresh()).status == 200


@pytest.mark.parametrize("token", ["x", "a.b.c", "a.\u0661.c", "a.1", "x" * 4000])
async def test_a_text_that_is_no_token_is_refused(app: App, token: str) -> None:
    """A text of another form is not valid, whatever it is."""
    await app.log_in()

    assert fault(await app.refresh(token)) == "invalid_grant"


async def test_a_revoked_token_ends_its_session(app: App) -> None:
    """An app gives back either token; one of another client or none at all changes nothing."""
    for kind in ("refresh_token", "access_token"):
        await app.log_in()
        assert (await app.revoke("nothing")).status == 200
        assert fault(await app.revoke(app.tokens[kind], client_id="another-app")) == (
            "invalid_grant"
        )
        assert (await app.call("list_inbox")).status == 200
        assert (await app.revoke(app.tokens[kind])).status == 200
        assert (await app.call("list_inbox")).status == 401
        assert fault(await app.refresh()) == "invalid_grant"
        assert (await app.revoke(app.tokens[kind])).status == 200


async def test_sessions_outlive_the_rotation_of_the_secret(
    tmp_path: Path, provider: KeptProvider
) -> None:
    """Tokens of the previous secret are exchanged, until the secret is withdrawn."""
    offered = {"spid": OfferedProvider("SPID", provider)}

    async def app_with(**secrets: str) -> App:
        settings = settings_for(tmp_path, **secrets)
        return App(await Stack(tmp_path, settings, providers=offered).start(), provider)

    first = await app_with()
    await first.log_in()
    await first.stack.app.close()
    old = "sandbox-sign-in-secret"
    rotated = await app_with(sign_in_secret="another-sandbox-secret", sign_in_secret_previous=old)
    rotated.tokens = dict(first.tokens)
    assert (await rotated.call("list_inbox")).status == 200
    assert (await rotated.refresh()).status == 200
    assert (await rotated.call("list_inbox")).status == 200
    await rotated.stack.app.close()
    withdrawn = await app_with(sign_in_secret="another-sandbox-secret")

    old_token = await withdrawn.call("list_inbox", token=first.tokens["access_token"])

    assert (old_token.status, old_token.body["detail"]) == (401, "the token's key is unknown")
    assert fault(await withdrawn.refresh(first.tokens["refresh_token"])) == "invalid_grant"
    assert (await withdrawn.refresh(rotated.tokens["refresh_token"])).status == 200
    await withdrawn.stack.app.close()
