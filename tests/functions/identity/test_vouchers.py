"""A voucher of PDND stands for the key of the service to which its client is linked."""

from datetime import timedelta
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from infra.local.sandbox.seed import (
    CITIZEN,
    LIMITED_SERVICE_ID,
    OPERATOR_KEY,
    PAYMENTS_SERVICE_ID,
    SENDER_KEY,
    SERVICE_ID,
)
from lib.domain.messages.message import Message
from lib.domain.shared.identifiers import MessageId
from tests.builders.messages import a_message
from tests.builders.services import with_service
from tests.builders.vouchers import CLIENT_ID, OTHER_PURPOSE, PURPOSE_ID, VoucherSender
from tests.doubles.telemetry import Kept
from tests.stack import Reply, Stack


@pytest.fixture
def sender(stack: Stack) -> VoucherSender:
    """Give the sandbox's client."""
    return VoucherSender(stack)


async def sent(stack: Stack, reply: Reply) -> Message:
    """Return the message that the reply accepts."""
    assert reply.status == 201, reply
    return await stack.app.repositories.messages.get(CITIZEN, MessageId(reply.body["id"]))


async def test_a_message_by_voucher_is_one_by_key(stack: Stack, sender: VoucherSender) -> None:
    """Service, account and the limit of calls are those of the service's own subscription."""
    by_voucher = await sender.call("submit_message", a_message())
    by_key = await stack.call("submit_message", a_message())
    messages = [await sent(stack, one) for one in (by_voucher, by_key)]

    one, other = (
        (m.sender, m.sender_user_id, m.intermediary, m.content, m.feature_level) for m in messages
    )
    assert one == other
    assert by_voucher.headers["RateLimit-Limit"] == by_key.headers["RateLimit-Limit"]
    left = [int(one.headers["RateLimit-Remaining"]) for one in (by_voucher, by_key)]
    assert left[1] == left[0] - 1
    path = {"fiscal_code": CITIZEN, "id": by_key.body["id"]}
    assert (await sender.call("read_sent_message", path=path)).status == 200


async def test_a_voucher_may_what_its_service_may(stack: Stack, sender: VoucherSender) -> None:
    """Groups, recipients and networks are those of the linked service."""
    limited = sender.headers(await sender.link(LIMITED_SERVICE_ID))
    other = a_message(fiscal_code="RSSMRA80A01H501U")
    assert (await sender.call("submit_message", a_message(), limited)).status == 201
    assert (await sender.call("submit_message", other, limited)).status == 403
    await with_service(stack, SERVICE_ID, authorized_cidrs=["203.0.113.0/24"])

    assert (await sender.call("submit_message", a_message())).status == 403


async def test_a_voucher_is_no_manage_key(sender: VoucherSender) -> None:
    """Neither does it operate the installation, nor report payments without the group."""
    assert (await sender.call("list_services")).status == 403
    assert (
        await sender.call("list_dead_letters", path={"queue": "message-submitted"})
    ).status == 403
    headers = sender.headers(await sender.link(PAYMENTS_SERVICE_ID))
    assert (await sender.call("submit_message", a_message(), headers)).status == 403


async def test_a_key_counts_before_a_voucher(stack: Stack, sender: VoucherSender) -> None:
    """A client of IO may send an Authorization header that is none of ours."""
    for key, status in ((SENDER_KEY, 201), ("nobody's", 401), (OPERATOR_KEY, 403)):
        for authorization in ("Basic abc", f"Bearer {sender.voucher()}"):
            headers = {"authorization": authorization}
            reply = await stack.call("submit_message", a_message(), key=key, headers=headers)
            assert reply.status == status, (key, authorization)


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "another issuer": ({"iss": "https://other.example"}, "is from another issuer"),
    "another e-service": ({"aud": "https://other.example"}, "is for another audience"),
    "no audience": ({"aud": None}, "has no aud"),
    "two clients": ({"sub": "5a4d0000-c11e-4000-8000-000000000009"}, "names two clients"),
    "an unknown client": (
        {"sub": OTHER_PURPOSE, "client_id": OTHER_PURPOSE},
        "is of a client that acts for no service with this purpose",
    ),
    "no client": ({"sub": "x", "client_id": "x"}, "has no client_id in the form of a UUID"),
    "another purpose": (
        {"purposeId": OTHER_PURPOSE},
        "is of a client that acts for no service with this purpose",
    ),
    "no purpose": ({"purposeId": None}, "has no purposeId in the form of a UUID"),
    "a path as the purpose": (
        {"purposeId": "../../x"},
        "has no purposeId in the form of a UUID",
    ),
    "no jti": ({"jti": ""}, "has no jti"),
    "exp is a text": ({"exp": "tomorrow"}, "has an exp that is no time"),
    "iat is a truth": ({"iat": True}, "has an iat that is no time"),
    "bound in another way": ({"cnf": {"x5t": "x"}}, "is bound to a key in an unknown way"),
    "a digest of another kind": (
        {"digest": {"alg": "MD5", "value": "0" * 64}},
        "has a digest that is not of SHA256",
    ),
    "a digest that is none": ({"digest": "x"}, "has a digest that is no object"),
}


