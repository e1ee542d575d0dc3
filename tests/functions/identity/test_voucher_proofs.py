"""A voucher that is bound to a key needs a proof of the key with each call (DPoP, RFC 9449)."""

from contextlib import nullcontext
from datetime import timedelta
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from functions.http.callers.vouchers import holder_of_voucher
from lib.domain.identity.errors import InvalidVoucherError
from lib.domain.identity.vouchers.proof import thumbprint
from tests.builders.messages import a_message
from tests.builders.vouchers import URL, VoucherSender
from tests.stack import Reply, Stack


@pytest.fixture
def sender(stack: Stack) -> VoucherSender:
    """Give the sandbox's client."""
    return VoucherSender(stack)


async def submit(sender: VoucherSender, headers: dict[str, str]) -> Reply:
    """Submit a message with these headers."""
    return await sender.call("submit_message", a_message(), headers)


async def test_a_proof_serves_for_one_call(stack: Stack, sender: VoucherSender) -> None:
    """The same proof again is refused as long as it could serve; then it is too old."""
    headers = sender.proven(sender.bound_voucher())

    assert (await submit(sender, headers)).status == 201
    again = await submit(sender, headers)
    assert (again.status, "was used before" in again.body["detail"]) == (401, True)
    assert again.headers["WWW-Authenticate"].startswith('DPoP error="invalid_dpop_proof"')
    assert 'algs="ES256' in again.headers["WWW-Authenticate"]
    assert again.body["errors"][0]["pointer"] == "#/headers/DPoP"
    stack.clock.advance(timedelta(seconds=61))
    assert "is too old" in (await submit(sender, headers)).body["detail"]


CLAIMS: dict[str, tuple[dict[str, Any], str]] = {
    "another method": ({"htm": "GET"}, "is for another method (htm)"),
    "small letters": ({"htm": "post"}, "is for another method (htm)"),
    "another path": ({"htu": f"{URL}/x"}, "is for another address (htu)"),
    "another host": ({"htu": "https://evil.example/api/v1/messages"}, "is for another address"),
    "no address": ({"htu": "/api/v1/messages"}, "is for another address (htu)"),
    "a broken address": ({"htu": "http://[::1/api/v1/messages"}, "is for another address (htu)"),
    "a number": ({"htu": 7}, "is for another address (htu)"),
    "another voucher": ({"ath": "x"}, "is for another voucher (ath)"),
    "a hash with an accent": ({"ath": "é"}, "is for another voucher (ath)"),
    "half a surrogate pair": ({"ath": "\ud800"}, "is for another voucher (ath)"),
    "old": ({"iat": 0}, "is too old, or of a time to come (iat)"),
    "no time": ({"iat": "now"}, "has an iat that is no time"),
    "an empty id": ({"jti": ""}, "has no jti"),
    "a long id": ({"jti": "x" * 300}, "has no jti"),
}


async def test_a_malformed_host_is_no_fault(stack: Stack, sender: VoucherSender) -> None:
    """A bearer voucher needs no address of the call; a proof names no address that is none."""
    url = "http://[::1/api/v1/messages"
    bearer = {"authorization": f"Bearer {sender.voucher()}"}
    found = await holder_of_voucher(stack.app, bearer, "POST", url, None)
    assert found.holder.subscription.id
    bound = sender.proven(sender.bound_voucher(), htu=url)
    named = {name.lower(): value for name, value in bound.items()}
    with pytest.raises(InvalidVoucherError, match="another address"):
        await holder_of_voucher(stack.app, named, "POST", url, None)


@pytest.mark.parametrize("case", CLAIMS)
async def test_a_wrong_claim_is_refused(sender: VoucherSender, case: str) -> None:
    """The proof names method, address, voucher and time of the call."""
    claims, reason = CLAIMS[case]

    reply = await submit(sender, sender.proven(sender.bound_voucher(), **claims))

    assert reply.status == 401
    assert f"the proof of possession {reason}" in reply.body["detail"]


async def test_an_id_may_be_any_text_and_serves_once(sender: VoucherSender) -> None:
    """Also half of a surrogate pair, which JSON can escape and UTF-8 cannot express."""
    voucher = sender.bound_voucher()

    first = await submit(sender, sender.proven(voucher, jti="\ud800"))
    second = await submit(sender, sender.proven(voucher, jti="\ud800", htu=f"{URL}?again"))

    assert (first.status, second.status) == (201, 401)
    assert "was used before" in second.body["detail"]


