"""A citizen sees the sessions of all devices, and ends one or all of them."""

from datetime import timedelta
from pathlib import Path

import pytest

from infra.local.sandbox.seed import CITIZEN
from lib.domain.sign_in.sessions import MAX_SESSIONS
from lib.ports.identity_provider import OfferedProvider
from lib.use_cases.sign_in import look_up_session
from tests.builders.profiles import OTHER_CITIZEN
from tests.doubles.kept_provider import KeptProvider
from tests.functions.personal_data.data_calls import archive_of, read_json
from tests.functions.sign_in.app_calls import App
from tests.functions.sign_in.test_codes import fault
from tests.stack import Stack


async def test_a_citizen_sees_each_session(app: App, provider: KeptProvider) -> None:
    """The list names the device and the app, and which session calls."""
    await app.log_in()
    app.stack.clock.advance(timedelta(hours=1))
    other = App(app.stack, provider)
    await other.log_in(device_name="Tablet\n di Maria ")
    await other.refresh()
    await App(app.stack, provider).code()

    listed = await other.call("list_sessions")
    tablet, phone = listed.body["items"]

    assert (tablet["device_name"], phone["device_name"]) == ("Tablet di Maria", "Telefono di Maria")
    assert (tablet["is_current"], phone["is_current"]) == (True, False)
    assert {key: value for key, value in phone.items() if key not in {"id", "is_current"}} == {
        "client_id": "an-app",
        "device_name": "Telefono di Maria",
        "created_at": "2026-11-23T09:00:00.000Z",
        "last_used_at": "2026-11-23T09:00:00.000Z",
        "expires_at": "2026-12-23T09:00:00.000Z",
        "acr": "https://www.spid.gov.it/SpidL2",
        "provider": "spid",
    }


async def test_an_ended_session_is_refused_at_once(app: App, provider: KeptProvider) -> None:
    """A lost phone is logged out from the tablet; the tablet goes on."""
    await app.log_in()
    assert (await app.call("list_inbox")).status == 200
    other = App(app.stack, provider)
    await other.log_in()
    (phone,) = [
        one["id"]
        for one in (await other.call("list_sessions")).body["items"]
        if not one["is_current"]
    ]

    ended = await other.call("end_own_session", path={"session_id": phone})

    assert ended.status == 204
    assert (await app.call("list_inbox")).status == 401
    assert fault(await app.refresh()) == "invalid_grant"
    assert (await other.call("list_inbox")).status == 200
    assert (await other.call("end_own_session", path={"session_id": phone})).status == 404


async def test_a_session_of_another_citizen_is_not_found(app: App, provider: KeptProvider) -> None:
    """Nobody sees or ends a session of another citizen."""
    await app.log_in()
    own = (await app.call("list_sessions")).body["items"][0]["id"]
    provider.fiscal_code = OTHER_CITIZEN
    stranger = App(app.stack, provider)
    await stranger.log_in()

    ended = await stranger.call("end_own_session", path={"session_id": own})

    assert ended.status == 404
    assert len((await stranger.call("list_sessions")).body["items"]) == 1
    assert (await app.call("list_inbox")).status == 200


async def test_all_sessions_end_and_no_token_from_before_is_taken(
    app: App, provider: KeptProvider
) -> None:
    """A citizen ends everything, also a code that is under way, and logs in anew."""
    await app.log_in()
    other = App(app.stack, provider)
    code = await other.code()

    assert (await app.call("end_own_sessions")).status == 204

    assert (await app.call("list_inbox")).status == 401
    assert fault(await app.refresh()) == "invalid_grant"
    assert fault(await other.exchange(code)) == "invalid_grant"
    await app.log_in()
    assert (await app.call("list_inbox")).status == 200


async def test_the_citizen_of_another_issuer_s_token_ends_sessions_too(app: App) -> None:
    """The sessions are the citizen's, whichever token shows who calls."""
    await app.log_in()

    listed = await app.stack.call("list_sessions", citizen=CITIZEN)
    ended = await app.stack.call("end_own_sessions", citizen=CITIZEN)

    assert [one["is_current"] for one in listed.body["items"]] == [False]
    assert ended.status == 204
    assert (await app.call("list_inbox")).status == 401


async def test_another_process_refuses_an_ended_session_after_its_look(
    tmp_path: Path, provider: KeptProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process takes what it saw for ten seconds, and then looks again."""
    offered = {"spid": OfferedProvider("SPID", provider)}
    here = App(await Stack(tmp_path, providers=offered).start(), provider)
    there = App(await Stack(tmp_path, providers=offered).start(), provider)
    assert there.stack.app.sign_in.own is not None
    with monkeypatch.context() as patch:
        patch.setattr(look_up_session, "LOOK_SECONDS", 0)
        later = App(await Stack(tmp_path, providers=offered).start(), provider)
        there.tokens = later.tokens = await here.log_in()
        for app in (there, later):
            assert (await app.call("list_inbox")).status == 200

    await here.call("end_own_sessions")

    assert (await there.call("list_inbox")).status == 200
    assert (await later.call("list_inbox")).status == 401
    assert look_up_session.LOOK_SECONDS == 10
    for app in (here, there, later):
        await app.stack.app.close()


async def test_the_session_used_longest_ago_makes_room(app: App, provider: KeptProvider) -> None:
    """A citizen has at most twenty sessions."""
    await app.log_in()
    others = [App(app.stack, provider) for _ in range(MAX_SESSIONS)]
    for other in others:
        app.stack.clock.advance(timedelta(minutes=1))
        await other.log_in()

    listed = await others[-1].call("list_sessions")

    assert len(listed.body["items"]) == MAX_SESSIONS
    assert (await app.call("list_inbox")).status == 401


async def test_a_copy_of_all_data_has_the_sessions_without_their_mechanics(app: App) -> None:
    """The citizen reads which devices logged in, and nothing that a token is made of."""
    await app.log_in()

    (sessions,) = read_json(await archive_of(app.stack), "sessions.json")

    assert sessions["sessions"][0]["device_name"] == "Telefono di Maria"
    assert "mechanics" not in sessions
