"""What a client signs beside its voucher is verified: the body, headers, and who acts."""

import hashlib
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from infra.local.sandbox.seed import CITIZEN, LIMITED_KEY, SERVICE_ID
from infra.local.sandbox.voucher_client import digest_of
from lib.domain.services.service import Group
from lib.domain.shared.identifiers import EvidenceId
from lib.ports.schema import TRACKING_EVIDENCE
from tests.builders.messages import a_message
from tests.builders.services import with_groups
from tests.builders.settings import settings_for
from tests.builders.vouchers import CLIENT_ID, OTHER_PURPOSE, PURPOSE_ID, VoucherSender
from tests.stack import Reply, Stack
from tests.stored import stored_text

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


@pytest.mark.parametrize("bound", [True, False])
async def test_evidence_is_kept_with_the_message(
    stack: Stack, sender: VoucherSender, *, bound: bool
) -> None:
    """The sender reads it again; in the store it is encrypted."""
    headers = sender.with_evidence(bound=bound)
    sent = await sender.call("submit_message", a_message(), headers)
    assert sent.status == 201
    path = {"fiscal_code": CITIZEN, "id": sent.body["id"]}
    prefer = {"prefer": "include=evidence"}
    id_ = (await stack.call("read_sent_message", path=path, headers=prefer)).body["evidence_id"]
    assert "evidence_id" not in (await stack.call("read_sent_message", path=path)).body

    kept = await sender.call("read_evidence", b"", path={"evidence_id": id_})

    assert kept.status == 200
    assert kept.body["evidence"] == headers["agid-jwt-trackingevidence"]
    assert kept.body["operation"] == "submit_message"
    assert (kept.body["client_id"], kept.body["purpose_id"]) == (CLIENT_ID, PURPOSE_ID)
    assert kept.headers["Cache-Control"] == "no-store"
    assert kept.body["sha256"] == hashlib.sha256(kept.body["evidence"].encode()).hexdigest()
    stored = await stored_text(stack, TRACKING_EVIDENCE, SERVICE_ID, id_)
    assert kept.body["evidence"].split(".")[1] not in stored


async def test_evidence_is_for_the_one_who_sent_it(stack: Stack, sender: VoucherSender) -> None:
    """Neither another service nor an intermediary of the same service finds it."""
    sent = await sender.call("submit_message", a_message(), sender.with_evidence())
    path = {"fiscal_code": CITIZEN, "id": sent.body["id"]}
    answer = await stack.call(
        "read_sent_message", path=path, headers={"prefer": "include=evidence"}
    )
    id_ = EvidenceId(answer.body["evidence_id"])
    between = await with_groups(stack, Group.MESSAGE_READ, service_id=SERVICE_ID, intermediary="i")
    for key in (LIMITED_KEY, between):
        reply = await stack.call("read_evidence", b"", path={"evidence_id": id_}, key=key)
        assert reply.status == 404
    reply = await stack.call(
        "read_evidence", b"", path={"evidence_id": "01HQRZ6T6G2P1NB3QF0J9S2K4V"}
    )
    assert reply.status == 404


EVIDENCE: dict[str, tuple[dict[str, Any], str]] = {
    "another purpose": ({"purposeId": OTHER_PURPOSE}, "is for another purpose"),
    "another client": ({"iss": ANOTHER_CLIENT}, "is of another client"),
    "another audience": ({"aud": "https://other.example"}, "is for another audience"),
    "a person that is no text": ({"userID": 7}, "has no userID"),
    "a long place": ({"userLocation": "x" * 513}, "has no userLocation"),
    "no id": ({"jti": ""}, "has no jti"),
    "old": ({"iat": 0, "exp": 60}, "has expired"),
}


@pytest.mark.parametrize("case", EVIDENCE)
async def test_wrong_evidence_is_refused(sender: VoucherSender, case: str) -> None:
    """It is of the linked client, for the voucher's purpose."""
    claims, reason = EVIDENCE[case]
    headers = sender.with_evidence(**claims)

    reply = await sender.call("submit_message", a_message(), headers)

    refused(reply, f"the evidence {reason}", "Agid-JWT-TrackingEvidence")


async def test_a_voucher_with_a_digest_needs_its_evidence(sender: VoucherSender) -> None:
    """Missing and other evidence is refused (AUDIT_REST_02)."""
    headers = sender.with_evidence(bound=True)
    other = sender.client.evidence(sender.stack.clock.now() + timedelta(seconds=1))
    missing = {name: value for name, value in headers.items() if name == "authorization"}
    for given, reason in (
        (missing, "is missing, and the voucher has its digest"),
        ({**headers, "agid-jwt-trackingevidence": other}, "is not that of the voucher's digest"),
    ):
        reply = await sender.call("submit_message", a_message(), given)
        refused(reply, f"the evidence {reason}", "Agid-JWT-TrackingEvidence")
