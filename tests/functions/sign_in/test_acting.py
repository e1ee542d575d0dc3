"""An app exchanges its citizen's token for one that acts for a party (RFC 8693)."""

from datetime import timedelta
from typing import Any

import jwt
import pytest

from functions.http.sign_in.tokens import ACCESS_TOKEN_TYPE, DELEGATION_TYPE, EXCHANGE
from lib.adapters.embedded.registers.scripted_representatives import COMPANY
from tests.builders.parties import with_delegation, with_registered
from tests.builders.profiles import OTHER_CITIZEN
from tests.functions.sign_in.app_calls import App, post_form
from tests.functions.sign_in.test_codes import fault
from tests.stack import Reply


async def act(app: App, delegation_id: str, **changes: str) -> Reply:
    """Exchange the app's token."""
    form = {
        "client_id": app.client_id,
        "grant_type": EXCHANGE,
        "subject_token": delegation_id,
        "subject_token_type": DELEGATION_TYPE,
        "actor_token": app.tokens["access_token"],
        "actor_token_type": ACCESS_TOKEN_TYPE,
        **changes,
    }
    return await post_form(app.stack, "exchange_token", form)


async def logged_in(app: App, **terms: Any) -> str:
    """Log the delegate in, and give the delegation of another citizen; return its id."""
    tokens = await app.log_in()
    claims = jwt.decode(tokens["access_token"], options={"verify_signature": False})
    delegate = claims["fiscal_number"].removeprefix("TINIT-")
    return await with_delegation(app.stack, OTHER_CITIZEN, delegate, **terms)


async def test_the_token_names_the_party_and_the_actor(app: App) -> None:
    """It opens the inbox of the party, and ends with the citizen's own token."""
    id_ = await app.stack.deliver(fiscal_code=OTHER_CITIZEN)
    delegation = await logged_in(app)

    reply = await act(app, delegation)

    assert reply.status == 200, reply
    assert reply.body["issued_token_type"] == ACCESS_TOKEN_TYPE
    assert "refresh_token" not in reply.body
    token = reply.body["access_token"]
    claims = jwt.decode(token, options={"verify_signature": False})
    own = jwt.decode(app.tokens["access_token"], options={"verify_signature": False})
    assert claims["fiscal_number"] == f"TINIT-{OTHER_CITIZEN}"
    assert claims["act"]["fiscal_number"] == own["fiscal_number"]
    assert claims["act"]["sub"] == own["sub"] != claims["sub"]
    assert "given_name" not in claims
    assert (claims["exp"], claims["sid"], claims["acr"]) == (own["exp"], own["sid"], own["acr"])
    listed = await app.call("list_inbox", token=token)
    assert [one["id"] for one in listed.body["items"]] == [id_]
    assert (await app.call("list_inbox")).body["items"] == []


async def test_a_refreshed_token_is_exchanged_again(app: App) -> None:
    """The acting token ends; the app goes on with its next own token."""
    delegation = await logged_in(app)
    token = (await act(app, delegation)).body["access_token"]
    app.stack.clock.advance(timedelta(minutes=16))
    assert (await app.call("list_inbox", token=token)).status == 401

    await app.refresh()
    token = (await act(app, delegation)).body["access_token"]

    assert (await app.call("list_inbox", token=token)).status == 200


@pytest.mark.parametrize("what", ["session", "delegation"])
async def test_the_token_dies_with_its_session_and_its_delegation(app: App, what: str) -> None:
    """A logout of the delegate, or the end of the delegation: neither waits for the token's end."""
    delegation = await logged_in(app)
    token = (await act(app, delegation)).body["access_token"]

    if what == "session":
        await app.revoke(app.tokens["refresh_token"])
    else:
        path = {"id": delegation}
        await app.stack.call("end_delegation", path=path, citizen=OTHER_CITIZEN)

    reply = await app.call("list_inbox", token=token)
    assert reply.status == (401 if what == "session" else 403)
    assert fault(await act(app, delegation)) == "invalid_grant"


async def test_nobody_passes_a_delegation_on(app: App) -> None:
    """An acting token is exchanged for no other."""
    delegation = await logged_in(app)
    token = (await act(app, delegation)).body["access_token"]

    assert fault(await act(app, delegation, actor_token=token)) == "invalid_grant"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"subject_token": "0" * 26}, "invalid_grant"),
        ({"subject_token": ""}, "invalid_grant"),
        ({"actor_token": "x"}, "invalid_grant"),
        ({"actor_token": ""}, "invalid_request"),
        ({"client_id": "another-app"}, "invalid_grant"),
        ({"subject_token_type": ACCESS_TOKEN_TYPE}, "invalid_request"),
        ({"actor_token_type": "urn:ietf:params:oauth:token-type:id_token"}, "invalid_request"),
    ],
)
async def test_a_wrong_exchange_is_refused(
    app: App, changes: dict[str, str], expected: str
) -> None:
    """The refusal does not tell whether a delegation ever was."""
    delegation = await logged_in(app)

    assert fault(await act(app, delegation, **changes)) == expected


async def test_a_delegation_of_another_is_not_exchanged(app: App) -> None:
    """A citizen who is not its delegate gets no token."""
    await app.log_in()
    delegation = await with_delegation(app.stack, OTHER_CITIZEN, "STRNGR80A01H501U")

    assert fault(await act(app, delegation)) == "invalid_grant"


async def test_the_token_of_a_delegate_is_revoked_with_the_delegate_s_session(app: App) -> None:
    """The party has no session of that id, and keeps its own."""
    reply = await act(app, await logged_in(app))

    assert (await app.revoke(reply.body["access_token"])).status == 200

    assert fault(await app.refresh()) == "invalid_grant"


async def test_the_first_exchange_for_a_company_creates_its_profile(app: App) -> None:
    """Nobody logs in as a company; its profile is as new as that of a first login."""
    tokens = await app.log_in()
    claims = jwt.decode(tokens["access_token"], options={"verify_signature": False})
    person = claims["fiscal_number"].removeprefix("TINIT-")
    await with_registered(app.stack, person, COMPANY)
    profiles = app.stack.app.repositories.profiles
    assert await profiles.settings(COMPANY) is None
    (party,) = (await app.call("list_parties")).body["items"]

    replies = [await act(app, party["id"]) for _ in range(2)]

    assert [one.status for one in replies] == [200, 200]
    stored = await profiles.settings(COMPANY)
    assert stored is not None
    assert not stored.settings.is_inbox_enabled
    read = await app.call("read_profile", token=replies[0].body["access_token"])
    assert read.body["fiscal_code"] == COMPANY