async def test_a_proof_of_a_time_to_come_is_refused(stack: Stack, sender: VoucherSender) -> None:
    """A minute is allowed, since clocks differ."""
    voucher = sender.bound_voucher()
    now = int(stack.clock.now().timestamp())
    assert (await submit(sender, sender.proven(voucher, iat=now + 60))).status == 201
    assert (await submit(sender, sender.proven(voucher, iat=now + 62))).status == 401


@pytest.mark.parametrize(
    "address",
    [
        URL,
        "HTTP://127.0.0.1:7071/api/v1/messages",
        f"{URL}?a=b#c",
        "http://127.0.0.1:7071/api/v1/%6Dessages",
        "http://localhost:9/api/v1/messages",
    ],
)
async def test_an_address_may_be_written_in_several_ways(
    sender: VoucherSender, address: str
) -> None:
    """The query does not count; the sandbox takes any address of this machine."""
    reply = await submit(sender, sender.proven(sender.bound_voucher(), htu=address))

    assert reply.status == 201


def _proof(sender: VoucherSender, voucher: str, key: Any, algorithm: str, **header: Any) -> str:
    """Return a proof with this key, and with members of its header changed."""
    whole = sender.client.proof("POST", URL, sender.stack.clock.now(), voucher)
    claims = jwt.decode(whole, options={"verify_signature": False})
    known = {"typ": "dpop+jwt", "jwk": jwt.get_unverified_header(whole)["jwk"]}
    return jwt.encode(claims, key, algorithm, headers={**known, **header})


HEADERS: dict[str, tuple[dict[str, Any], str]] = {
    "another type": ({"typ": "JWT"}, "is of another type"),
    "no key": ({"jwk": None}, "has no public key in its header"),
    "a private key": ({"jwk": {"kty": "EC", "d": "x"}}, "has no public key in its header"),
    "a shared key": ({"jwk": {"kty": "oct", "k": "x"}}, "has no public key in its header"),
    "half a key": ({"jwk": {"kty": "EC", "crv": "P-256"}}, "has no public key in its header"),
    "an unknown extension": ({"crit": ["x"]}, "is malformed"),
}


@pytest.mark.parametrize("case", HEADERS)
async def test_a_wrong_header_is_refused(sender: VoucherSender, case: str) -> None:
    """The key of the proof is in its header, and is public."""
    header, reason = HEADERS[case]
    voucher = sender.bound_voucher()
    proof = _proof(sender, voucher, sender.client.key, "ES256", **header)

    reply = await submit(sender, sender.headers(voucher, scheme="DPoP", dpop=proof))

    assert reply.body["detail"] == f"Access denied: the proof of possession {reason}."


async def test_a_proof_of_another_key_is_refused(sender: VoucherSender) -> None:
    """The voucher names the key by its thumbprint, and the key must have signed."""
    voucher, other = sender.bound_voucher(), ec.generate_private_key(ec.SECP256R1())
    shown = jwt.algorithms.ECAlgorithm.to_jwk(other.public_key(), as_dict=True)
    for proof, reason in (
        (_proof(sender, voucher, other, "ES256", jwk=shown), "is of another key"),
        (_proof(sender, voucher, other, "ES256"), "has a wrong signature"),
    ):
        reply = await submit(sender, sender.headers(voucher, scheme="DPoP", dpop=proof))
        assert (reply.status, reason in reply.body["detail"]) == (401, True)


@pytest.mark.parametrize(("bits", "status"), [(2048, 201), (1024, 401)])
async def test_a_key_of_rsa_has_a_length(sender: VoucherSender, bits: int, status: int) -> None:
    """2048 to 4096 bits; a shorter key can be broken."""
    key = rsa.generate_private_key(65537, bits)
    shown = jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key(), as_dict=True)
    shown = {name: shown[name] for name in ("kty", "n", "e")}
    voucher = sender.voucher(bound_to=thumbprint(shown))
    with pytest.warns(jwt.InsecureKeyLengthWarning) if bits < 2048 else nullcontext():
        proof = _proof(sender, voucher, key, "PS256", jwk=shown)

    reply = await submit(sender, sender.headers(voucher, scheme="DPoP", dpop=proof))

    assert reply.status == status, reply


async def test_scheme_and_binding_go_together(sender: VoucherSender) -> None:
    """A bound voucher is not taken as Bearer, nor another one as DPoP, nor without a proof."""
    bound, free = sender.bound_voucher(), sender.voucher()
    for voucher, scheme, reason in (
        (bound, "Bearer", "the voucher is bound to a key: send it as DPoP, with a proof"),
        (free, "DPoP", "the voucher is bound to no key: send it as Bearer"),
        (bound, "DPoP", "the proof of possession is missing"),
    ):
        reply = await submit(sender, sender.headers(voucher, scheme=scheme))
        assert reply.body["detail"] == f"Access denied: {reason}."
