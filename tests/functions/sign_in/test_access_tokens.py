"""Access tokens that must not open an inbox, each refused by its name."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from infra.local.sandbox.seed import CITIZEN
from lib.domain.sign_in.signing_keys import SigningKey
from lib.ports.identity_provider import OfferedProvider
from tests.builders.settings import settings_for
from tests.doubles.kept_provider import KeptProvider
from tests.functions.sign_in.app_calls import ISSUER, App
from tests.stack import Reply, Stack


def signed(app: App, changes: dict[str, Any], key: Any = None, **header: Any) -> str:
    """Return the app's access token with other claims, signed by the key of this app."""
    current = app.stack.app.sign_in.keys.current
    claims = jwt.decode(app.tokens["access_token"], options={"verify_signature": False})
    claims = {name: one for name, one in (claims | changes).items() if one is not None}
    header = {"kid": current.id, "typ": "at+jwt", "alg": "ES256", **header}
    return jwt.encode(claims, key or current.private, header["alg"], headers=header)


def reason(reply: Reply) -> str:
    """Return the reason of a refused token."""
    assert reply.status == 401, reply
    assert 'error="invalid_token"' in reply.headers["WWW-Authenticate"]
    return str(reply.body["detail"])


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"aud": "http://127.0.0.1:7071"}, "the token is for another audience"),
        ({"aud": "an-app"}, "the token is for another audience"),
        ({"iss": "https://evil.example"}, "the token's key is unknown"),
        ({"iss": None}, "the token's key is unknown"),
        ({"sid": None}, "the token has no sid"),
        ({"jti": None}, "the token has no jti"),
        ({"sid": "01ARZ3NDEKTSV4RRFFQ69G5FAV"}, "the session of the token has ended"),
        ({"fiscal_number": "TINIT-RSSMRA80A01H501U"}, "the session of the token has ended"),
        ({"fiscal_number": CITIZEN}, "the token has no fiscal_number"),
        ({"exp": 10**10}, "the token lives too long"),
    ],
)
async def test_a_token_with_wrong_claims_is_refused(
    app: App, changes: dict[str, Any], expected: str
) -> None:
    """The signature is right, and the claims are not."""
    await app.log_in()

    assert reason(await app.call("list_inbox", token=signed(app, changes))) == expected


async def test_a_token_that_has_expired_is_refused(app: App) -> None:
    """A token ends after 15 minutes, and half a minute of leeway."""
    await app.log_in()
    app.stack.clock.advance(timedelta(minutes=15))
    leeway = await app.call("list_inbox")
    app.stack.clock.advance(timedelta(seconds=30))

    assert leeway.status == 200
    assert reason(await app.call("list_inbox")) == "the token has expired"
    old = signed(app, {})
    assert reason(await app.call("list_inbox", token=old)) == "the token has expired"


async def test_a_token_without_a_signature_is_refused(app: App) -> None:
    """The algorithm `none` is none of those allowed."""
    await app.log_in()
    claims = jwt.decode(app.tokens["access_token"], options={"verify_signature": False})
    kid = app.stack.app.sign_in.keys.current.id
    token = jwt.encode(claims, "", "none", headers={"kid": kid, "typ": "at+jwt"})

    assert reason(await app.call("list_inbox", token=token)) == (
        "the token's algorithm is not allowed"
    )


async def test_a_public_key_is_no_secret(app: App) -> None:
    """A token that is signed by HMAC with the public key is refused: HS/ES confusion."""
    await app.log_in()
    key = app.stack.app.sign_in.keys.current
    public = key.public.public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    )

    token = signed(app, {}, public, alg="HS256")

    assert reason(await app.call("list_inbox", token=token)) == (
        "the token's algorithm is not allowed"
    )


async def test_a_token_of_another_key_is_refused(app: App) -> None:
    """An unknown key id is refused, and so is a foreign key under a known id."""
    await app.log_in()
    foreign = ec.generate_private_key(ec.SECP256R1())

    unknown = await app.call("list_inbox", token=signed(app, {}, foreign, kid="unknown"))
    forged = await app.call("list_inbox", token=signed(app, {}, foreign))

    assert reason(unknown) == "the token's key is unknown"
    assert reason(forged) == "the token's signature is wrong"


@pytest.mark.parametrize("header", [{"typ": "JWT"}, {"typ": "logout+jwt"}, {"crit": ["exp"]}])
async def test_a_token_of_another_type_is_refused(app: App, header: dict[str, Any]) -> None:
    """An ID token opens nothing, and nothing with unknown extensions does."""
    await app.log_in()
    token = signed(app, {}, **header)
    own = await app.call("list_inbox", token=app.tokens["id_token"])

    refused = reason(await app.call("list_inbox", token=token))
    assert refused == ("the token is malformed" if "crit" in header else reason(own))
    assert reason(own) == "the token is of another type"


async def test_a_token_for_less_opens_no_inbox(app: App) -> None:
    """The scope `inbox` is that of the API."""
    await app.log_in(scope="openid")

    reply = await app.call("list_inbox")

    assert (reply.status, reply.body["detail"]) == (403, "The token does not have the scope inbox.")


async def test_tokens_of_either_issuer_are_accepted(app: App) -> None:
    """A token names its issuer, and is verified by that issuer's keys."""
    await app.log_in()

    own = await app.call("list_inbox")
    other = await app.stack.call("list_inbox", citizen=CITIZEN)

    assert (own.status, other.status) == (200, 200)


async def test_the_keys_are_published_ahead_and_behind(app: App) -> None:
    """Clients know the next key before it signs, and the previous one after."""
    keys = await app.browser.get("list_signing_keys")
    described = await app.browser.get("read_authorization_server")

    (jwk,) = keys.body["keys"]
    assert "d" not in jwk
    assert jwk["kid"] == app.stack.app.sign_in.keys.current.id
    assert jwk == SigningKey.derived(b"sandbox-sign-in-secret").jwk
    assert described.body["issuer"] == ISSUER
    assert described.body == (await app.browser.get("read_openid_provider")).body


async def test_the_next_key_is_published_before_it_signs(
    tmp_path: Path, provider: KeptProvider
) -> None:
    """Clients know a key before its first token, and the former key while it is accepted."""
    now, later = "sandbox-sign-in-secret", "sandbox-sign-in-secret-of-later"
    ids = [SigningKey.derived(secret.encode()).id for secret in (now, later)]
    for secrets, signing in (
        ({"sign_in_secret": now, "sign_in_secret_next": later}, ids[0]),
        ({"sign_in_secret": later, "sign_in_secret_previous": now}, ids[1]),
    ):
        offered = {"spid": OfferedProvider("SPID", provider)}
        settings = settings_for(tmp_path, **secrets)
        app = App(await Stack(tmp_path, settings, providers=offered).start(), provider)

        tokens = await app.log_in()
        keys = (await app.browser.get("list_signing_keys")).body["keys"]

        assert jwt.get_unverified_header(tokens["access_token"])["kid"] == signing
        assert {one["kid"] for one in keys} == set(ids)
        await app.stack.app.close()
