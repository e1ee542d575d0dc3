"""A citizen logs in with an app: the way from the login to the inbox."""

import jwt

from infra.local.sandbox.seed import CITIZEN
from tests.functions.sign_in.app_calls import APP, ISSUER, App, query_of
from tests.stack import Stack


async def test_a_citizen_logs_in_and_reads_the_inbox(stack: Stack, app: App) -> None:
    """The app gets tokens for a code, and the access token opens the citizen's inbox."""
    await stack.deliver()

    tokens = await app.log_in()
    inbox = await app.call("list_inbox")

    assert tokens["token_type"] == "Bearer"
    assert tokens["expires_in"] == 900
    assert tokens["scope"] == "openid profile email inbox"
    assert inbox.status == 200
    assert len(inbox.body["items"]) == 1


async def test_the_tokens_say_what_the_standards_ask(app: App) -> None:
    """The access token is one of RFC 9068, the ID token one of OpenID Connect."""
    tokens = await app.log_in()

    header = jwt.get_unverified_header(tokens["access_token"])
    access = jwt.decode(tokens["access_token"], options={"verify_signature": False})
    identity = jwt.decode(tokens["id_token"], options={"verify_signature": False})

    assert (header["typ"], header["alg"]) == ("at+jwt", "ES256")
    assert access["aud"] == f"{ISSUER}/api"
    assert access["client_id"] == identity["aud"] == APP
    assert access["exp"] - access["iat"] == 900
    assert access["sid"] == identity["sid"]
    assert access["sub"] == identity["sub"]
    assert identity["nonce"] == "the-apps-nonce"
    assert identity["fiscal_number"] == f"TINIT-{CITIZEN}"
    assert query_of("?x=1") == {"x": "1"}
