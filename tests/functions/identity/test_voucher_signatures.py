"""What a client signs beside its voucher is verified: the body, headers, and who acts."""

import hashlib
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from infra.local.sandbox.voucher_client import digest_of
from lib.domain.identity.vouchers import integrity
from tests.builders.messages import a_message
from tests.builders.settings import settings_for
from tests.builders.vouchers import VoucherSender
from tests.stack import Reply, Stack

ANOTHER_CLIENT = "5a4d0000-c11e-4000-8000-000000000009"


@pytest.fixture
def sender(stack: Stack) -> VoucherSender:
    """Give the sandbox's client."""
    return VoucherSender(stack)


@pytest.fixture
async def strict(tmp_path: Path) -> AsyncIterator[VoucherSender]:
    """Give the sandbox's client at an installation that requires signatures."""
    settings = settings_for(tmp_path, voucher_integrity_required=True)
    stack = await Stack(tmp_path, settings).start()
    yield VoucherSender(stack)
    await stack.app.close()


def refused(reply: Reply, reason: str, header: str) -> None:
    """Check that the reply refuses the call for this reason."""
    assert reply.status == 401, reply
    assert reply.body["detail"] == f"Access denied: {reason}."
    assert reply.body["errors"][0]["pointer"] == f"#/headers/{header}"


async def test_a_signed_body_is_accepted(strict: VoucherSender) -> None:
    """The same request again is accepted too: a client repeats a call whose answer was lost."""
    body = a_message()
    headers = strict.signed(body)

    assert (await strict.call("submit_message", body, headers)).status == 201
    assert (await strict.call("submit_message", body, headers)).status == 201


async def test_a_required_signature_is_missed(strict: VoucherSender) -> None:
    """A call without a body, and a call by key, needs none."""
    body = a_message()
    refused(await strict.call("submit_message", body), "the digest is missing", "Digest")
    headers = strict.headers(digest=digest_of(json.dumps(body).encode()))
    reply = await strict.call("submit_message", body, headers)
    refused(reply, "the signature is missing", "Agid-JWT-Signature")

    assert (await strict.call("read_limits", b"")).status == 200
    assert (await strict.stack.call("submit_message", body)).status == 201


DIGESTS = {
    "of another body": (digest_of(b"{}"), "is not that of the body"),
    "of a weak kind": ("MD5=XrY7u+Ae7tCTyyK7j1rNww==", "has no SHA-256"),
    "no base64": ("SHA-256=!", "is no base64 text"),
    "an accent": ("SHA-256=é", "is no base64 text"),
    "one right, one wrong": (
        f"SHA-256={digest_of(json.dumps(a_message()).encode())[8:]},SHA-512=AAAA",
        "is not that of the body",
    ),
}


@pytest.mark.parametrize("case", DIGESTS)
async def test_a_wrong_digest_is_refused(sender: VoucherSender, case: str) -> None:
    """Also without a signature, and where it is not required."""
    digest, reason = DIGESTS[case]
    reply = await sender.call("submit_message", a_message(), sender.headers(digest=digest))

    refused(reply, f"the digest {reason}", "Digest")


SIGNATURES: dict[str, tuple[dict[str, Any], str]] = {
    "another digest": (
        {"signed_headers": [{"digest": digest_of(b"{}")}]},
        "is for other headers than those of the request",
    ),
    "a header that was not sent": (
        {"signed_headers": [{"x-other": "1"}]},
        "is for other headers than those of the request",
    ),
    "without the digest": (
        {"signed_headers": [{"content-type": "application/json"}]},
        "does not sign the digest",
    ),
    "nothing": ({"signed_headers": []}, "has no signed_headers"),
    "texts": ({"signed_headers": ["digest"]}, "has signed_headers that are no objects"),
    "another audience": ({"aud": "https://other.example"}, "is for another audience"),
    "another client": ({"iss": ANOTHER_CLIENT}, "is of another client"),
    "for another": ({"sub": ANOTHER_CLIENT}, "is of another client"),
    "old": ({"iat": 0, "exp": 60}, "has expired"),
    "long": ({"iat": 0}, "lives too long"),
}


@pytest.mark.parametrize("case", SIGNATURES)
async def test_a_wrong_signature_is_refused(sender: VoucherSender, case: str) -> None:
    """The signature is of the linked client, for this e-service, and for these headers."""
    claims, reason = SIGNATURES[case]
    body = a_message()

    reply = await sender.call("submit_message", body, sender.signed(body, **claims))

    refused(reply, f"the signature {reason}", "Agid-JWT-Signature")


async def test_a_signature_needs_a_digest(sender: VoucherSender) -> None:
    """Without the digest nothing binds the body."""
    headers = sender.signed(a_message())
    del headers["digest"]

    refused(await sender.call("submit_message", a_message(), headers),
            "the digest is missing", "Digest")  # fmt: skip


def _by(key: Any, algorithm: str, token: str, key_id: str = "own") -> str:
    """Return the claims of the token, signed with another key."""
    claims = jwt.decode(token, options={"verify_signature": False})
    return jwt.encode(claims, key, algorithm, headers={"kid": key_id, "typ": "JWT"})


async def test_keys_are_those_of_the_client(sender: VoucherSender) -> None:
    """A key counts if it is registered with the link, or with the authority."""
    own = rsa.generate_private_key(65537, 2048)
    shown = jwt.algorithms.RSAAlgorithm.to_jwk(own.public_key(), as_dict=True)
    registered = {**{name: shown[name] for name in ("kty", "n", "e")}, "kid": "own"}
    body = a_message()
    voucher = await sender.link(keys=(registered,))
    for linked, status in ((voucher, 201), (sender.voucher(), 401)):
        headers = sender.signed(body, linked)
        headers["agid-jwt-signature"] = _by(own, "RS256", headers["agid-jwt-signature"])
        assert (await sender.call("submit_message", body, headers)).status == status
    headers = sender.signed(body, voucher)
    headers["agid-jwt-signature"] = _by(
        ec.generate_private_key(ec.SECP256R1()),
        "ES256",
        headers["agid-jwt-signature"],
        sender.client.jwk["kid"],
    )
    refused(await sender.call("submit_message", body, headers),
            "the signature has a wrong signature", "Agid-JWT-Signature")  # fmt: skip


async def test_a_repeated_digest_costs_one_hash(
    sender: VoucherSender, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A header of a few thousand characters must not hash the body a hundred times."""
    hashed = []

    def counted(body: bytes) -> Any:
        hashed.append(len(body))
        return hashlib.sha256(body)

    monkeypatch.setattr(integrity, "HASHES", {"sha-256": counted})
    body = a_message()
    digest = ",".join([digest_of(json.dumps(body).encode())] * 100)

    assert (await sender.call("submit_message", body, sender.headers(digest=digest))).status == 201
    assert len(hashed) == 1
