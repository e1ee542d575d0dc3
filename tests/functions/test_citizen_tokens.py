"""Whose token is taken and whose is not."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from infra.local.sandbox_seed import CITIZEN
from tests.support import AUDIENCE, ISSUER, START, Reply, Stack

CLAIMS = {
    "iss": ISSUER,
    "aud": AUDIENCE,
    "sub": "someone",
    "fiscal_number": f"TINIT-{CITIZEN}",
    "exp": START.timestamp() + 600,
}


async def with_header(stack: Stack, authorization: str | None) -> Reply:
    """List the inbox with this Authorization header."""
    headers = {} if authorization is None else {"authorization": authorization}
    return await stack.call("list_inbox", headers=headers, key=None)


def signed(stack: Stack, claims: dict[str, Any], **options: Any) -> str:
    """Sign claims with the sandbox's own key."""
    kid = stack.tokens._jwk["kid"]
    return jwt.encode(claims, stack.tokens._key, "ES256", headers={"kid": kid, **options})


async def test_a_good_token_opens_the_inbox(stack: Stack) -> None:
    """The scheme's case does not matter."""
    token = signed(stack, CLAIMS)

    assert (await with_header(stack, f"Bearer {token}")).status == 200
    assert (await with_header(stack, f"bearer {token}")).status == 200


@pytest.mark.parametrize("header", [None, "", "Basic abc", "Bearer", "Bearer "])
async def test_no_token_is_refused(stack: Stack, header: str | None) -> None:
    """401 with a plain challenge."""
    reply = await with_header(stack, header)

    assert (
        reply.status,
        reply.body["title"],
        reply.headers["WWW-Authenticate"],
    ) == (401, "Unauthorized", "Bearer")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"iss": "https://elsewhere.example"}, "from another issuer"),
        ({"aud": "another-app"}, "for another audience"),
        ({"exp": START.timestamp() - 31}, "has expired"),
        ({"exp": None}, "has no exp"),
        ({"exp": "soon"}, "times are not numbers"),
        ({"nbf": START.timestamp() + 31}, "not valid yet"),
        ({"fiscal_number": None}, "has no fiscal_number"),
        ({"fiscal_number": CITIZEN}, "is not TINIT- and a fiscal code"),
        ({"fiscal_number": "TINIT-X"}, "is not TINIT- and a fiscal code"),
    ],
)
async def test_claims_are_checked(stack: Stack, changes: dict[str, Any], reason: str) -> None:
    """401 that says which claim, without quoting it."""
    claims = {name: value for name, value in {**CLAIMS, **changes}.items() if value is not None}

    reply = await with_header(stack, f"Bearer {signed(stack, claims)}")

    assert reply.status == 401
    assert reason in reply.body["detail"]
    assert CITIZEN not in str(reply.body)
    assert 'error="invalid_token"' in reply.headers["WWW-Authenticate"]


async def test_another_key_s_signature_is_refused(stack: Stack) -> None:
    """The key id alone proves nothing."""
    forged = jwt.encode(
        CLAIMS,
        ec.generate_private_key(ec.SECP256R1()),
        "ES256",
        headers={"kid": stack.tokens._jwk["kid"]},
    )

    assert "signature" in (await with_header(stack, f"Bearer {forged}")).body["detail"]


@pytest.mark.parametrize("algorithm", ["none", "HS256"])
async def test_weak_algorithms_are_refused(stack: Stack, algorithm: str) -> None:
    """Neither unsigned nor signed with the public key as a secret."""
    secret = stack.tokens._jwk["x"] * 2 if algorithm == "HS256" else ""
    token = jwt.encode(CLAIMS, secret, algorithm, headers={"kid": stack.tokens._jwk["kid"]})

    assert (await with_header(stack, f"Bearer {token}")).status == 401


async def test_an_unknown_key_is_refused(stack: Stack) -> None:
    """401, also while the key set cannot be fetched again so soon."""
    token = signed(stack, CLAIMS, kid="another")

    for _ in range(2):
        assert "key is unknown" in (await with_header(stack, f"Bearer {token}")).body["detail"]


@pytest.mark.parametrize("token", ["x", "a.b.c", "x" * 9000, "e30.e30.e30"])
async def test_rubbish_is_refused(stack: Stack, token: str) -> None:
    """401, not a fault."""
    assert (await with_header(stack, f"Bearer {token}")).status == 401


async def test_a_token_dies_with_its_time_however_often_it_was_used(stack: Stack) -> None:
    """Remembered tokens expire too, by the app's clock."""
    token = signed(stack, CLAIMS)
    assert (await with_header(stack, f"Bearer {token}")).status == 200

    stack.clock.advance(timedelta(seconds=631))

    assert (await with_header(stack, f"Bearer {token}")).status == 401


async def test_a_key_set_that_cannot_be_had_answers_503(tmp_path: Path) -> None:
    """The citizen is told to come again, not that the token is wrong."""
    stack = await Stack(tmp_path).start()
    (tmp_path / "citizen-jwks.json").unlink()

    reply = await with_header(stack, f"Bearer {signed(stack, CLAIMS)}")

    assert reply.status == 503
    assert "Retry-After" in reply.headers
    await stack.app.close()