@pytest.mark.parametrize("case", REFUSED)
async def test_a_wrong_claim_is_refused(sender: VoucherSender, case: str) -> None:
    """The refusal names the reason, the header, and nothing of the voucher."""
    claims, reason = REFUSED[case]
    voucher = sender.voucher(**claims)

    reply = await sender.call("submit_message", a_message(), sender.headers(voucher))

    assert reply.status == 401
    assert reply.body["detail"] == f"Access denied: the voucher {reason}."
    assert reply.body["errors"] == [
        {
            "pointer": "#/headers/Authorization",
            "code": "INVALID",
            "detail": f"the voucher {reason}",
        }
    ]
    assert reply.headers["WWW-Authenticate"].startswith('Bearer error="invalid_token"')
    assert CLIENT_ID not in str(reply)


@pytest.mark.parametrize(
    ("shift", "reason"),
    [
        (timedelta(minutes=-11), "has expired"),
        (timedelta(minutes=1), "is not valid yet"),
        (timedelta(minutes=-10), None),
        (timedelta(seconds=20), None),
    ],
)
async def test_a_voucher_has_its_time(
    stack: Stack, sender: VoucherSender, shift: timedelta, reason: str | None
) -> None:
    """Half a minute is allowed, since clocks differ."""
    voucher = sender.authority.issue(stack.clock.now() + shift)

    reply = await sender.call("submit_message", a_message(), sender.headers(voucher))

    if reason is None:
        assert reply.status == 201
    else:
        assert (reply.status, reason in reply.body["detail"]) == (401, True)


async def test_a_known_voucher_ends_all_the_same(stack: Stack, sender: VoucherSender) -> None:
    """It is remembered, and refused after its end; a life of more than a day is refused at once."""
    headers = sender.headers()
    assert (await sender.call("submit_message", a_message(), headers)).status == 201
    stack.clock.advance(timedelta(minutes=11))
    assert (await sender.call("submit_message", a_message(), headers)).status == 401
    long = sender.voucher(exp=int(stack.clock.now().timestamp()) + 90_000)
    reply = await sender.call("submit_message", a_message(), sender.headers(long))
    assert "lives too long" in reply.body["detail"]


async def _raw(sender: VoucherSender, **header: Any) -> str:
    """Return a voucher that is signed with these members of the header."""
    claims = jwt.decode(sender.voucher(), options={"verify_signature": False})
    known = {"kid": sender.authority.jwk["kid"], "typ": "at+jwt"}
    key = header.pop("key", sender.authority.key)
    algorithm = header.pop("algorithm", "ES256")
    whole = {name: value for name, value in {**known, **header}.items() if value is not None}
    return jwt.encode(claims, key, algorithm, headers=whole)


FORMS: dict[str, tuple[dict[str, Any], str]] = {
    "an id token": ({"typ": "JWT"}, "is of another type"),
    "a proof": ({"typ": "dpop+jwt"}, "is of another type"),
    "an unknown extension": ({"crit": ["x"]}, "is malformed"),
    "an unknown key": ({"kid": "x"}, "has a key that the authority does not have"),
    "no kid": ({"kid": None}, "has no kid"),
    "another's signature": (
        {"key": ec.generate_private_key(ec.SECP256R1())},
        "has a wrong signature",
    ),
    "another algorithm": (
        {"key": rsa.generate_private_key(65537, 2048), "algorithm": "RS256"},
        "has an algorithm that is not allowed",
    ),
    "a shared secret": (
        {"key": "s" * 32, "algorithm": "HS256"},
        "has an algorithm that is not allowed",
    ),
    "no signature": ({"key": None, "algorithm": "none"}, "is malformed"),
}


@pytest.mark.parametrize("case", FORMS)
async def test_a_wrong_form_is_refused(sender: VoucherSender, case: str) -> None:
    """A voucher has the type at+jwt, and the signature of the authority."""
    header, reason = FORMS[case]
    voucher = await _raw(sender, **header)

    reply = await sender.call("submit_message", a_message(), sender.headers(voucher))

    assert (reply.status, reply.body["detail"]) == (401, f"Access denied: the voucher {reason}.")


@pytest.mark.parametrize(
    ("authorization", "reason"),
    [
        ("Bearer", "is missing"),
        ("Bearer ", "is missing"),
        ("Basic abc", "is missing"),
        ("Bearer a.b", "is malformed"),
        ("Bearer a.b.c", "is malformed"),
        ("Bearer é.b.c", "is malformed"),
        ("Bearer " + "a" * 6144 + ".b.c", "is too long"),
    ],
)
async def test_another_authorization_is_refused(
    sender: VoucherSender, authorization: str, reason: str
) -> None:
    """Without a key, the Authorization header must have a voucher."""
    headers = {"authorization": authorization}
    reply = await sender.call("submit_message", a_message(), headers)

    assert (reply.status, reason in reply.body["detail"]) == (401, True)


async def test_nothing_of_a_voucher_is_logged(
    stack: Stack, sender: VoucherSender, kept: Kept
) -> None:
    """Neither a voucher that serves nor a refused one leaves a trace of its text."""
    vouchers = sender.voucher(), sender.voucher(purpose_id=OTHER_PURPOSE)
    for voucher in vouchers:
        await sender.call("submit_message", a_message(), sender.headers(voucher))
    printed = "".join(span.to_json() for span in kept.spans) + repr(kept.logs)

    for voucher in vouchers:
        assert voucher not in printed
    assert PURPOSE_ID not in printed
