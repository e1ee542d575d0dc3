"""A citizen's token opens the inbox where its signature, its type and its scope are right."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from tests.builders.settings import settings_for
from tests.functions.identity.citizen_tokens import CLAIMS, signed, with_header
from tests.stack import Stack


async def test_a_good_token_opens_the_inbox(stack: Stack) -> None:
    """A good token opens the inbox, with the scheme in any case."""
    token = signed(stack, CLAIMS)

    assert (await with_header(stack, f"Bearer {token}")).status == 200
    assert (await with_header(stack, f"bearer {token}")).status == 200


@pytest.mark.parametrize("header", [None, "", "Basic abc", "Bearer", "Bearer "])
async def test_no_token_is_refused(stack: Stack, header: str | None) -> None:
    """A request without a token gets 401 with a plain challenge."""
    reply = await with_header(stack, header)

    assert (
        reply.status,
        reply.body["title"],
        reply.headers["WWW-Authenticate"],
    ) == (401, "Unauthorized", "Bearer")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"typ": "JWT"}, 200),
        ({"typ": "at+jwt"}, 200),
        ({"typ": "application/at+JWT"}, 200),
        ({"typ": None}, 200),
        ({"typ": "logout+jwt"}, 401),
        ({"typ": "dpop+jwt"}, 401),
        ({"typ": "secevent+jwt"}, 401),
        ({"typ": 1}, 401),
        ({"typ": "JWT", "crit": ["exp"]}, 401),
    ],
)
async def test_a_token_of_another_type_is_refused(
    stack: Stack, headers: dict[str, Any], status: int
) -> None:
    """A token that the provider signed for another purpose gets 401."""
    assert (await with_header(stack, f"Bearer {signed(stack, CLAIMS, **headers)}")).status == status


@pytest.mark.parametrize(
    ("claims", "status"),
    [
        ({"scope": "inbox"}, 200),
        ({"scope": "openid inbox"}, 200),
        ({"scp": ["openid", "inbox"]}, 200),
        ({"scope": "inboxes"}, 403),
        ({"scope": 1, "scp": [1]}, 403),
        ({}, 403),
    ],
)
async def test_a_token_needs_the_scope_of_the_settings(
    tmp_path: Path, claims: dict[str, Any], status: int
) -> None:
    """A token without the scope that the settings name gets 403 with the scope."""
    settings = settings_for(tmp_path, citizen_token_scope="inbox")
    stack = await Stack(tmp_path, settings=settings).start()

    reply = await with_header(stack, f"Bearer {signed(stack, {**CLAIMS, **claims})}")

    assert reply.status == status
    if status == 403:
        challenge = 'Bearer error="insufficient_scope", scope="inbox"'
        assert reply.headers["WWW-Authenticate"] == challenge
    await stack.app.close()


async def test_another_key_s_signature_is_refused(stack: Stack) -> None:
    """A token that another key signed under the same key id gets 401."""
    forged = jwt.encode(
        CLAIMS,
        ec.generate_private_key(ec.SECP256R1()),
        "ES256",
        headers={"kid": stack.tokens.jwk["kid"]},
    )

    assert "signature" in (await with_header(stack, f"Bearer {forged}")).body["detail"]


@pytest.mark.parametrize("algorithm", ["none", "HS256"])
async def test_weak_algorithms_are_refused(stack: Stack, algorithm: str) -> None:
    """A token that is unsigned, or signed with the public key as a secret, gets 401."""
    secret = stack.tokens.jwk["x"] * 2 if algorithm == "HS256" else ""
    token = jwt.encode(CLAIMS, secret, algorithm, headers={"kid": stack.tokens.jwk["kid"]})

    assert (await with_header(stack, f"Bearer {token}")).status == 401


async def test_an_unknown_key_is_refused(stack: Stack) -> None:
    """A token of an unknown key gets 401, also while the key set may not be fetched again."""
    token = signed(stack, CLAIMS, kid="another")

    for _ in range(2):
        assert "key is unknown" in (await with_header(stack, f"Bearer {token}")).body["detail"]


@pytest.mark.parametrize("token", ["x", "a.b.c", "x" * 9000, "e30.e30.e30"])
async def test_rubbish_is_refused(stack: Stack, token: str) -> None:
    """A text that is no token gets 401."""
    assert (await with_header(stack, f"Bearer {token}")).status == 401


async def test_a_remembered_token_expires(stack: Stack) -> None:
    """A token that was used before expires by the app's clock."""
    token = signed(stack, CLAIMS)
    assert (await with_header(stack, f"Bearer {token}")).status == 200

    stack.clock.advance(timedelta(seconds=631))

    assert (await with_header(stack, f"Bearer {token}")).status == 401


async def test_a_key_set_that_cannot_be_had_answers_503(tmp_path: Path) -> None:
    """A request gets 503 where the key set cannot be read."""
    stack = await Stack(tmp_path).start()
    (tmp_path / "citizen-jwks.json").unlink()

    reply = await with_header(stack, f"Bearer {signed(stack, CLAIMS)}")

    assert reply.status == 503
    assert "Retry-After" in reply.headers
    await stack.app.close()
